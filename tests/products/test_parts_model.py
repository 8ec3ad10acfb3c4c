"""Whatever people and officers do in a round with rewards, no reward is given twice, nothing waits
for nobody, and at the end all that nobody has is the bureau's again."""

from __future__ import annotations

from typing import ClassVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from accounts.models import Account
from crowdtasks import integrity
from crowdtasks.models import Part
from crowdtasks.products import one_place
from crowdtasks.products.actions.claiming import claim_reward
from crowdtasks.products.models import Award, AwardState, Round
from crowdtasks.products.rewards_left import rewards_left
from crowdtasks.products.tasks import end_codes, return_what_nobody_earned
from tests.crowdtasks.test_parts_model import (
    GRANTED,
    PLACES,
    REWARD,
    PartsMachine,
    no_limit,
    some,
)
from tests.factories.products import code_for, hand_in, make_rewarded
from tests.ledger.test_model import AS_MET, run

__all__ = ["no_limit"]


class RoundMachine(PartsMachine):
    """The same with a round, which people try without an account too: with claim codes."""

    model: ClassVar[type[Part]] = Award
    #: What became of codes that no reward was set aside for.
    loose: ClassVar[set[str]] = set()

    def open(self, hold_days: int) -> Round:
        """Two have tried it from one place, whose share is one reward."""
        named = {"reward": REWARD, "places": PLACES, "points": GRANTED}
        row = make_rewarded(**named, hold_days=hold_days)[1]
        # Of this example alone: a place may begin so many an hour, and the hour is always the same.
        self.farm = f"a place of {row.engagement.public_id}"
        self.codes = [code_for(hand_in(row, source=self.farm)) for _each in range(2)]
        return row

    @invariant()
    def look_at_loose_codes(self) -> None:
        for award in Award.objects.all():
            if award.state == AwardState.LOOSE:
                # It is promised nothing, until it is claimed or the round closes.
                assert (award.points, award.person_id) == (0, None)
            if integrity.MANY in award.flags:
                # Nobody has its points before an officer has looked at it.
                assert award.state != AwardState.ACCEPTED or award.reviews.exists()
                type(self).loose.add(award.state)

    def hand_in(self, account: Account, hasty: bool) -> None:
        hand_in(self.row, account, minutes=0 if hasty else 5)

    @rule(farm=st.booleans())
    def try_without_account(self, farm: bool) -> None:
        def act() -> None:
            receipt = hand_in(self.row, source=self.farm if farm else "")
            if Award.objects.filter(contribution=receipt.contribution).exists():
                self.codes.append(code_for(receipt))

        self.attempt(act)

    @rule(which=some, who=some)
    def claim(self, which: int, who: int) -> None:
        if self.codes:
            code = self.codes[which % len(self.codes)]
            self.attempt(lambda: claim_reward(code=code, person=self.someone(who).person))

    def return_what_nobody_earned(self) -> None:
        end_codes()
        return_what_nobody_earned()

    def go_on(self, days: int) -> None:
        """At the end too, where no step follows: there rounds close, and codes are too late."""
        super().go_on(days)
        self.look_at_loose_codes()

    def left(self) -> int:
        # What an open code was promised is set aside for it too.
        promised = Award.objects.filter(state=AwardState.OPEN).count()
        return (rewards_left(self.row) or 0) + promised


@pytest.fixture(autouse=True)
def share_of_one(monkeypatch) -> None:
    """Else so few rewards are all of one place's share, and its codes hold a reward each."""
    monkeypatch.setattr(one_place, "LEAST", 1)


@pytest.mark.django_db
@pytest.mark.usefixtures("tree")
def test_no_reward_is_given_twice_and_nothing_is_left_over():
    run(RoundMachine, examples=5, steps=20, derandomize=True, **AS_MET)
    assert RoundMachine.walked >= 10
    assert RoundMachine.proved >= 2
    assert AwardState.LOOSE in RoundMachine.loose


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.usefixtures("tree")
def test_no_reward_is_given_twice_in_many_runs():
    run(RoundMachine, examples=80, steps=40, **AS_MET)
    assert RoundMachine.walked >= 600
    # Claimed while the round ran, set aside at its close, or too late.
    assert RoundMachine.loose >= {"loose", "open", "review", "accepted", "declined", "lapsed"}
