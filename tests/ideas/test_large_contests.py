"""Contests of many ideas: what reads all of them is kept for half a minute, and hides nothing."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ideas import counted
from ideas.listing import Filters, look_up
from ideas.models import Idea
from ideas.ranking import ranking
from ideas.similar import similar_ideas
from ideas.tasks import count_votes, tally_what_closed
from ideas.totals import standings
from participation.actions.contributions import withdraw_contribution
from tests.factories.ideas import make_contest, make_many_ideas, make_public_idea
from tests.factories.votes import after_the_vote, cast, fresh, in_the_vote, key, make_voting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
NEWEST, SHUFFLED, DISCUSSED = Filters(sort="newest"), Filters(seed=5), Filters(sort="discussed")


@pytest.fixture
def contest():
    found = make_contest()[1]
    make_many_ideas(found, counted.LARGE + 1)
    return found


def keys(contest, filters: Filters) -> list[int]:
    return [idea.pk for idea in look_up(contest, filters).ideas]


def test_an_order_stands_while_it_is_kept_and_each_page_follows_it(contest):
    pages = [keys(contest, Filters(seed=5, page=number)) for number in (1, 2, 3)]
    assert len({key for page in pages for key in page}) == 60
    everything = Idea.objects.public().filter(engagement=contest).shuffled(5)
    assert [key for page in pages for key in page] == [idea.pk for idea in everything[:60]]
    assert keys(contest, Filters(seed=6)) != pages[0]


def test_what_is_no_longer_public_is_gone_at_once(contest):
    for filters in (SHUFFLED, DISCUSSED, NEWEST):
        first = keys(contest, filters)[0]
        Idea.objects.filter(pk=first).update(is_public=False)
        assert first not in keys(contest, filters)


def test_a_new_idea_leads_the_newest_at_once_and_is_counted_within_half_a_minute(contest):
    before = look_up(contest, NEWEST)
    made = make_public_idea(contest, "A bench", text="Somewhere")
    after = look_up(contest, NEWEST)
    assert after.ideas[0].pk == made.pk
    statuses = [group["options"][0].count for group in before.groups if group["name"] == "status"]
    assert statuses == [counted.LARGE + 1]
    cache.clear()
    again = look_up(contest, NEWEST)
    assert [group["options"][0].count for group in again.groups if group["name"] == "status"] == [
        counted.LARGE + 2
    ]


def test_filters_are_kept_apart(contest):
    district = look_up(contest, Filters(seed=5, district=("sha-tin",)))
    nowhere = look_up(contest, Filters(seed=5, district=("islands",)))
    word = look_up(contest, Filters(seed=5, text="idea 77"))
    assert (district.total, nowhere.total) == (counted.LARGE + 1, 0)
    assert 0 < word.total < 100
    assert all("77" in idea.title for idea in word.ideas)


def test_a_page_asks_no_more_of_the_database_than_that_of_a_small_contest(client, contest):
    small = make_contest()[1]
    make_many_ideas(small, 30)
    found = []
    for each in (small, contest):
        address = f"/en/e/{each.public_id}/ideas/?seed=5"
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            # A parameter that no page knows: such a page is made each time.
            page = client.get(f"{address}&again=1").content.decode()
        assert len(re.findall(r'class="hk-card"', page)) == 20
        found.append(len(queries))
    assert found[1] <= found[0] <= 20


def test_a_ranking_is_unpacked_by_the_page_and_never_older_than_its_result():
    vote = make_voting("stars", ideas=0, results_from="live")[1]
    engagement = vote.ballot.engagement
    make_many_ideas(engagement, counted.LARGE + 1)
    ideas = list(Idea.objects.filter(engagement=engagement).select_related("contribution")[:60])
    with in_the_vote():
        cast(vote, {key(idea): place % 5 + 1 for place, idea in enumerate(ideas)})
        count_votes()
        kept, whole = ranking(fresh(vote)), standings(fresh(vote))
        assert len(kept) == kept.count() == len(whole) == counted.LARGE + 1
        for piece in (slice(0, 50), slice(30, 75), slice(50, 150), slice(990, 2000), slice(5, 5)):
            assert kept[piece] == whole[piece]
        assert (kept[0], kept[60]) == (whole[0], whole[60])
        with CaptureQueriesContext(connection) as again:
            assert len(ranking(vote)) == len(whole)
        assert len(again) == 1
    with after_the_vote():
        tally_what_closed()
        assert ranking(fresh(vote))[:60] == standings(fresh(vote))[:60]


def test_ideas_like_one_follow_every_change(contest):
    made = make_public_idea(contest, "Drinking fountains by the pier", text="Somewhere")

    def like() -> list[int]:
        return [idea.pk for idea in similar_ideas(contest, "A drinking fountain at the pier")]

    assert like() == [made.pk]
    other = make_public_idea(contest, "Drinking fountain at every pier", text="Somewhere")
    assert set(like()) == {made.pk, other.pk}
    withdraw_contribution(
        contribution=other.contribution, person=other.contribution.person, account=None
    )
    assert like() == [made.pk]
    Idea.objects.filter(pk=made.pk).delete()
    assert like() == []
