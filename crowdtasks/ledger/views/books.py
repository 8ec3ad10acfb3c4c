"""The administrators' books: budgets, escrows, grants with four eyes, one entry by its key."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Account
from accounts.views.people import administrators
from core.exceptions import Invalid
from core.form_pages import form_page
from crowdtasks.ledger.access import access_proposal, find_entry
from crowdtasks.ledger.actions import agree, ask_grant, decline
from crowdtasks.ledger.forms import GrantForm
from crowdtasks.ledger.models import AccountKind, PointsAccount, Proposal
from crowdtasks.ledger.rules import grant_limit
from crowdtasks.ledger.views.corrections import say

MOST = 200


@administrators
@require_http_methods(["GET", "HEAD", "POST"])
def books(request: HttpRequest, by: Account) -> HttpResponse:
    """What budgets and open escrows hold, what waits for a second name, and the form to grant.

    ``?key=`` leads to the entry of that key or number.
    """

    def act(form: GrantForm) -> HttpResponse:
        data = form.cleaned_data
        done = ask_grant(
            bureau=data["bureau"],
            points=data["points"],
            by=by,
            reason=data["reason"],
            key=f"grant:{data['key']}",
        )
        say(request, done, _("The budget has the points."))
        return redirect("ledger:books")

    asked = request.GET.get("key", "").strip()
    if asked and (found := find_entry(asked, by=by)) is not None:
        return redirect("ledger:entry", public_id=found.public_id)
    held = PointsAccount.objects.holding()
    context = {
        "budgets": held.filter(kind=AccountKind.BUDGET)
        .select_related("bureau")
        .order_by("bureau__sort_order", "bureau__code"),
        "escrows": held.filter(kind=AccountKind.ESCROW)
        .select_related("engagement__owner")
        .order_by("-pk")[:MOST],
        "proposals": Proposal.objects.filter(verdict="")
        .select_related("bureau", "person", "target")
        .prefetch_related("person__accounts", "proposed_by__accounts")
        .order_by("pk")[:MOST],
        "own": by.person_id,
        "limit": grant_limit(),
        "asked": asked,
    }
    return form_page(
        request, "ledger/books.html", GrantForm, act=act, context=context, form_id="grant"
    )


@administrators
@require_POST
def decide(request: HttpRequest, by: Account, public_id: str) -> HttpResponse:
    """Agree to a proposal, or decline it; anything else changes nothing."""
    proposal = access_proposal(public_id, by=by)
    verdict = request.POST.get("verdict")
    if verdict not in {"agree", "decline"}:
        raise Invalid(_("Choose whether you agree or decline."), field="verdict")
    if verdict == "agree":
        agree(proposal=proposal, by=by)
        messages.success(request, _("Agreed. The points have moved."))
    else:
        decline(proposal=proposal, by=by)
        messages.success(request, _("Declined. Nothing has moved."))
    return redirect("ledger:books")
