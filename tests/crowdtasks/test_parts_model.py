"""Whatever people and officers do in a campaign with rewards, no place is paid for twice, nothing
waits for nobody, and at the end all that nobody has is the bureau's again.

The model is one sum: what was set aside is what parts have points for, and what is still there.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from accounts.actions import close_account
from accounts.actions.verification import merge_persons
from accounts.models import Account
from core import clock
from core.exceptions import DomainError
from crowdtasks.actions.reviewing import appeal_claim, decide_claim, settle_declined
from crowdtasks.actions.rewarding import return_rest, to_be_returned
from crowdtasks.ledger import proof
from crowdtasks.ledger.models import Hold
from crowdtasks.ledger.reading import budget_of, escrow_of
from crowdtasks.ledger.tasks import release_held
from crowdtasks.models import Claim, Part
from crowdtasks.querysets import places_left
from participation.actions.contributions import withdraw_contribution
from participation.models import Contribution, Engagement
from tests.factories.crowdtasks import answer, make_campaign
from tests.factories.desk import make_officer
from tests.factories.engagements import make_bureau
from tests.factories.ledger import fill_budget
from tests.factories.participation import make_citizen
from tests.ledger.test_model import AS_MET, LIMITS, run

PEOPLE, PLACES, REWARD, GRANTED = 5, 3, 10, 100
NOW = dt.datetime(2027, 1, 15, tzinfo=dt.UTC)
#: Longer than anything lasts: the round, its codes, an appeal, a hold.
LONG_AFTER = 200
some = st.integers(0, 20)


class PartsMachine(RuleBasedStateMachine):
    """A campaign of three places and five accounts, of which some turn out to be one person's."""

    #: Steps of all examples, whole proofs, and in which states parts were seen.
    walked: ClassVar[int] = 0
    proved: ClassVar[int] = 0
    written: ClassVar[Any] = None
    model: ClassVar[type[Part]] = Claim

    @initialize(hold_days=st.sampled_from([0, 3]))
    def begin(self, hold_days: int) -> None:
        self.block = transaction.atomic()
        self.block.__enter__()
        self.days = 0
        self.frozen = clock.freeze(NOW)
        self.frozen.__enter__()
        self.row = self.open(hold_days)
        self.people = [make_citizen() for _each in range(PEOPLE)]
        self.officers = [make_officer(self.engagement.owner, f"o{n}@gov.example") for n in (1, 2)]

    def open(self, hold_days: int) -> Any:
        """What people take part in; a third is looked at by officers."""
        bureau = make_bureau()
        fill_budget(bureau, GRANTED)
        return make_campaign(
            bureau=bureau,
            places=PLACES,
            reward=REWARD,
            hold_days=hold_days,
            review_rule="all" if hold_days else "automatic",
        )[1]

    def teardown(self) -> None:
        if not hasattr(self, "block"):
            return
        try:
            if hasattr(self, "officers"):
                self.end()
        finally:
            self.frozen.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    @property
    def engagement(self) -> Engagement:
        return self.row.engagement

    def attempt(self, act: Any) -> None:
        """Do it, or be refused and leave nothing behind."""
        type(self).walked += 1
        try:
            with transaction.atomic():
                act()
        except DomainError:
            pass

    def parts(self) -> list[Any]:
        return list(self.model._default_manager.order_by("pk"))

    def one(self, which: int) -> Any:
        found = self.parts()
        return found[which % len(found)] if found else None

    def someone(self, who: int) -> Account:
        account = self.people[who % PEOPLE]
        account.refresh_from_db()
        return account

    @rule(who=some, hasty=st.booleans())
    def take_part(self, who: int, hasty: bool) -> None:
        self.attempt(lambda: self.hand_in(self.someone(who), hasty))

    def hand_in(self, account: Account, hasty: bool) -> None:
        answer(self.row, account)

    @rule(which=some, officer=st.integers(0, 1), verdict=st.sampled_from(["accept", "decline"]))
    def decide(self, which: int, officer: int, verdict: str) -> None:
        if part := self.one(which):
            self.judge(part, officer, verdict)

    def judge(self, part: Any, officer: int, verdict: str) -> None:
        self.attempt(
            lambda: decide_claim(
                claim=part,
                verdict=verdict,
                reason="Nothing was read." if verdict == "decline" else "",
                language="en",
                by=self.officers[officer],
                known=part.state,
            )
        )

    @rule(which=some)
    def appeal(self, which: int) -> None:
        if (part := self.one(which)) and part.person:
            self.attempt(
                lambda: appeal_claim(claim=part, person=part.person, text="I did.", language="en")
            )

    @rule(which=some, who=some)
    def withdraw(self, which: int, who: int) -> None:
        entries = Contribution.objects.filter(engagement=self.engagement).order_by("pk")
        if entries:
            entry = entries[which % len(entries)]
            self.attempt(
                lambda: withdraw_contribution(
                    contribution=entry, person=entry.person, account=self.someone(who)
                )
            )

    @rule(keep=some, gone=some)
    def merge(self, keep: int, gone: int) -> None:
        two = [self.someone(who).person for who in (keep, gone)]
        self.attempt(lambda: merge_persons(keep=two[0], gone=two[1], by="system"))

    @rule(who=some)
    def leave(self, who: int) -> None:
        account = self.someone(who)
        self.attempt(lambda: close_account(account=account))
        if not Account.objects.filter(pk=account.pk).exists():
            self.people[who % PEOPLE] = make_citizen()

    @rule(days=st.integers(1, 4))
    def wait(self, days: int) -> None:
        type(self).walked += 1
        self.go_on(days)

    def go_on(self, days: int) -> None:
        """Days pass, and what is periodic is done."""
        self.days += days
        self.frozen.__exit__(None, None, None)
        self.frozen = clock.freeze(NOW + dt.timedelta(days=self.days))
        self.frozen.__enter__()
        release_held()
        settle_declined(of=self.model)
        self.return_what_nobody_earned()

    def return_what_nobody_earned(self) -> None:
        for row in to_be_returned():
            return_rest(campaign=row)

    def left(self) -> int:
        return places_left(self.row, clock.now()) or 0

    @invariant()
    def look(self) -> None:
        if not hasattr(self, "officers"):
            return
        parts = self.parts()
        paid = sum(part.points for part in parts)
        assert budget_of(self.engagement.owner) + escrow_of(self.engagement) + paid == GRANTED
        self.row.refresh_from_db()
        if self.row.returned_at is None and clock.now() < self.engagement.closes_at:
            # No place is offered that nothing is set aside for.
            assert escrow_of(self.engagement) >= self.left() * REWARD
            assert escrow_of(self.engagement) + paid == PLACES * REWARD
        holding = {"review", "declined", "accepted"}
        keys = set(Hold.objects.values_list("entry__key", flat=True))
        assert keys <= {part.key for part in parts if part.state in holding}

    def end(self) -> None:
        """Long after: nothing is held, nothing set aside, and everything adds up."""
        self.go_on(20)
        for part in self.parts():
            if part.state in {"review", "declined"}:
                for officer in self.officers:
                    part.refresh_from_db()
                    again = {"known": part.state, "language": "en", "reason": "", "by": officer}
                    self.attempt(
                        lambda p=part, a=again: decide_claim(claim=p, verdict="accept", **a)
                    )
        self.go_on(LONG_AFTER)
        self.go_on(1)
        assert escrow_of(self.engagement) == 0
        assert not Hold.objects.exists()
        report = proof.prove()
        assert report.ok, report
        type(self).proved += 1


@pytest.fixture(autouse=True)
def no_limit(settings):
    settings.KAIFONG_LIMITS = {**settings.KAIFONG_LIMITS, **LIMITS}


@pytest.mark.django_db
@pytest.mark.usefixtures("tree")
def test_no_place_is_paid_for_twice_and_nothing_is_left_over():
    run(PartsMachine, examples=6, steps=20, derandomize=True, **AS_MET)
    assert PartsMachine.walked >= 16
    assert PartsMachine.proved >= 3


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.usefixtures("tree")
def test_no_place_is_paid_for_twice_in_many_runs():
    run(PartsMachine, examples=80, steps=40, **AS_MET)
    assert PartsMachine.walked >= 600
