"""The result of a contest: drawn up by its officer, published with the outcome by another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import Account
from core import audit, clock, jobs, limits
from core.exceptions import Absent, Conflict, Invalid, Refused
from core.simplified import to_simplified
from core.text import clean_text
from ideas.actions.locking import lock_ideas
from ideas.actions.status import take_step
from ideas.drawing import Line, lines_of, sources_of
from ideas.juries import is_chair, judged_ideas
from ideas.models import (
    Basis,
    Contest,
    ContestResult,
    Distinction,
    Idea,
    IdeaStatus,
    ResultPlace,
)
from ideas.result_lacks import lacks_of
from ideas.rules import FULL, rules_that_count
from ideas.scoring import DECIMALS
from participation.actions.outcomes import draft_of, lock_engagement, touch
from participation.models import Engagement, Outcome

REASON_LIMIT = 1000
PRIZE_LIMIT = 120
#: The languages that officers write; Simplified follows Traditional where it is left empty.
WRITTEN = ("en", "zh-hant", "zh-hans")
#: Statuses that announcing a result takes further: what has gone on already is not taken back.
_EARLIER = {
    Distinction.SHORTLISTED: (IdeaStatus.RECEIVED, IdeaStatus.REVIEW),
    Distinction.AWARDED: (IdeaStatus.RECEIVED, IdeaStatus.REVIEW, IdeaStatus.SHORTLISTED),
}


def _require_chair(by: Account, engagement: Engagement) -> None:
    if not is_chair(by, engagement):
        raise Refused(_("Only an officer of the bureau can do this."))


@transaction.atomic
def draw_result(*, engagement: Engagement, by: Account) -> ContestResult:
    """Draw up the result from what was counted and scored, once: a second call gives the same.

    The weights are those of the rules at the opening. Nobody is shown anything yet. Raises Refused
    for who is no officer of the owner, Conflict for a standing box and while something that decides
    is awaited (the sentence says what), TooMany.
    """
    limits.spend("desk_step", by.public_id)
    engagement = lock_engagement(engagement)
    _require_chair(by, engagement)
    contest = Contest.objects.get(engagement=engagement)
    result = ContestResult.objects.filter(contest=contest).first()
    if result is not None:
        return result
    if contest.standing:
        raise Conflict(
            _("An ideas box without end has no result; its ideas are answered one by one.")
        )
    now = clock.now()
    sources = sources_of(engagement, now)
    if sources.awaited:
        raise Conflict(sources.awaited[0], code="awaited")
    version, weight = rules_that_count(engagement)
    if version is None:
        raise Conflict(_("It has not been published yet."))
    basis = sources.basis
    result = ContestResult.objects.create(
        contest=contest,
        basis=basis,
        jury_weight={Basis.BOTH: weight, Basis.JURY: FULL}.get(basis, 0),
        rules=version,
        drawn_at=now,
    )
    _write_places(result, lines_of(sources, weight))
    audit.record("result.draw", actor=by, engagement_id=engagement.public_id, rows=[result])
    return result


def _write_places(result: ContestResult, lines: Iterable[Line]) -> None:
    keys = dict(
        Idea.objects.filter(engagement=result.contest_id)
        .order_by()
        .values_list("contribution__public_id", "pk")
    )
    ResultPlace.objects.bulk_create(
        (
            ResultPlace(
                result=result,
                idea_id=keys[line.idea],
                place=line.place,
                together=_decimal(line.together),
                jury_share=_decimal(line.jury_share),
                vote_share=_decimal(line.vote_share),
                votes=line.vote.votes if line.vote else None,
                score=line.vote.score if line.vote else None,
                funded=bool(line.vote and line.vote.funded),
            )
            for line in lines
            if line.idea in keys
        ),
        batch_size=500,
    )


def _decimal(value: object) -> Decimal | None:
    return None if value is None else Decimal(f"{float(value):.{DECIMALS}f}")  # type: ignore[arg-type]


@transaction.atomic
def decide_place(
    *,
    engagement: Engagement,
    idea: str,
    distinction: str,
    prize: Mapping[str, str],
    reason: Mapping[str, str],
    by: Account,
) -> ResultPlace:
    """Say what the result makes of an idea (public id), and why, by language.

    It may wait for its words until the outcome is sent. A change takes the outcome back from the
    approvers. Raises Refused for who is no officer of the owner, Conflict before the result is
    drawn up and once it is published, Absent for an idea that has no place in it, Invalid with its
    field, TooMany.
    """
    limits.spend("desk_write", by.public_id)
    engagement = lock_engagement(engagement)
    _require_chair(by, engagement)
    result = ContestResult.objects.filter(contest=engagement.pk).first()
    if result is None:
        raise Conflict(_("First draw up the result."))
    outcome = draft_of(engagement, by)
    place = _place_of(result, engagement, idea)
    if distinction not in ("", *Distinction.values):
        raise Invalid(_("Choose what the idea is given."), field="distinction")
    if distinction and not place.idea.is_public:
        raise Invalid(_("This idea is not public now."), field="distinction", code="not-public")
    prizes = _texts(prize, "prize", PRIZE_LIMIT, multiline=False)
    if prizes and distinction != Distinction.AWARDED:
        raise Invalid(_("Only an idea that is awarded has a prize."), field="prize_en")
    reasons = _texts(reason, "reason", REASON_LIMIT)
    if (place.distinction, place.prize, place.reason) == (distinction, prizes, reasons):
        return place
    place.distinction, place.prize, place.reason = distinction, prizes, reasons
    place.written_by = by
    place.save()
    touch(outcome, clock.now())
    audit.record(
        "result.decide",
        actor=by,
        engagement_id=engagement.public_id,
        subject=idea,
        rows=[place, outcome],
    )
    return place


def _place_of(result: ContestResult, engagement: Engagement, public_id: str) -> ResultPlace:
    """The idea's row. Where the bureau decides it is made: any idea it could award may have one."""
    place = (
        ResultPlace.objects.select_related("idea__contribution")
        .filter(result=result, idea__contribution__public_id=public_id)
        .first()
    )
    if place is not None:
        return place
    idea = (
        judged_ideas(engagement)
        .select_related("contribution")
        .filter(contribution__public_id=public_id)
        .first()
    )
    if idea is None or result.basis != Basis.BUREAU:
        raise Absent
    return ResultPlace(result=result, idea=idea)


