"""Facets, search box and orders of a contest's ideas: every combination, and what it costs."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.text import fold
from ideas.listing import Filters, look_up
from ideas.models import Idea, IdeaTag, TaggedIdea
from tests.factories.ideas import make_many_ideas
from tests.factories.participation import make_public_comment
from tests.factories.votes import cast, key, make_voting, open_now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
WORDS = ("Shade 樹蔭", "Water 飲水機")
DISTRICTS, STATUSES = ("sha-tin", "islands"), ("received", "shortlisted")
MOST_QUERIES = 20


@pytest.fixture
def contest() -> Any:
    """Sixteen ideas, one for each way of category, tag, district and status, two words in turn."""
    vote = make_voting(ideas=0, results_from="live")[1]
    found = vote.ballot.engagement
    make_many_ideas(found, 16)
    categories = list(found.contest.categories.all())
    tags = [IdeaTag.objects.create(name=name, slug=fold(name)) for name in ("Green", "藍色")]
    ways = itertools.product(categories, tags, DISTRICTS, STATUSES)
    for place, (idea, way) in enumerate(zip(found.ideas.order_by("pk"), ways, strict=True)):
        idea.category, tag, idea.district, idea.status = way
        idea.title = f"{WORDS[place % 2]} {place}"
        idea.search = fold(idea.title)
        idea.save()
        TaggedIdea.objects.create(content_object=idea, tag=tag)
    open_now(vote)
    return found


def test_every_combination_leaves_what_it_says_and_counts_what_it_would(contest: Any) -> None:
    first = contest.contest.categories.first().key
    choices: dict[str, tuple[Any, ...]] = {
        "category": ((), (first,)),
        "tag": ((), (fold("藍色"),)),
        "district": ((), ("islands",), DISTRICTS),
        "status": ((), ("shortlisted",)),
        "text": ("", "树荫", "飲水機 water"),
    }
    ideas = list(contest.ideas.select_related("category").prefetch_related("tags"))

    def kept(idea: Idea, filters: Filters) -> bool:
        return (
            (not filters.category or idea.category.key in filters.category)
            and (not filters.tag or idea.tags.all()[0].slug in filters.tag)
            and (not filters.district or idea.district in filters.district)
            and (not filters.status or idea.status in filters.status)
            and all(word in idea.search for word in fold(filters.text).split())
        )

    for chosen in itertools.product(*choices.values()):
        filters = Filters(**dict(zip(choices, chosen, strict=True)), sort="newest")
        wanted = {idea.pk for idea in ideas if kept(idea, filters)}
        found = look_up(contest, filters)
        assert {idea.pk for idea in found.ideas} == wanted, filters
        assert found.total == len(wanted)
        for group in found.groups:
            for option in group["options"]:
                alone = Filters(**{**vars(filters), group["name"]: (option.value,)})
                assert option.count == sum(kept(idea, alone) for idea in ideas), (filters, option)


def test_each_page_takes_at_most_twenty_queries(contest: Any, client: Client) -> None:
    idea = contest.ideas.first()
    make_public_comment(contest, "Yes.", thread=idea.thread, side="for")
    vote = contest.contest.vote
    cast(vote, [idea])
    category = contest.contest.categories.first().key
    base = f"/en/e/{contest.public_id}/ideas/"
    every = f"category={category}&tag=green&district=sha-tin&status=received&q=shade"
    asked = {}
    for path in (
        contest.paths["en"],
        f"/en/ideas/{key(idea)}/",
        f"{base}1/?seed=5",
        f"{base}feed/",
        f"/en/e/{contest.public_id}/votes/",
        *(
            f"{base}?{query}"
            for query in (
                *(f"sort={sort}" for sort in ("newest", "discussed", "supported")),
                "seed=5",
                f"{every}&seed=5",
                f"{every}&sort=supported&page=2",
            )
        ),
    ):
        client.get(path)
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            # A parameter that no page knows: such a page is made each time.
            answer = client.get(path + ("&" if "?" in path else "?") + "again=1")
        assert answer.status_code == 200, path
        asked[path] = len(queries)
    assert max(asked.values()) <= MOST_QUERIES, asked
