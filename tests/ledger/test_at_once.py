"""Officers and closing accounts at one instant: real threads, each with a connection (P11, P13)."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.actions.closing import close_account
from core import audit
from core.exceptions import DomainError
from crowdtasks.ledger import proof
from crowdtasks.ledger.actions import ask_award, earn
from crowdtasks.ledger.models import Entry, Leg, Proposal
from crowdtasks.ledger.reading import balance_of
from tests.factories.accounts import make_account, make_administrator, make_bureau
from tests.factories.ledger import fill_budget, give, make_funded
from tests.participation.test_votes_race import together

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("tree"),
]


def sound() -> None:
    """All legs sum to zero, and books and trail hold."""
    assert sum(Leg.objects.values_list("amount", flat=True)) == 0
    assert proof.prove().faults == []
    assert audit.verify().ok


def test_one_administrator_at_once_for_many_persons_stays_within_the_limit():
    """P11: eight persons, 500 points each, at one instant: five at once, three wait."""
    by, bureau = make_administrator(), make_bureau()
    fill_budget(bureau, 10_000)
    people = [make_account().person for _each in range(8)]

    def ask(number: int) -> Any:
        named = {"person": people[number], "bureau": bureau, "by": by, "reason": "Late."}
        return lambda: ask_award(points=500, key=f"at-once:{number}", **named)

    answers = together([ask(number) for number in range(8)])
    assert sorted(type(one).__name__ for one in answers) == ["Entry"] * 5 + ["Proposal"] * 3
    assert sum(balance_of(person).available for person in people) == 2_500
    assert Proposal.objects.filter(verdict="").count() == 3
    sound()


def test_two_administrators_who_correct_each_other_do_not_wait_for_ever():
    """P11: neither waits for the other: both corrections are made."""
    first, second, bureau = make_administrator(), make_administrator(), make_bureau()
    fill_budget(bureau, 1_000)

    def ask(by: Any, who: Any) -> Any:
        named = {"person": who.person, "bureau": bureau, "by": by, "reason": "Late."}
        return lambda: ask_award(points=5, key=f"each:{by.public_id}", **named)

    answers = together([ask(first, second), ask(second, first)])
    assert [type(one) for one in answers] == [Entry, Entry]
    sound()


def test_an_account_closed_while_points_come_in_keeps_none():
    """P13: whichever comes first, nothing is left with the closed account, and the sum is 0."""
    account, engagement = make_account(), make_funded(100)
    give(account, 30)
    person = account.person

    def come() -> Any:
        return earn(engagement=engagement, person=person, points=10, key="beside")

    answers = together([lambda: close_account(account=account), come])
    assert answers[0] is None or not isinstance(answers[0], Exception)
    # Who came too late is refused in words, never by an error of the database.
    assert isinstance(answers[1], Entry | DomainError)
    balance = balance_of(person)
    assert (balance.available, balance.pending) == (0, 0)
    sound()
