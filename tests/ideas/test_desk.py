"""The bureau's desk of a contest: the funnel and the files, equal and without persons."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import openpyxl
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from ideas.actions.merging import merge_ideas
from ideas.actions.screening import screen_idea
from ideas.actions.status import change_status
from ideas.funnel import funnel_of
from ideas.models import Category, Idea
from ideas.tasks import tally_what_closed
from participation.actions.contributions import withdraw_contribution
from tests.factories.desk import make_officer
from tests.factories.ideas import make_contest, make_idea, make_many_ideas, make_public_idea
from tests.factories.participation import make_citizen, make_public_comment
from tests.factories.votes import after_the_vote, cast, in_the_vote, key, make_voting
from tests.ideas.test_office import IN_SCREENING, contest  # noqa: F401 - the fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
BACKEND = "accounts.backends.AccountBackend"


def signed_in(engagement: Any) -> Client:
    client = Client()
    client.force_login(make_officer(engagement.owner), backend=BACKEND)
    return client


def file(client: Client, engagement: Any, what: str, form: str, language: str = "en") -> bytes:
    answer = client.get(f"/{language}/e/{engagement.public_id}/desk/{what}.{form}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def test_the_funnel_counts_each_step(contest):  # noqa: F811
    officer = make_officer(contest.owner)
    ideas = [make_public_idea(contest, f"Idea {number}") for number in range(4)]
    make_idea(contest)
    gone = make_idea(contest)
    withdraw_contribution(
        contribution=gone.contribution, person=gone.contribution.person, account=None
    )
    parks = Category.objects.filter(contest=contest.pk).last()
    Idea.objects.filter(pk=ideas[0].pk).update(category=parks)
    with clock.travel(IN_SCREENING):
        for idea in ideas[:3]:
            idea.refresh_from_db()
            screen_idea(idea=idea, verdict="accepted", by=officer, language="en", version=1)
        merge_ideas(idea=ideas[3], into=ideas[2], by=officer)
        for known, status in (
            ("received", "shortlisted"),
            ("shortlisted", "awarded"),
            ("awarded", "done"),
        ):
            change_status(
                idea=ideas[0], status=status, sentence="So.", language="en", by=officer, known=known
            )
    found = funnel_of(contest)
    assert dict(zip([key for key, _name in found.steps], found.total.numbers, strict=True)) == {
        "received": 6,
        "public": 4,
        "accepted": 3,
        "ballot": 3,
        "shortlisted": 1,
        "awarded": 1,
    }
    assert [line.numbers[0] for line in found.lines] == [0, 1, 5]


def test_the_desk_in_three_languages_and_its_queries(contest):  # noqa: F811
    client = signed_in(contest)
    counts = []
    for number in (1, 49):
        make_many_ideas(contest, number)
        asked = []
        for path in ("", "ideas.csv", "comments.json"):
            cache.clear()
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(f"/en/e/{contest.public_id}/desk/{path}")
                assert answer.status_code == 200
                b"".join(answer) if answer.streaming else answer.content
            asked.append(len(queries))
        counts.append(asked)
        make_public_comment(contest, "One.", thread=contest.ideas.first().thread, side="for")
    assert counts[0][:2] == counts[1][:2]
    assert max(counts[1]) <= 20
    for language, words in (
        ("en", "The contest in numbers"),
        ("zh-hant", "比賽數字"),
        ("zh-hans", "比赛数字"),
    ):
        assert words in client.get(f"/{language}/e/{contest.public_id}/desk/").content.decode()


def test_files_say_the_same_without_persons_and_run_nothing():
    contest = make_contest()[1]  # noqa: F811
    author = make_citizen("Somebody Particular")
    idea = make_public_idea(contest, "=1+1", text="@cmd", account=author)
    reply = make_public_comment(
        contest, "+SUM(A1)", thread=idea.thread, side="against", account=author
    )
    client = signed_in(contest)
    for what, texts in (("ideas", ("=1+1", "@cmd")), ("comments", ("+SUM(A1)",))):
        raw = {form: file(client, contest, what, form) for form in ("csv", "xlsx", "json")}
        (row,) = json.loads(raw["json"])["items"]
        rows = list(csv.reader(io.StringIO(raw["csv"].decode("utf-8-sig"), newline="")))
        sheet = openpyxl.load_workbook(io.BytesIO(raw["xlsx"])).active
        cells = [["" if cell.value is None else str(cell.value) for cell in line] for line in sheet]
        assert rows == cells
        assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)
        for text in texts:
            assert text in row.values()
            assert f"'{text}" in rows[1]
            assert text not in rows[1]
        for content in (raw["json"].decode(), "".join(rows[1])):
            for personal in ("Somebody Particular", author.email, author.person.public_id):
                assert personal not in content
    assert reply.contribution.public_id in file(client, contest, "comments", "csv").decode()


def test_results_are_a_file_once_everybody_may_see_them():
    _page, vote, ideas = make_voting("budget", results_from="outcome", costs=200)
    contest = vote.ballot.engagement  # noqa: F811
    client = signed_in(contest)
    path = f"/en/e/{contest.public_id}/desk/results.json"
    with in_the_vote():
        cast(vote, [ideas[1]])
        assert client.get(path).status_code == 404
    with after_the_vote():
        tally_what_closed()
        assert client.get(path).status_code == 404
        type(contest).objects.filter(pk=contest.pk).update(results_from="close")
        rows = json.loads(file(client, contest, "results", "json"))["items"]
        first = rows[0]
        assert (first["id"], first["votes"], first["funded"]) == (key(ideas[1]), 1, True)
        assert "Within the budget" in file(client, contest, "results", "csv").decode()
        assert "預算" in file(client, contest, "results", "csv", "zh-hant").decode()
