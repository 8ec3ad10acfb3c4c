"""Whom a round invites: the plan, its faults, and opening the round to everybody instead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from accounts.models import Account
from core import audit, clock, limits
from core.disclosure import LEAST
from core.each import each
from core.exceptions import Closed, Invalid
from core.texts import LANGUAGES
from crowdtasks.panel import rules
from crowdtasks.panel.cells import By, cells_by, words_of
from crowdtasks.panel.facets import ASSISTIVE, DISTRICTS
from crowdtasks.panel.facets import LANGUAGES as SPOKEN
from crowdtasks.panel.models import Plan
from crowdtasks.panel.policies import can_be_opened, invites, refuse_planning, require_officer
from crowdtasks.panel.reading import Free, counts_of, free_volunteers, most_together
from crowdtasks.products.models import Round, WhoTries
from participation import live
from participation.models import PublicNotice

#: Why a round was opened to everybody, as the public reads it.
WHY = {
    "officer": gettext_noop(
        "Everyone may try this round from now on, without an invitation: the bureau has opened it."
    ),
    "too-few": gettext_noop(
        "Everyone may try this round from now on, without an invitation: there were too few "
        "volunteers to draw from."
    ),
    "no-draw": gettext_noop(
        "Everyone may try this round, without an invitation: it has opened, and nobody had been "
        "drawn."
    ),
}
NARROWING = {"districts": DISTRICTS, "languages": SPOKEN, "assistive": ASSISTIVE}


@transaction.atomic
def save_plan(
    *,
    round: Round,
    by: str,
    quota: Mapping[str, Any],
    total: int | None,
    narrowed: Mapping[str, list[str]],
    answer_days: int,
    account: Account,
) -> Plan:
    """Write whom to invite. Nobody is told anything yet, and it can be written anew until the draw.

    ``quota`` maps cells to whole numbers; None and '' are no quota. Raises Invalid (fields 'by',
    a cell's own name, 'total', 'answer_days', 'districts', 'languages', 'assistive'), Closed once
    nobody can be invited, Refused, TooMany.
    """
    limits.spend("desk_write", account.public_id)
    require_officer(account, round.engagement)
    now = clock.now()
    plan = lock_plan(round)
    refuse_planning(round, plan, now)
    if by not in By.values:
        raise Invalid(_("Choose what the quotas count."), field="by")
    if not rules.LEAST_ANSWER_DAYS <= answer_days <= rules.MOST_ANSWER_DAYS:
        raise Invalid(
            _("Give from %(least)d to %(most)d days to answer.")
            % {"least": rules.LEAST_ANSWER_DAYS, "most": rules.MOST_ANSWER_DAYS},
            field="answer_days",
        )
    chosen = {key: _chosen(narrowed.get(key, []), key) for key in NARROWING}
    wanted = clean_quota(quota, by, total)
    refuse_more_than_there_are(wanted, by, free_volunteers(chosen, now))
    row = plan or Plan(round=round)
    row.by, row.quota, row.answer_days = by, wanted, answer_days
    row.narrowed = {key: value for key, value in chosen.items() if value}
    row.saved_at = now
    row.save()
    audit.record(
        "panel.plan",
        actor=account,
        engagement_id=round.engagement.public_id,
        rows=[row],
    )
    return row


def lock_plan(round: Round) -> Plan | None:
    """The plan of a round, locked, with its round; None where nothing is planned."""
    # Whoever publishes or plans comes one after the other.
    Round.objects.select_for_update(no_key=True).get(pk=round.pk)
    plan: Plan | None = Plan.objects.select_for_update(of=("self",)).filter(round=round).first()
    if plan is not None:
        plan.round = round
    return plan


def _chosen(keys: list[str], field: str) -> list[str]:
    if set(keys) - set(NARROWING[field]):
        raise Invalid(_("Choose from the list."), field=field)
    return [key for key in NARROWING[field] if key in keys]


def clean_quota(quota: Mapping[str, Any], by: str, total: int | None) -> dict[str, int]:
    """The cells with a number, in their order. Raises Invalid."""
    strange = set(quota) - set(cells_by(by))
    if strange:
        raise Invalid(_("Choose what the quotas count."), field="by")
    found: dict[str, int] = {}
    for cell in cells_by(by):
        number = quota.get(cell)
        if number in (None, ""):
            continue
        if isinstance(number, bool) or not isinstance(number, int) or number < 1:
            raise Invalid(
                _("%(cell)s: write a whole number from 1, or leave it empty.")
                % {"cell": words_of(cell)},
                field=cell,
            )
        found[cell] = number
    if not found:
        raise Invalid(_("Say in at least one line how many to invite."), field="total")
    added = sum(found.values())
    if total is None or total != added:
        raise Invalid(
            _("The lines add up to %(sum)d, and the total says %(total)s.")
            % {"sum": added, "total": "–" if total is None else total},
            field="total",
        )
    if added > rules.MOST_INVITED:
        raise Invalid(
            _("A round invites %(most)d people at most.") % {"most": rules.MOST_INVITED},
            field="total",
        )
    return found


def refuse_more_than_there_are(quota: Mapping[str, int], by: str, free: list[Free]) -> None:
    """Raise Invalid for a quota that cannot be filled. Numbers below five are not told."""
    counts = counts_of(free, by)
    for cell, wanted in quota.items():
        if counts[cell] < LEAST:
            raise Invalid(
                _(
                    "%(cell)s: fewer than five volunteers can be invited, too few to draw from. "
                    "Leave it empty."
                )
                % {"cell": words_of(cell)},
                field=cell,
            )
        if wanted > counts[cell]:
            raise Invalid(
                _("%(cell)s: %(count)d volunteers can be invited now, and it says %(wanted)d.")
                % {"cell": words_of(cell), "count": counts[cell], "wanted": wanted},
                field=cell,
            )
    most = most_together(free, by, quota)
    if most < sum(quota.values()):
        raise Invalid(
            _(
                "Who uses several devices is counted with each. Together they fill %(most)d of "
                "%(wanted)d places: lower a number."
            )
            % {"most": most, "wanted": sum(quota.values())},
            field="total",
        )


@transaction.atomic
def open_to_all(*, round: Round, account: Account | None, why: str = "officer") -> Plan:
    """Let everybody try an invited round, and say so in public, in every language.

    Invitations stand: who accepted is expected as before. ``account`` is None for the schedule.
    Raises Closed where everybody may already and after the close, Refused, TooMany.
    """
    if account is not None:
        limits.spend("desk_step", account.public_id)
        require_officer(account, round.engagement)
    now = clock.now()
    plan = lock_plan(round)
    drawn = account is None and plan is not None and hasattr(plan, "draw")
    if drawn or not invites(round, plan):
        raise Closed(_("Everyone can try this round already."), code="open")
    if not can_be_opened(round, plan, now):
        raise Closed(_("The round has closed."), code="closed")
    row = plan or Plan(round=round, saved_at=now)
    row.opened_at, row.opened_why = now, why
    row.save()
    notice = PublicNotice.objects.create(
        engagement=round.engagement,
        kind="changed",
        text=_in_every_language(WHY[why]),
        data={"opened": why},
        at=now,
        by=account,
    )
    audit.record(
        "panel.open",
        actor=account or audit.SYSTEM,
        engagement_id=round.engagement.public_id,
        rows=[row, notice],
    )
    live.restaged(round.engagement)
    return row


def _in_every_language(sentence: str) -> dict[str, str]:
    found = {}
    for language in LANGUAGES:
        with override(language):
            found[language] = _(sentence)
    return found


def open_undrawn(*, limit: int = 50) -> int:
    """Open to everybody the rounds that have opened without a draw; returns how many.

    At once where there are too few volunteers to draw from, else after ``rules.UNDRAWN``.
    """
    now = clock.now()
    found = Round.objects.filter(
        who=WhoTries.INVITED,
        engagement__state="published",
        engagement__opens_at__lte=now,
        engagement__closes_at__gt=now,
        plan__draw__isnull=True,
        plan__opened_at__isnull=True,
    ).select_related("engagement__owner", "plan")
    return sum(each(found.order_by("pk")[:limit], lambda round: _open_undrawn(round, now)))


def _open_undrawn(round: Round, now: dt.datetime) -> bool:
    plan = getattr(round, "plan", None)
    opens_at = round.engagement.opens_at
    if len(free_volunteers(plan.narrowed if plan else {}, now)) < LEAST:
        why = "too-few"
    elif opens_at is not None and now >= opens_at + rules.UNDRAWN:
        why = "no-draw"
    else:
        return False
    try:
        open_to_all(round=round, account=None, why=why)
    except Closed:
        # An officer drew, or opened it, a moment before.
        return False
    return True
