"""The first outcome on the desk: written by one officer, approved by another."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.models import Account, Role
from accounts.policies import has_role
from consultations.access import access_paper
from consultations.actions.outcome import publish_outcome, return_outcome, send_outcome
from consultations.forms.desk import NoteForm, OutcomeForm, field_key
from core.exceptions import DomainError
from core.form_pages import form_page
from core.simplified import to_simplified
from core.texts import LANGUAGES
from participation.actions.outcomes import save_outcome, version_of
from participation.models import Outcome


@never_cache
def outcome(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write it in three languages; 'send' also sends it for approval."""
    account = cast(Account, request.user)
    engagement, _page = access_paper(public_id, account, write=True)
    row = Outcome.objects.filter(engagement=engagement).select_related("written_by").first()

    def act(form: OutcomeForm) -> HttpResponse:
        texts = form.texts()
        if not texts["zh-hans"].strip() and texts["zh-hant"].strip():
            texts["zh-hans"] = to_simplified(texts["zh-hant"])
        save_outcome(engagement=engagement, text=texts, by=account)
        if "send" not in request.POST:
            messages.success(request, _("The outcome is saved as a draft."))
            return redirect("kaifong_desk:outcome", public_id)
        send_outcome(engagement=engagement, by=account)
        messages.success(request, _("The outcome is sent for approval."))
        return redirect("kaifong_desk:outcome", public_id)

    return form_page(
        request,
        "consultations/desk/outcome.html",
        OutcomeForm,
        act=act,
        context={"engagement": engagement, "outcome": row},
        initial={
            f"text_{field_key(language)}": (row.text if row else {}).get(language, "")
            for language in LANGUAGES
        },
    )


@never_cache
def outcome_review(request: HttpRequest, public_id: str) -> HttpResponse:
    """What waits for approval, in each language, with Approve and Send back."""
    account = cast(Account, request.user)
    engagement, _page = access_paper(public_id, account)
    row = Outcome.objects.filter(engagement=engagement).select_related("written_by").first()
    waits = row is not None and row.submitted_at is not None and row.published_at is None

    def act(form: NoteForm) -> HttpResponse:
        return_outcome(engagement=engagement, note=form.cleaned_data["note"], by=account)
        messages.success(request, _("Sent back with your note."))
        return redirect("wagtailadmin_home")

    may_decide = (
        waits
        and row is not None
        and row.written_by_id != account.pk
        and has_role(account, Role.APPROVER, engagement.owner)
    )
    return form_page(
        request,
        "consultations/desk/outcome_review.html",
        NoteForm,
        act=act,
        context={
            "engagement": engagement,
            "outcome": row,
            "waits": waits,
            "may_decide": may_decide,
            "version": version_of(row) if row else "",
        },
        form_id="send-back",
    )


@never_cache
@require_POST
def outcome_approve(request: HttpRequest, public_id: str) -> HttpResponse:
    """Publish the outcome."""
    account = cast(Account, request.user)
    engagement, _page = access_paper(public_id, account)
    try:
        publish_outcome(engagement=engagement, by=account, version=request.POST.get("version", ""))
    except DomainError as refused:
        messages.error(request, str(refused))
        return redirect("kaifong_desk:outcome_review", public_id)
    messages.success(request, _("The outcome is published. Everybody who took part is told."))
    return redirect("kaifong_desk:steps", public_id)
