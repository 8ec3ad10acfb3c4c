"""Corrections by administrators: one person's points, one entry; what is above the limit waits."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import access_account, access_account_by_email
from accounts.forms import FindForm
from accounts.models import Account
from accounts.views.people import administrators
from core.exceptions import Absent, Invalid
from core.form_pages import form_page
from crowdtasks.ledger.access import access_entry
from crowdtasks.ledger.actions import ask_award, ask_deduct, ask_reversal
from crowdtasks.ledger.actions.proposals import CORRECTABLE
from crowdtasks.ledger.forms import CorrectionForm, ReversalForm
from crowdtasks.ledger.lines import about, title_of
from crowdtasks.ledger.models import Entry, EntryKind, Proposal
from crowdtasks.ledger.naming import name_of
from crowdtasks.ledger.reading import balance_of, statement
from crowdtasks.ledger.rules import limit_of_reversal, officer_limit, person_limit

_FORM = ["GET", "HEAD", "POST"]


def say(request: HttpRequest, done: Entry | Proposal, words: str) -> None:
    """What became of it: done, or waiting for a second administrator."""
    if isinstance(done, Proposal):
        messages.success(request, _("It waits until another administrator agrees."))
    else:
        messages.success(request, words)


@administrators
@require_http_methods(_FORM)
def find_person(request: HttpRequest, by: Account) -> HttpResponse:
    """Find whose points are to be corrected; the address is sent by POST and stands in no log."""

    def act(form: FindForm) -> HttpResponse:
        try:
            found = access_account_by_email(form.cleaned_data["email"], by=by)
        except Absent as absent:
            raise Invalid(absent.message, field="email") from None
        return redirect("ledger:person", public_id=found.public_id)

    return form_page(request, "ledger/find-person.html", FindForm, act=act, form_id="find")


@administrators
@require_http_methods(_FORM)
def person(request: HttpRequest, by: Account, public_id: str) -> HttpResponse:
    """What one person has, line by line, and adding or taking points by a correction."""
    account = access_account(public_id, by=by)

    def act(form: CorrectionForm) -> HttpResponse:
        data = form.cleaned_data
        named: dict[str, Any] = {
            "person": account.person,
            "points": data["points"],
            "by": by,
            "reason": data["reason"],
            "key": f"correction:{data['key']}",
        }
        if data["what"] == "award":
            say(request, ask_award(bureau=data["bureau"], **named), _("The points were added."))
        else:
            say(request, ask_deduct(**named), _("The points were taken."))
        return redirect("ledger:person", public_id=account.public_id)

    page = statement(account.person, request.GET.get("before", ""))
    context = {
        "account": account,
        "is_own": account.person_id == by.person_id,
        "balance": balance_of(account.person),
        "lines": [(line, title_of(line)) for line in page.lines],
        "older": page.older,
        "is_first": "before" not in request.GET,
        "limit": person_limit(),
        "limit_of_all": officer_limit(),
    }
    return form_page(
        request, "ledger/person.html", CorrectionForm, act=act, context=context, form_id="correct"
    )


@administrators
@require_http_methods(_FORM)
def entry(request: HttpRequest, by: Account, public_id: str) -> HttpResponse:
    """One entry: what it moved between which accounts, whose names it bears, and reversing it."""
    row = access_entry(public_id, by=by)

    def act(form: ReversalForm) -> HttpResponse:
        data = form.cleaned_data
        key = f"correction:{data['key']}"
        done = ask_reversal(entry=row, by=by, reason=data["reason"], key=key)
        say(request, done, _("The entry was reversed by another."))
        return redirect("ledger:entry", public_id=row.public_id)

    engagement = about(row)
    is_own = row.person_id is not None and row.person_id == by.person_id
    reversed_by = getattr(row, "reversed_by", None)
    waits = Proposal.objects.filter(target=row, verdict="").exists()
    is_reward = row.kind == EntryKind.EARN
    context = {
        "entry": row,
        "legs": row.legs.select_related(
            "account__bureau", "account__engagement", "account__person"
        ).order_by("amount", "pk"),
        "title": engagement.title if engagement is not None else name_of(row)[0],
        "account": row.person.accounts.order_by("pk").first() if row.person is not None else None,
        "names": [
            one.accounts.order_by("pk").first() for one in (row.by, row.second) if one is not None
        ],
        "reversed_by": reversed_by,
        "waits": waits,
        "is_own": is_own,
        "limit": person_limit() if is_reward else limit_of_reversal(row.kind),
        "may_reverse": row.kind in CORRECTABLE and reversed_by is None and not waits and not is_own,
    }
    return form_page(
        request, "ledger/entry.html", ReversalForm, act=act, context=context, form_id="reverse"
    )
