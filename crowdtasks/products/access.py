"""Every fetch of a product, a build or a round at an edge: hidden and absent look the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Account, Person
from core.exceptions import Absent, SignInNeeded
from core.ids import is_public_id
from crowdtasks.products.models import (
    Attempt,
    Award,
    AwardState,
    ProductPage,
    Round,
    RoundPage,
    Step,
)
from crowdtasks.products.models.award import CLAIMED, WAITING
from participation.access import access_engagement, access_engagement_of
from participation.models import Engagement
from participation.policies import is_officer_of


def access_public_page(
    bureau: str, slug: str, language: str
) -> tuple[ProductPage | RoundPage, Engagement]:
    """The live page at ``/<language>/products/<bureau>/<slug>/`` and its engagement: a product or
    one of its rounds, which stand beside one another. Raises Absent.
    """
    for page_class, row in ((ProductPage, "product"), (RoundPage, "round")):
        found: Any = (
            page_class._default_manager.live()
            .select_related("locale", "cover")
            .filter(
                locale__language_code=language,
                slug=slug,
                url_path__endswith=f"/products/{bureau}/{slug}/",
            )
            .first()
        )
        if found is not None:
            return found, access_engagement_of(found, row)
    raise Absent


def access_product(public_id: str) -> Engagement:
    """A public product, by its engagement's id. Raises Absent for other kinds."""
    engagement = access_engagement(public_id)
    if not hasattr(engagement, "product"):
        raise Absent
    return engagement


def access_round(public_id: str) -> Round:
    """A public round with its build and engagement. Raises Absent for other kinds."""
    engagement = access_engagement(public_id)
    row = (
        Round.objects.select_related("build__document", "build__product__engagement")
        .filter(engagement=engagement)
        .first()
    )
    if row is None:
        raise Absent
    row.engagement = engagement
    return row


def access_step(round: Round, number: int) -> tuple[Step, list[Step]]:
    """The step of that number, from 1, and all of them. Raises Absent."""
    steps = steps_of(round)
    if not 1 <= number <= len(steps):
        raise Absent
    return steps[number - 1], steps


def steps_of(round: Round) -> list[Step]:
    """The steps people are asked to try, in order."""
    return list(round.steps.filter(retired_at=None))


def kept_award(round: Round, receipts: Iterable[str]) -> Award | None:
    """The newest reward of this round that waits for its code and whose receipt is one of these:
    what a visit has sent. None where there is none."""
    return (
        Award.objects.select_related("round")
        .filter(round=round, state__in=WAITING, contribution__receipt__code__in=list(receipts))
        .order_by("-pk")
        .first()
    )


def tried_by(round: Round, receipts: Iterable[str]) -> bool:
    """Whether one of these receipts is of a try of this round that was handed in."""
    codes = list(receipts)
    return bool(codes) and (
        Attempt.objects.counted()
        .filter(round=round, contribution__receipt__code__in=codes)
        .exists()
    )


def begun_by(person: Person, now: dt.datetime) -> QuerySet[Attempt]:
    """The person's tries that were not handed in, of rounds that are open, the newest first."""
    rows = Attempt.objects.filter(
        draft__person=person,
        draft__submitted_at=None,
        contribution=None,
        round__engagement__state="published",
        round__engagement__closes_at__gt=now,
    )
    rows = rows.select_related("round__engagement", "round__build", "draft__questionnaire")
    return rows.prefetch_related("results").order_by("-begun_at", "-pk")


def access_round_of_bureau(public_id: str, account: Account | None) -> Round:
    """A public round, to officers and approvers of its bureaux alone.

    Raises SignInNeeded for nobody, Absent for everybody else.
    """
    if account is None:
        raise SignInNeeded
    row = access_round(public_id)
    if not is_officer_of(account, row.engagement):
        raise Absent
    return row


def waiting_awards(round: Round) -> QuerySet[Award]:
    """The rewards that officers of this round have to decide on, the oldest first."""
    waits = Q(state=AwardState.REVIEW) | Q(state=AwardState.DECLINED, appeal__isnull=False)
    rows = Award.objects.filter(waits, round=round)
    return _whole(rows).order_by("claimed_at", "pk")


def access_award_of_bureau(
    public_id: str, award_id: str, account: Account | None
) -> tuple[Round, Award]:
    """A claimed reward of a round of the officer's bureaux, decided or not.

    Raises SignInNeeded for nobody, Absent for everybody else and for what nobody claimed.
    """
    row = access_round_of_bureau(public_id, account)
    rows = _whole(Award.objects.filter(round=row, state__in=CLAIMED))
    award = rows.filter(public_id=award_id).first() if is_public_id(award_id) else None
    if award is None:
        raise Absent
    award.round = row
    return row, award


def own_award(round: Round, person: Person) -> Award:
    """The person's reward of a round, whatever became of it. Raises Absent."""
    award = _whole(Award.objects.filter(round=round, person=person)).order_by("-pk").first()
    if award is None:
        raise Absent
    award.round = round
    return award


def _whole(rows: QuerySet[Award]) -> QuerySet[Award]:
    """With its entry, what was decided and what was said to it."""
    return rows.select_related("round", "contribution", "appeal", "person").prefetch_related(
        "reviews"
    )