def _texts(
    given: Mapping[str, str], name: str, limit: int, *, multiline: bool = True
) -> dict[str, str]:
    kept = {
        language: clean_text(
            given.get(language, ""),
            max_length=limit,
            field=f"{name}_{language.replace('-', '_')}",
            multiline=multiline,
            required=False,
        )
        for language in WRITTEN
    }
    if kept["zh-hant"] and not kept["zh-hans"]:
        kept["zh-hans"] = to_simplified(kept["zh-hant"])
    return {language: text for language, text in kept.items() if text}


def publish_result(engagement: Engagement) -> list[models.Model]:
    """Make the result public, within the transaction that publishes the outcome.

    Each idea that is awarded or shortlisted takes that step, with its reason; one that has gone
    further already stays there. Raises Conflict where something has come to lack meanwhile, such
    as an idea that is not public any more.
    """
    result = ContestResult.objects.filter(contest=engagement.pk).first()
    if result is None:
        return []
    for lack in lacks_of(engagement):
        raise Conflict(str(lack.sentence), code="not-ready")
    result.published_at = clock.now()
    result.save(update_fields=["published_at"])
    outcome = Outcome.objects.select_related("approved_by").get(engagement=engagement)
    places = list(
        result.places.exclude(distinction="").select_related("idea__contribution", "written_by")
    )
    if places:
        # All at once, in the order in which others hold them too.
        lock_ideas(*(place.idea for place in places))
    # Awarded first: who is concerned with several ideas hears of the best.
    for place in sorted(places, key=lambda one: one.distinction != Distinction.AWARDED):
        take_step(
            idea=place.idea,
            status=place.distinction,
            sentences=place.reason,
            only_from=_EARLIER[Distinction(place.distinction)],
            result=result,
            by=outcome.approved_by,
        )
    return [result, *places]


def tell_result(outcome: Outcome) -> None:
    """Tell those whose ideas were awarded or shortlisted, then everybody (``ideas.tasks``)."""
    jobs.enqueue("ideas.tell_result", outcome.pk)
