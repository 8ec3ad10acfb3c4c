"""What a juror does: declare conflicts, score blind, submit once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import models, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account
from core import audit, clock, limits
from core.exceptions import Absent, Conflict, Invalid
from core.text import clean_text
from core.texts import known_language
from ideas.juries import barred_ideas, judged_ideas, require_judging
from ideas.models import Contest, Criterion, Idea, Interest, Judgement, Juror, Mark
from ideas.scoring import HIGHEST, LOWEST

NOTE_LIMIT = 4000
COMMENT_LIMIT = 2000
REASON_LIMIT = 500
#: What form and action say of a mark off the scale.
OFF_SCALE = format_lazy(
    gettext_lazy("Enter a whole number from {lowest} to {highest}."),
    lowest=LOWEST,
    highest=HIGHEST,
)


def criteria_of(contest: Contest) -> list[Criterion]:
    """What is judged by, in the page's order."""
    return list(contest.criteria.filter(retired_at=None))


def _held(juror: Juror, by: Account | None) -> Juror:
    """The seat, held until the transaction ends: whatever a juror writes queues behind it.

    Raises Absent for another person's and for an ended one, and what ``require_judging`` raises.
    """
    row = (
        Juror.objects.select_for_update(of=("self",))
        .select_related("contest__engagement", "person")
        .get(pk=juror.pk)
    )
    if by is None or row.ended_at is not None or row.person_id != by.person_id:
        raise Absent
    limits.spend("judge", by.public_id)
    require_judging(row, clock.now())
    return row


def _declared(juror: Juror) -> None:
    if juror.declared_at is None:
        raise Conflict(_("Declare your conflicts of interest first."), code="undeclared")


@transaction.atomic
def declare_interests(
    *, juror: Juror, ideas: Iterable[str], reason: str = "", by: Account
) -> Juror:
    """Declare conflicts with these ideas (public ids); none is a declaration too.

    More may be declared until submitting, none taken back. What was scored already of such an idea
    is deleted. Raises Absent for another's seat, Closed, Conflict after submitting, Invalid for
    ideas the jury does not judge, TooMany.
    """
    juror = _held(juror, by)
    wanted = set(ideas)
    found = {
        idea.contribution.public_id: idea
        for idea in judged_ideas(juror.contest.engagement)
        .select_related("contribution")
        .filter(contribution__public_id__in=wanted)
    }
    if set(found) != wanted:
        raise Invalid(_("Choose among the ideas of this contest."), field="ideas")
    reason = clean_text(
        reason, max_length=REASON_LIMIT, field="reason", multiline=False, required=False
    )
    now = clock.now()
    known = set(juror.interests.values_list("idea_id", flat=True))
    rows = [
        Interest.objects.create(juror=juror, idea=idea, reason=reason, declared_at=now)
        for idea in found.values()
        if idea.pk not in known
    ]
    juror.judgements.filter(idea__in=found.values()).delete()
    juror.declared_at = juror.declared_at or now
    juror.save(update_fields=["declared_at"])
    _record("juror.declare", juror, by, [juror, *rows])
    return juror


@transaction.atomic
def save_judgement(
    *,
    juror: Juror,
    idea: Idea,
    marks: Mapping[str, int | None],
    note: str = "",
    comment: str = "",
    language: str,
    by: Account,
) -> Judgement:
    """Keep what a juror thinks of an idea so far: marks by the criterion's block id, None for none.

    Raises Absent for another's seat, for an idea with a conflict and for one that is not judged;
    Conflict before the declaration and after submitting, Closed outside the phase, Invalid (field
    ``mark_<id>``) for a mark off the scale or an unknown criterion, TooMany.
    """
    juror = _held(juror, by)
    _declared(juror)
    if idea.pk in barred_ideas(juror):
        raise Absent
    if not judged_ideas(juror.contest.engagement).filter(pk=idea.pk).exists():
        raise Absent
    known = {row.block_id: row for row in criteria_of(juror.contest)}
    for key, value in marks.items():
        if key not in known:
            raise Invalid(_("There is no such criterion."))
        whole = isinstance(value, int) and not isinstance(value, bool)
        if value is not None and not (whole and LOWEST <= value <= HIGHEST):
            raise Invalid(str(OFF_SCALE), field=f"mark_{key}", code="off-scale")
    judgement, _created = Judgement.objects.update_or_create(
        juror=juror,
        idea=idea,
        defaults={
            "note": clean_text(note, max_length=NOTE_LIMIT, field="note", required=False),
            "comment": clean_text(
                comment, max_length=COMMENT_LIMIT, field="comment", required=False
            ),
            "language": known_language(language),
            "saved_at": clock.now(),
        },
    )
    for key, value in marks.items():
        if value is None:
            judgement.marks.filter(criterion=known[key]).delete()
        else:
            Mark.objects.update_or_create(
                judgement=judgement, criterion=known[key], defaults={"value": value}
            )
    return judgement


def to_score(juror: Juror) -> list[int]:
    """The ideas (primary keys) that this juror is to score."""
    keys = judged_ideas(juror.contest.engagement).values_list("pk", flat=True)
    return sorted(set(keys) - barred_ideas(juror))


def scored(juror: Juror) -> set[int]:
    """The ideas (primary keys) that this juror has given a mark on each criterion."""
    wanted = {row.pk for row in criteria_of(juror.contest)}
    given: dict[int, set[int]] = {}
    marks = Mark.objects.filter(judgement__juror=juror)
    for idea, criterion in marks.values_list("judgement__idea_id", "criterion_id"):
        given.setdefault(idea, set()).add(criterion)
    return {idea for idea, found in given.items() if found >= wanted}


@transaction.atomic
def erase_account(*, account: Account, last: bool) -> None:
    """Notes go with the last account of a person, and whatever was not submitted.

    Marks and comments that were submitted stay: a result was made of them. Nothing there names
    the juror to anybody.
    """
    if not last:
        return
    mine = Judgement.objects.filter(juror__person=account.person)
    mine.filter(juror__submitted_at=None).delete()
    mine.update(note="")


@transaction.atomic
def submit_sheet(*, juror: Juror, by: Account) -> Juror:
    """Submit all scores, once and for good.

    Raises as ``save_judgement``, and Invalid while an idea lacks a mark.
    """
    juror = _held(juror, by)
    _declared(juror)
    wanted = to_score(juror)
    missing = len(set(wanted) - scored(juror))
    if missing or not wanted:
        raise Invalid(_("Not every idea is scored yet."), code="unfinished")
    juror.submitted_at = clock.now()
    juror.save(update_fields=["submitted_at"])
    judgements = list(juror.judgements.filter(idea__in=wanted).order_by("pk"))
    marks = list(Mark.objects.filter(judgement__in=judgements).order_by("pk"))
    _record("juror.submit", juror, by, [juror, *judgements, *marks])
    return juror


def _record(verb: str, juror: Juror, by: Account, rows: list[models.Model]) -> None:
    audit.record(
        verb,
        actor=by,
        engagement_id=juror.contest.engagement.public_id,
        subject=juror.public_id,
        rows=rows,
    )
