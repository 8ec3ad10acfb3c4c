"""Places that many take at the same instant: threads with a connection of their own.

One round of each here; ``make test-long`` runs twenty.
"""

import datetime as dt

import pytest

from core import audit, clock
from core.exceptions import Conflict
from crowdtasks.ledger import proof
from crowdtasks.ledger.reading import escrow_of
from crowdtasks.models import Claim
from crowdtasks.querysets import places_left
from questionnaires.models import Response
from tests.factories.crowdtasks import answer, claim, fresh, make_campaign
from tests.factories.engagements import make_bureau
from tests.factories.ledger import fill_budget
from tests.factories.participation import make_citizen
from tests.participation.test_votes_race import rounds, together

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("tree"),
]


def _taken(answers):
    """How many got one; everybody else was told that all are taken."""
    refused = [each for each in answers if isinstance(each, Exception)]
    assert {type(each) for each in refused} <= {Conflict}
    assert {each.code for each in refused} <= {"places_taken"}
    return len(answers) - len(refused)


@rounds
def test_thirty_people_for_ten_places_are_ten(number):
    _page, campaign = make_campaign(places=10)
    people = [make_citizen() for _each in range(30)]
    answers = together(
        [lambda each=each: claim(fresh(campaign.engagement), each) for each in people]
    )
    assert _taken(answers) == 10
    assert Claim.objects.holding(clock.now()).count() == 10
    assert len(set(Claim.objects.values_list("place", flat=True))) == 10
    assert places_left(campaign, clock.now()) == 0
    assert audit.verify().ok


@rounds
def test_one_person_pressing_twenty_times_has_one_place(number):
    _page, campaign = make_campaign(places=10)
    account = make_citizen()
    answers = together([lambda: claim(fresh(campaign.engagement), account).public_id] * 20)
    assert set(answers) == {Claim.objects.get().public_id}


@rounds
def test_a_place_whose_time_is_over_goes_to_one_of_many(number):
    _page, campaign = make_campaign(places=1)
    claim(campaign)
    people = [make_citizen() for _each in range(10)]
    with clock.travel(dt.timedelta(hours=2)):
        answers = together(
            [lambda each=each: claim(fresh(campaign.engagement), each) for each in people]
        )
        assert _taken(answers) == 1
        assert Claim.objects.holding(clock.now()).count() == 1
    assert audit.verify().ok


@rounds
def test_twenty_answers_to_a_poll_of_five_places_are_five_and_five_rewards(number):
    bureau = make_bureau()
    fill_budget(bureau, 50)
    _page, campaign = make_campaign(bureau=bureau, kind="poll", places=5, reward=10)
    people = [make_citizen() for _each in range(20)]
    answers = together(
        [lambda each=each: answer(fresh(campaign.engagement), each) for each in people]
    )
    assert _taken(answers) == 5
    assert Response.objects.count() == Claim.objects.filter(state="accepted").count() == 5
    assert escrow_of(campaign.engagement) == 0
    assert proof.prove().ok
