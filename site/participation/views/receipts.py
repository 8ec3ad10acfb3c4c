"""The receipt: thanks, where it stands, what happens next and when; and finding one by code."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_person
from accounts.models import Person
from core import clock, ids, limits, texts
from core.exceptions import Absent, Invalid
from core.form_pages import form_page
from participation import ballots, kinds, threads, timeline
from participation.access import access_receipt
from participation.actions.contributions import newest_text, newest_version
from participation.attachments.holders import holder_of
from participation.attachments.shown import all_files_of
from participation.comment_list import withholdings
from participation.forms import ReceiptForm
from participation.models import Engagement, Receipt, Vote, label_of
from participation.outcome_reading import considered
from participation.policies import (
    can_change_files,
    can_edit_contribution,
    can_withdraw_contribution,
    changes_until,
)
from participation.stages import days_late, outcome_of
from participation.views.shared import about, comment_path, language, page_of


@never_cache
@require_safe
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """Whoever holds the code reads where it stands; the text only its signed-in author.

    A vote receipt says how many statements were voted on, never how.
    """
    row = access_receipt(code)
    if row.code != code:
        # One address for each receipt, however it was typed.
        return HttpResponseRedirect(reverse("participation:receipt", args=[row.code]))
    person = current_person(request)
    engagement = row.engagement
    context = {
        **about(engagement),
        "receipt": row,
        "shown_code": ids.show_code(row.code),
        "own": person is not None and row.person_id == person.pk,
        **_share(engagement),
        "another": _another(engagement),
        **_became(row),
    }
    if row.contribution is None:
        votes = Vote.objects.filter(ballot__engagement=engagement, person=row.person_id).count()
        shown = ballots.receipt_part(request, row, context["own"])
        page = {**context, "votes": votes, **shown}
        return render(request, "participation/receipt_votes.html", page)
    return render(
        request, "participation/receipt.html", {**context, **_contribution(request, row, person)}
    )


def _contribution(request: HttpRequest, row: Receipt, person: Person | None) -> dict[str, Any]:
    contribution = row.contribution
    if contribution is None:
        return {}
    # The engagement is loaded already, with its owner and phases' dates.
    contribution.engagement = row.engagement
    now = clock.now()
    own = person is not None and contribution.person_id == person.pk
    comment = getattr(contribution, "comment", None)
    found: dict[str, Any] = {"contribution": contribution, "state": contribution.state}
    if comment is not None:
        comment.thread.engagement = row.engagement
        found["thread"] = threads.describe(comment.thread, language())
        if contribution.state == "published":
            found["public_path"] = comment_path(comment, alone=True)
    if contribution.state == "withheld":
        found["decision"] = withholdings([contribution.public_id], kind=contribution.kind).get(
            contribution.public_id
        )
    until = changes_until(contribution)
    if contribution.state not in {"withdrawn", "withheld"} and until != row.engagement.closes_at:
        found |= {"changes_until": until, "can_change_still": until is not None and now < until}
    part = kinds.receipt_part(request, contribution, own)
    holder = holder_of(contribution.kind, row.engagement)
    found |= part
    if own:
        found["said"] = "" if part else newest_text(contribution)
        if comment is not None:
            found["side"] = comment.side_at(newest_version(contribution))
            found["label"] = label_of(found["side"])
        found["can_edit"] = (
            contribution.kind == "comment"
            and can_edit_contribution(contribution=contribution, person=person, now=now).allowed
        )
        found["files"] = all_files_of([contribution]).get(contribution.pk, ())
        found["can_change_files"] = (
            holder is not None
            and can_change_files(
                contribution=contribution, person=person, now=now, verb=holder.verb
            ).allowed
        )
        found["can_withdraw"] = can_withdraw_contribution(
            contribution=contribution, person=person, now=now
        ).allowed
    return found


def _became(row: Receipt) -> dict[str, Any]:
    """What became of it: the public parts of the outcome that are about it, and why it is late."""
    engagement = row.engagement
    outcome = outcome_of(engagement)
    found: dict[str, Any] = {"outcome": None, "reason": None}
    if outcome is not None and (outcome.heard_at or outcome.published_at):
        views = considered(row, outcome, language())
        found |= {"outcome": outcome, "considered": views, "cited": any(one.cited for one in views)}
    if days_late(engagement, clock.now()):
        found |= {"reason": timeline.reason_for_delay(engagement), "late": True}
    return found


def _share(engagement: Engagement) -> dict[str, str]:
    """The public page's full address, never the receipt's."""
    address = f"{settings.SITE_URL.rstrip('/')}{page_of(engagement)}"
    title = texts.pick(engagement.title, language()).text
    return {"share_address": address, "share_text": f"{title} {address}"}


def _another(engagement: Engagement) -> dict[str, Any] | None:
    """One more open matter: the one that closes next."""
    now = clock.now()
    row = (
        Engagement.objects.open_now(now)
        .exclude(pk=engagement.pk)
        .select_related("owner")
        .order_by("closes_at", "pk")
        .first()
    )
    if row is None:
        return None
    return {
        "title": texts.pick(row.title, language()),
        "bureau": row.owner.name,
        "path": page_of(row),
        "closes_at": row.closes_at,
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    """Find a receipt by the code on paper; wrong codes are counted against the address."""

    def act(form: ReceiptForm) -> HttpResponse:
        limits.spend("receipt_lookup", limits.address(request))
        try:
            row = access_receipt(form.cleaned_data["code"])
        except Absent:
            raise Invalid(
                _("There is no receipt with this code. Check each letter."),
                field="code",
                code="unknown",
            ) from None
        return HttpResponseRedirect(reverse("participation:receipt", args=[row.code]))

    return form_page(
        request, "participation/receipt_lookup.html", ReceiptForm, act=act, form_id="receipt"
    )
