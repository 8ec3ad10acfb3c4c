"""An own statement: similar ones first, then sign-in last, then the queue."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import current_account, current_person
from consultations.actions.statements import (
    clean_statement,
    propose_statement,
    similar_statements,
)
from consultations.forms.statements import StatementForm, SubmitForm
from consultations.models import Statement
from consultations.views.statements import about
from core import clock, limits
from core.exceptions import Absent
from core.form_pages import form_page
from participation import held
from participation.access import access_engagement
from participation.actions.pending import complete_act, held_act, hold_act
from participation.models import Engagement, Receipt
from participation.policies import can_propose_statement
from participation.views.shared import cannot, language, sign_in

TEMPLATE = "consultations/statements/propose.html"


def _to_receipt(receipt: Receipt) -> HttpResponse:
    return HttpResponseRedirect(reverse("participation:receipt", args=[receipt.code]))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write first; similar statements are shown once, to answer instead; then it is submitted."""
    engagement = access_engagement(public_id)
    account, person = current_account(request), current_person(request)
    verdict = can_propose_statement(engagement=engagement, person=person, now=clock.now())
    if request.method != "POST" and not verdict.allowed and not verdict.would_help:
        return cannot(request, engagement, verdict)
    context: dict[str, Any] = {**about(engagement), "signed_in": person is not None}

    def act(form: StatementForm) -> HttpResponse:
        typed = form.cleaned_data
        text = clean_statement(typed["text"])
        alike = similar_statements(engagement, text)
        if alike and request.POST.get("seen") != text:
            return _show_similar(request, context, form, text, alike)
        if person is None and (verdict.allowed or verdict.would_help):
            return _hold(request, engagement, text)
        receipt = propose_statement(
            engagement=engagement,
            person=person,
            account=account,
            text=text,
            language=language(),
            idempotency_key=typed["key"],
        )
        return _to_receipt(receipt)

    return form_page(
        request,
        TEMPLATE,
        StatementForm,
        act=act,
        form_id="propose",
        context=context,
        initial=_typed_before(request, engagement),
    )


def _show_similar(
    request: HttpRequest,
    context: dict[str, Any],
    form: StatementForm,
    text: str,
    alike: list[Statement],
) -> HttpResponse:
    """The form again with what was typed, and the statements that may say it already."""
    page = {
        **context,
        "form": form,
        "form_id": "propose",
        "switch_form": "propose",
        "seen": text,
        "similar": alike,
    }
    response = render(request, TEMPLATE, page)
    add_never_cache_headers(response)
    return response


def _hold(request: HttpRequest, engagement: Engagement, text: str) -> HttpResponse:
    act = hold_act(
        engagement=engagement,
        kind="statement",
        payload={"text": text},
        language=language(),
        source=limits.address(request),
        token=held.recall(request, engagement, "statement"),
    )
    held.remember(request, act)
    path = reverse("consultations:statement_check", args=[engagement.public_id])
    return HttpResponseRedirect(path)


def _typed_before(request: HttpRequest, engagement: Engagement) -> dict[str, Any]:
    """What this visit typed here and has not submitted."""
    try:
        act = held_act(held.recall(request, engagement, "statement"), kind="statement")
    except Absent:
        return {}
    return {} if act.contribution_id else {"text": act.payload.get("text", "")}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, public_id: str) -> HttpResponse:
    """Sign in last: the held statement once more, and the button that submits it."""
    engagement = access_engagement(public_id)
    account, person = current_account(request), current_person(request)
    token = held.recall(request, engagement, "statement")
    act_held = held_act(token, kind="statement")
    if act_held.contribution is not None:
        return _to_receipt(act_held.contribution.receipt)
    verdict = can_propose_statement(engagement=engagement, person=person, now=clock.now())
    if verdict.would_help:
        return sign_in(request, request.path)

    def act(_form: SubmitForm) -> HttpResponse:
        return _to_receipt(complete_act(token=token, person=person, account=account))

    return form_page(
        request,
        "consultations/statements/check.html",
        SubmitForm,
        act=act,
        form_id="check",
        context={**about(engagement), "held": act_held, "verdict": verdict},
    )
