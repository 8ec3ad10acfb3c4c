"""Parts that are decided, handed in or copied at one instant: real threads (P3, P8, P13)."""

from __future__ import annotations

import pytest

from accounts.actions.closing import close_account
from accounts.actions.verification import merge_persons
from core import audit
from core.exceptions import Conflict, DomainError
from crowdtasks.ledger import proof
from crowdtasks.ledger.models import Entry, Leg
from crowdtasks.ledger.reading import balance_of
from crowdtasks.models import Claim, Review
from questionnaires.models import Response
from tests.factories.crowdtasks import ANSWERS, accept, answer, decline, fresh, make_campaign
from tests.factories.desk import make_approver, make_officer
from tests.factories.engagements import make_bureau
from tests.factories.ledger import fill_budget
from tests.factories.participation import make_citizen
from tests.participation.test_votes_race import together

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("tree"),
]


def funded(**fields):
    fill_budget(make_bureau(), 1_000)
    return make_campaign(reward=10, places=10, **fields)[1]


def sound() -> None:
    """All legs sum to zero, and books and trail hold."""
    assert sum(Leg.objects.values_list("amount", flat=True)) == 0
    assert proof.prove().faults == []
    assert audit.verify().ok


@pytest.mark.parametrize("other", [accept, decline])
def test_two_officers_who_decide_the_same_part_at_once_decide_it_once(other):
    """P3: one decision and one credit at most; the second hears that a colleague was first."""
    campaign, account = funded(review_rule="all"), make_citizen()
    answer(campaign, account)
    first, second = make_officer(), make_approver()

    def decide(how, by):
        row = Claim.objects.select_related("campaign__engagement").get()
        return lambda: how(row, by)

    answers = together([decide(accept, first), decide(other, second)])
    (refused,) = [one for one in answers if isinstance(one, Exception)]
    assert isinstance(refused, Conflict)
    assert refused.code == "changed"
    review = Review.objects.get()
    assert Entry.objects.filter(kind="earn", person=account.person).count() == 1
    balance = balance_of(account.person)
    accepted = review.verdict == "accept"
    assert (balance.available, balance.pending) == ((10, 0) if accepted else (0, 10))
    sound()


def test_an_account_closed_beside_its_response_keeps_no_points():
    """P13: whichever comes first, the closed account has nothing, and the sum is 0."""
    campaign, account = funded(kind="poll"), make_citizen()
    person = account.person

    def submit():
        return answer(fresh(campaign.engagement), account)

    closed, received = together([lambda: close_account(account=account), submit])
    assert not isinstance(closed, Exception)
    # Who came too late is refused in words, never by an error of the database.
    assert not isinstance(received, Exception) or isinstance(received, DomainError)
    balance = balance_of(person)
    assert (balance.available, balance.pending) == (0, 0)
    sound()


def test_one_person_behind_many_accounts_earns_once_and_copied_words_wait():
    """P8: the same words from several accounts are held for an officer, though they count; of two
    accounts that turn out to be one person one part stands."""
    campaign = funded()
    farm = [make_citizen() for _each in range(3)]
    copied = {**ANSWERS["survey"], "why": "The benches stand where nobody ever wants to sit."}
    said = [answer(campaign, account, copied) for account in farm]
    assert len(said) == Response.objects.counted().count() == 3
    flags = [row.flags for row in Claim.objects.order_by("pk")]
    assert "repeated" not in flags[0]
    assert all("repeated" in one for one in flags[1:])
    for account in farm[1:]:
        balance = balance_of(account.person)
        assert (balance.available, balance.pending) == (0, 10)
    with pytest.raises(Conflict) as refused:
        answer(campaign, farm[0])
    assert refused.value.code == "already_answered"
    merge_persons(keep=farm[0].person, gone=farm[1].person, by="system")
    standing = Claim.objects.filter(person=farm[0].person).exclude(state="withdrawn")
    assert standing.count() == 1
    sound()
