"""(i) A contest of 20,000 ideas, 200,000 comments and 1,000,000 votes, against one of 200 ideas.

Both are in their vote, with totals told, and as much is said and voted on each idea. They stand in
one database and take turns, so the ratio is of their sizes alone. CPU is of this process, for a
page that is made anew. What has to read every idea is kept for half a minute (``ideas.counted``),
turnout for some seconds (``participation.live``): the first page that asks pays for it and has a
column of its own.
"""

from __future__ import annotations

import datetime as dt
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from bench.ballots import make_votes
from bench.queries import AIM, queries_of
from bench.server import table

FEW, MANY, COMMENTS_EACH, VOTES_EACH = 200, 20_000, 10, 50
ROUNDS = 7
RATIO = 1.3
VOTERS, VOTE_QUERIES = 40, 8
BATCH = 2000

_WHAT = (
    "benches",
    "trees",
    "lifts",
    "bins",
    "crossings",
    "stops",
    "signs",
    "lamps",
    "ramps",
    "taps",
)
_HOW = ("shaded", "quiet", "longer", "safer", "cleaner", "cheaper", "solar", "shared", "better")
_WHERE = ("harbour", "estate", "market", "school", "library", "park", "hospital", "station", "pier")
_CHINESE = ("在屋邨加設座椅", "巴士站增設上蓋", "延長行人綠燈時間", "改善街市通風", "海濱種植樹木")
_DISTRICTS = ("sha-tin", "yuen-long", "wan-chai", "sham-shui-po", "islands")


def _title(chance: random.Random, number: int) -> str:
    if number % 4 == 0:
        return f"{chance.choice(_CHINESE)}（{number}）"
    words = (
        chance.choice(_HOW),
        chance.choice(_WHAT),
        chance.choice(_WHERE),
        chance.choice(_WHERE),
    )
    return f"{words[0].title()} {words[1]} between the {words[2]} and the {words[3]} {number}"


def _batches(number: int) -> Iterator[range]:
    for first in range(0, number, BATCH):
        yield range(first, min(number, first + BATCH))


def make(ideas: int, *, comments: int = COMMENTS_EACH, votes: int = VOTES_EACH) -> Any:
    """A contest in its vote with that many public ideas, each with comments and votes."""
    from ideas.models import Category, Idea, IdeaTag
    from participation.models import Engagement
    from tests.factories.votes import make_voting, open_now

    chance = random.Random(7)
    _page, vote, _ideas_made = make_voting(
        "stars", ideas=0, title=f"Contest of {ideas}", results_from="live"
    )
    contest = vote.ballot.engagement
    categories = list(Category.objects.filter(contest=contest.pk))
    tags = [
        IdeaTag.objects.get_or_create(slug=name, defaults={"name": name})[0] for name in _WHAT[:8]
    ]
    for numbers in _batches(ideas):
        _ideas(contest, numbers, chance, categories, tags)
    mine = Idea.objects.filter(engagement=contest)
    threads = mine.values_list("thread_id", flat=True)
    rows = (thread for thread in threads.iterator() for _each in range(comments))
    while batch := list(islice(rows, BATCH)):
        _comments(contest, batch)
    make_votes(contest, ideas * votes, list(mine.values_list("pk", flat=True)))
    open_now(vote)
    return Engagement.objects.get(pk=contest.pk)


def _entries(contest: Any, kind: str, texts: list[str]) -> list[Any]:
    from core import clock
    from participation.models import Contribution, ContributionVersion

    now = clock.now()
    rows = Contribution.objects.bulk_create(
        Contribution(
            engagement=contest,
            kind=kind,
            language="en",
            received_at=now,
            published_at=now,
            state="published",
            author_name="Somebody",
            text=text,
        )
        for text in texts
    )
    ContributionVersion.objects.bulk_create(
        ContributionVersion(contribution=row, number=1, text=row.text, at=now) for row in rows
    )
    return rows


def _ideas(
    contest: Any, numbers: range, chance: random.Random, categories: list[Any], tags: list[Any]
) -> None:
    from core.text import fold
    from ideas.models import Idea, TaggedIdea
    from participation.models import Thread

    minute = dt.timedelta(minutes=1)
    said = "People wait long here, and the shade is gone by noon. " * 6
    titles = [_title(chance, number) for number in numbers]
    entries = _entries(contest, "idea", [f"{title}\n\n{said}" for title in titles])
    threads = Thread.objects.bulk_create(
        Thread(engagement=contest, key=f"idea-{row.public_id}", kind="idea") for row in entries
    )
    made = Idea.objects.bulk_create(
        Idea(
            contribution=row,
            engagement=contest,
            thread=thread,
            title=title,
            text=said,
            is_public=True,
            category=chance.choice(categories),
            district=chance.choice(_DISTRICTS),
            received_at=row.received_at,
            # No contest has all of its ideas changed at one instant.
            changed_at=row.received_at - number * minute,
            folded_title=fold(title),
            search=fold(row.text),
        )
        for number, row, thread, title in zip(numbers, entries, threads, titles, strict=True)
    )
    TaggedIdea.objects.bulk_create(
        TaggedIdea(content_object=idea, tag=tag) for idea in made for tag in chance.sample(tags, 2)
    )


def _comments(contest: Any, threads: list[int]) -> None:
    from participation.models import Comment

    entries = _entries(contest, "comment", [f"Remark on {thread}" for thread in threads])
    Comment.objects.bulk_create(
        Comment(contribution=row, thread_id=thread)
        for row, thread in zip(entries, threads, strict=True)
    )


