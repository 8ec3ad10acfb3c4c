"""For the bureau: what ideas cost, before people vote on how to spend a budget."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import current_account
from core import clock
from core.exceptions import Absent, SignInNeeded
from core.form_pages import form_page
from ideas.access import access_contest_of_bureau
from ideas.actions.votes import set_costs
from ideas.ballots import has_begun, vote_of
from ideas.forms.votes import CostsForm
from ideas.models import Idea
from participation.views.shared import about, sign_in

PAGE_SIZE = 50


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def costs(request: HttpRequest, public_id: str) -> HttpResponse:
    """Fifty public ideas with a field for the cost of each; read only once the vote has opened."""
    account = current_account(request)
    try:
        engagement = access_contest_of_bureau(public_id, account)
    except SignInNeeded:
        return sign_in(request, request.path)
    vote = vote_of(engagement)
    if vote is None or not vote.way.needs_cost:
        raise Absent
    rows = (
        Idea.objects.public()
        .filter(engagement=engagement)
        .select_related("contribution", "cost")
        .newest()
    )
    asked = request.GET.get("page", "")
    page = Paginator(rows, PAGE_SIZE).get_page(asked if asked.isascii() else 1)

    def act(form: CostsForm) -> HttpResponse:
        set_costs(engagement=engagement, costs=form.costs(), by=account)
        path = reverse("ideas:costs", args=[engagement.public_id])
        return HttpResponseRedirect(f"{path}?page={page.number}&saved=1")

    return form_page(
        request,
        "ideas/voting/costs.html",
        CostsForm,
        act=act,
        form_id="costs",
        ideas=list(page.object_list),
        context={
            **about(engagement),
            "vote": vote,
            "page": page,
            "fixed": has_begun(engagement, clock.now()),
            "saved": "saved" in request.GET,
        },
    )
