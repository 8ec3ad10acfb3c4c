"""Rewards and codes that many take at the same instant: threads with a connection of their own."""

from __future__ import annotations

import pytest

from core import audit
from core.exceptions import Invalid
from crowdtasks.ledger import proof
from crowdtasks.ledger.reading import balance_of, escrow_of
from crowdtasks.products.actions.claiming import claim_reward
from crowdtasks.products.models import Award, Round
from tests.factories.participation import make_citizen
from tests.factories.products import begin, code_for, hand_in, make_rewarded, send, tell
from tests.participation.test_votes_race import rounds, together

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("tree"),
]


def _won(answers: list) -> list[Award]:
    refused = [each for each in answers if not isinstance(each, Award)]
    assert {type(each) for each in refused} <= {Invalid}, refused
    return [each for each in answers if isinstance(each, Award)]


@rounds
def test_one_code_claimed_by_ten_is_somebodys_once(number) -> None:
    _page, row = make_rewarded(places=2)
    code = code_for(hand_in(row))
    people = [make_citizen() for _each in range(10)]
    answers = together(
        [lambda each=each: claim_reward(code=code, person=each.person) for each in people]
    )
    (won,) = _won(answers)
    assert sum(balance_of(each.person).available for each in people) == 10
    assert Award.objects.get(pk=won.pk).person in [each.person for each in people]
    assert escrow_of(row.engagement) == 10
    assert proof.prove().ok
    assert audit.verify().ok


@rounds
def test_one_person_with_five_codes_of_a_round_has_one_reward(number) -> None:
    _page, row = make_rewarded(places=5)
    codes = [code_for(hand_in(row)) for _each in range(5)]
    account = make_citizen()
    answers = together(
        [lambda each=each: claim_reward(code=each, person=account.person) for each in codes]
    )
    assert len(_won(answers)) == 1
    assert balance_of(account.person).available == 10
    assert Award.objects.filter(state="open").count() == 4
    assert proof.prove().ok


@rounds
def test_eight_handing_in_for_three_rewards_all_get_their_receipt(number) -> None:
    _page, row = make_rewarded(places=3)
    people = [make_citizen() for _each in range(4)]
    tries = [(begin(row, each.person), each) for each in people]
    tries += [(begin(row), None) for _each in range(4)]
    for attempt, _account in tries:
        tell(attempt)
    answers = together(
        [
            lambda attempt=attempt, account=account: send(attempt, account)
            for attempt, account in tries
        ]
    )
    assert not [each for each in answers if isinstance(each, Exception)]
    assert sorted(Award.objects.values_list("number", flat=True)) == [1, 2, 3]
    earned = Award.objects.exclude(person=None).count()
    assert escrow_of(Round.objects.get(pk=row.pk).engagement) == 30 - 10 * earned
    assert proof.prove().ok