def _pages(contest: Any) -> dict[str, str]:
    from ideas.models import Idea

    idea = Idea.objects.filter(engagement=contest).select_related("contribution")[50]
    listed = f"/en/e/{contest.public_id}/ideas/"
    return {
        "list, shuffled": f"{listed}?seed=5",
        "list, newest": f"{listed}?sort=newest",
        "list, most discussed": f"{listed}?sort=discussed",
        "list, most supported": f"{listed}?sort=supported",
        "list, a district and a tag": f"{listed}?seed=5&district=sha-tin&tag=trees",
        "list, a word": f"{listed}?seed=5&q=harbour",
        "one at a time": f"{listed}7/?seed=5",
        "idea with its comments": f"/en/ideas/{idea.contribution.public_id}/",
        "contest": contest.paths["en"],
        "facets of the API": f"/api/v1/contests/{contest.public_id}/facets?tag=trees",
        "how the vote stands": f"/en/e/{contest.public_id}/votes/",
    }


def _cost(client: Any, path: str) -> float:
    """CPU of a page that no page cache answers."""
    began = time.process_time()
    status = client.get(path).status_code
    took = time.process_time() - began
    if status != 200:
        raise SystemExit(f"{path} was answered {status}.")
    return took * 1000


def _row(client: Any, name: str, few: str, many: str) -> list[str]:
    from django.core.cache import cache

    # A parameter that no page knows: the view is asked each time.
    few, many = (path + ("&" if "?" in path else "?") + "bench=1" for path in (few, many))
    queries = [queries_of(client, path) for path in (few, many)]
    cache.clear()
    first = _cost(client, many)
    _cost(client, few)
    costs = [(_cost(client, few), _cost(client, many)) for _each in range(ROUNDS)]
    small, large = (statistics.median(pair[at] for pair in costs) for at in (0, 1))
    ratio = statistics.median(pair[1] / pair[0] for pair in costs)
    met = max(queries) <= AIM and queries[0] == queries[1] and ratio <= RATIO
    return [
        name,
        f"{queries[0]} / {queries[1]}",
        f"{small:.1f}",
        f"{large:.1f}",
        f"{ratio:.2f}",
        f"{first:.0f}",
        "met" if met else "missed",
    ]


def _vote(contest: Any, person: Any, ideas: Sequence[str], stars: int) -> tuple[int, float]:
    """Queries and CPU of one vote as an edge casts it: the ballot loaded, then the action."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from core import clock
    from ideas.access import access_vote
    from participation.actions.choices import cast_choices

    with clock.scope():
        ballot = access_vote(contest.public_id).ballot
        with CaptureQueriesContext(connection) as caught:
            began = time.process_time()
            cast_choices(ballot=ballot, person=person, choices=dict.fromkeys(ideas, stars))
            took = time.process_time() - began
    asked = [one["sql"] for one in caught.captured_queries]
    return len([sql for sql in asked if not sql.startswith(("BEGIN", "COMMIT"))]), took * 1000


def _votes(few: Any, many: Any) -> list[list[str]]:
    """Votes cast and changed in both contests in turn."""
    from ideas.models import Idea
    from tests.factories.participation import make_citizen

    three = [
        list(
            Idea.objects.filter(engagement=contest).values_list(
                "contribution__public_id", flat=True
            )[:3]
        )
        for contest in (few, many)
    ]
    people = [make_citizen().person for _each in range(VOTERS)]
    rows = []
    for name, stars in (("cast", 4), ("changed", 2)):
        costs = [
            [
                _vote(contest, person, ideas, stars)
                for contest, ideas in zip((few, many), three, strict=True)
            ]
            for person in people
        ]
        queries = max(pair[at][0] for pair in costs for at in (0, 1))
        small, large = (statistics.median(pair[at][1] for pair in costs) for at in (0, 1))
        ratio = statistics.median(pair[1][1] / pair[0][1] for pair in costs)
        rows.append(
            [
                name,
                str(queries),
                f"{small:.1f}",
                f"{large:.1f}",
                f"{ratio:.2f}",
                "met" if queries <= VOTE_QUERIES else "missed",
            ]
        )
    return rows


def _counting() -> float:
    """Seconds of CPU of the job that brings totals up to date while people vote."""
    from core import clock
    from ideas.tasks import count_votes

    began = time.process_time()
    with clock.scope():
        count_votes()
    return time.process_time() - began


def run() -> None:
    """Make both contests, ask for each page in turn, print the tables."""
    from django.test import Client

    few, many = make(FEW), make(MANY)
    client = Client()
    first, again = _counting(), _counting()
    small, large = _pages(few), _pages(many)
    print(
        f"Contests of {FEW} and of {MANY:,} ideas, each idea with {COMMENTS_EACH} comments and "
        f"{VOTES_EACH} voters; pages that are not kept"
    )
    table(
        [
            "",
            "queries",
            f"CPU ms at {FEW}",
            f"CPU ms at {MANY:,}",
            "ratio",
            "first that asks, ms",
            f"aim: {RATIO}",
        ],
        [_row(client, name, small[name], large[name]) for name in small],
    )
    print(f"A vote for three ideas where {FEW * VOTES_EACH:,} and {MANY * VOTES_EACH:,} have voted")
    table(
        [
            "",
            "queries",
            f"CPU ms at {FEW}",
            f"CPU ms at {MANY:,}",
            "ratio",
            f"aim: at most {VOTE_QUERIES} queries",
        ],
        _votes(few, many),
    )
    print(f"The totals of both while people vote: {first:.1f} s of CPU, then {again:.1f} s\n")
