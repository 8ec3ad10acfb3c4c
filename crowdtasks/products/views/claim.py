"""Claiming the reward of a try: with what the visit has kept, or with a code typed by hand."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import current_person
from core import limits
from core.form_pages import form_page
from crowdtasks.products.access import access_round, kept_award
from crowdtasks.products.actions.claiming import claim_reward
from crowdtasks.products.claim_codes import claim_until, code_of
from crowdtasks.products.forms.claiming import CodeForm
from crowdtasks.products.models import AwardState, Round
from participation.forms import ConfirmForm
from participation.views.shared import about, sign_in
from questionnaires import visit

METHODS = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(METHODS)
def of_round(request: HttpRequest, public_id: str) -> HttpResponse:
    """One button for the code this visit has kept; a field for one from elsewhere."""
    row = access_round(public_id)
    award = kept_award(row, visit.codes_sent(request))
    in_vain = award is not None and award.in_vain
    code = code_of(award) if award is not None and not in_vain else ""
    found = {
        "round": row,
        "in_vain": in_vain,
        "loose": award is not None and award.state == AwardState.LOOSE,
        "claim_until": claim_until(row.engagement),
    }
    return _claim(request, row, code, {**about(row.engagement), **found})


@never_cache
@require_http_methods(METHODS)
def by_code(request: HttpRequest) -> HttpResponse:
    """A code of any round, from paper or another machine."""
    return _claim(request, None, "", {})


def _claim(
    request: HttpRequest, row: Round | None, kept: str, context: dict[str, Any]
) -> HttpResponse:
    person = current_person(request)
    if person is None:
        return sign_in(request, request.path)
    typed = request.method == "POST" and "code" in request.POST
    form_class: Any = ConfirmForm if kept and not typed else CodeForm

    def act(form: Any) -> HttpResponse:
        claim_reward(
            code=form.cleaned_data.get("code") or kept,
            person=person,
            round=row,
            source=limits.address(request),
        )
        return HttpResponseRedirect(reverse("ledger:my_points"))

    return form_page(
        request,
        "products/claim.html",
        form_class,
        act=act,
        form_id="claim",
        context={**context, "kept": bool(kept) and not typed},
    )
