"""Closing a jury, writing the reasons, and the four eyes that publish them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account, Role
from accounts.policies import has_role
from core import audit, clock, limits
from core.exceptions import Conflict, Invalid, Refused
from core.text import clean_text
from core.texts import known_language
from ideas.actions.judging import criteria_of
from ideas.juries import barred_ideas, is_chair, judged_ideas, jury_closes
from ideas.models import Contest, JuryPlace, JuryResult, Mark
from ideas.scoring import DECIMALS, standings
from participation import live
from participation.actions.outcomes import lock_engagement
from participation.models import Engagement

REASON_LIMIT = 4000
NOTE_LIMIT = 500
#: Places whose reasons must be written before the result may be sent for approval.
REASONED = 3


def sheets_of(contest: Contest) -> dict[str, dict[str, dict[str, int]]]:
    """Juror -> idea -> criterion -> mark, of all who submitted and sit; ids as outside.

    Only ideas that are judged now, without those a juror has a conflict with, and only such as
    have a mark on each criterion.
    """
    criteria = {row.pk: row.block_id for row in criteria_of(contest)}
    ideas = dict(judged_ideas(contest.engagement).values_list("pk", "contribution__public_id"))
    found: dict[str, dict[str, dict[str, int]]] = {}
    jurors = contest.jurors.filter(ended_at=None, submitted_at__isnull=False)
    for juror in jurors.select_related("person"):
        barred = barred_ideas(juror)
        sheet: dict[str, dict[str, int]] = {}
        marks = Mark.objects.filter(judgement__juror=juror, criterion__in=criteria)
        for idea, criterion, value in marks.values_list(
            "judgement__idea_id", "criterion_id", "value"
        ):
            if idea in ideas and idea not in barred:
                sheet.setdefault(ideas[idea], {})[criteria[criterion]] = value
        found[juror.public_id] = {
            idea: marks for idea, marks in sheet.items() if len(marks) == len(criteria)
        }
    return found


@transaction.atomic
def close_jury(*, engagement: Engagement, by: Account) -> JuryResult:
    """Make the result, once: a second call gives the same one.

    Raises Refused for who is no officer of the owner, Conflict before all have submitted while
    the time runs, and where nobody submitted, TooMany.
    """
    limits.spend("desk_step", by.public_id)
    engagement = lock_engagement(engagement)
    if not is_chair(by, engagement):
        raise Refused(_("Only an officer of the bureau can do this."))
    contest = Contest.objects.get(engagement=engagement)
    contest.engagement = engagement
    result = JuryResult.objects.filter(contest=contest).first()
    if result is not None:
        return result
    if not jury_closes(engagement, clock.now()):
        raise Conflict(_("The jury can be closed once all have submitted, or its time is over."))
    sheets = sheets_of(contest)
    if not any(sheets.values()):
        raise Conflict(_("No juror has submitted any score."))
    seed = secrets.token_hex(16)
    weights = {row.block_id: row.weight for row in criteria_of(contest)}
    keys = {
        public_id: pk
        for pk, public_id in judged_ideas(engagement).values_list("pk", "contribution__public_id")
    }
    result = JuryResult.objects.create(
        contest=contest, closed_at=clock.now(), seed=seed, jurors=len(sheets)
    )
    places = [
        JuryPlace.objects.create(
            result=result,
            idea_id=keys[row.idea],
            jurors=row.jurors,
            normal=_decimal(row.normal),
            plain=_decimal(row.plain),
            place=row.normal_place,
            plain_place=row.plain_place,
            decided_by=row.decided_by,
        )
        for row in standings(sheets, weights, seed=seed)
    ]
    _record("jury.close", by, engagement, result, places)
    return result


def _decimal(value: float) -> Decimal:
    return Decimal(f"{value:.{DECIMALS}f}")


def _held(engagement: Engagement) -> tuple[Engagement, JuryResult]:
    engagement = lock_engagement(engagement)
    result = (
        JuryResult.objects.select_for_update(of=("self",))
        .select_related("written_by")
        .filter(contest=engagement.pk)
        .first()
    )
    if result is None:
        raise Conflict(_("The jury is not closed yet."))
    if result.published_at is not None:
        raise Conflict(_("The result is published."), code="published")
    return engagement, result


@transaction.atomic
def save_reasons(
    *,
    engagement: Engagement,
    reasons: Mapping[str, str],
    language: str,
    by: Account,
    send: bool = False,
) -> JuryResult:
    """Keep the reasons by the idea's public id and, with ``send``, ask for approval.

    A change takes the result back from the approvers. Raises Refused for who is no officer of the
    owner, Conflict before the close and once published, Invalid (field ``reason_<id>``) for a text
    that is too long or, to send, missing for one of the first three; TooMany.
    """
    limits.spend("desk_write", by.public_id)
    if not is_chair(by, engagement):
        raise Refused(_("Only an officer of the bureau can do this."))
    engagement, result = _held(engagement)
    places = list(result.places.select_related("idea__contribution"))
    changed = []
    for row in places:
        field = f"reason_{row.idea.contribution.public_id}"
        if row.idea.contribution.public_id in reasons:
            text = clean_text(
                reasons[row.idea.contribution.public_id],
                max_length=REASON_LIMIT,
                field=field,
                required=False,
            )
            if text != row.reason:
                row.reason, row.language = text, known_language(language)
                row.save(update_fields=["reason", "language"])
                changed.append(row)
        if send and row.place <= REASONED and not row.reason:
            raise Invalid(_("Say why the jury placed it here."), field=field)
    if changed or result.written_by is None:
        result.written_by = by
    result.sent_at = clock.now() if send else None
    result.note = ""
    result.save(update_fields=["written_by", "sent_at", "note"])
    _record("jury.send" if send else "jury.write", by, engagement, result, changed)
    return result


def _decided(engagement: Engagement, by: Account) -> tuple[Engagement, JuryResult]:
    """The result that lies with the approvers; refuses its writer's person and other bureaux."""
    limits.spend("desk_step", by.public_id)
    if not has_role(by, Role.APPROVER, engagement.owner):
        raise Refused(_("Only an approver of the bureau can do this."))
    engagement, result = _held(engagement)
    if result.sent_at is None:
        raise Conflict(_("Nothing waits for approval here."))
    if result.written_by is not None and result.written_by.person_id == by.person_id:
        raise Refused(_("Somebody else must approve what you wrote."))
    return engagement, result


@transaction.atomic
def approve_result(*, engagement: Engagement, by: Account) -> JuryResult:
    """Publish the result with its reasons: by an approver of the owner who did not write them.

    Raises Refused, Conflict when nothing waits and once published, TooMany.
    """
    engagement, result = _decided(engagement, by)
    result.approved_by, result.published_at = by, clock.now()
    result.save(update_fields=["approved_by", "published_at"])
    _record("jury.publish", by, engagement, result, list(result.places.all()))
    live.restaged(engagement)
    return result


@transaction.atomic
def send_back_result(*, engagement: Engagement, note: str, by: Account) -> JuryResult:
    """Return it to its writer with a note. Raises as ``approve_result``, Invalid without one."""
    engagement, result = _decided(engagement, by)
    result.note = clean_text(note, max_length=NOTE_LIMIT, field="note", multiline=False)
    result.sent_at = None
    result.save(update_fields=["note", "sent_at"])
    _record("jury.send_back", by, engagement, result, [])
    return result


def _record(
    verb: str, by: Account, engagement: Engagement, result: JuryResult, places: list[JuryPlace]
) -> None:
    audit.record(verb, actor=by, engagement_id=engagement.public_id, rows=[result, *places])
