"""The opinion groups' page, its file and the job that keeps them."""

import csv
import datetime as dt
import io
import json
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from accounts.models import Role
from consultations import tasks
from consultations.actions.opinion import keep_grouping
from consultations.actions.statements import follow_contribution
from consultations.models import OpinionGrouping
from consultations.opinion.publishing import shown_cells
from consultations.opinion_map import draw
from core import clock, jobs, schedule
from participation.actions.votes import cast_vote
from participation.models import Contribution, ContributionState, Engagement, Vote
from tests.factories.engagements import grant, make_account, make_engagement
from tests.factories.opinions import make_camps
from tests.factories.participation import make_receipt
from tests.factories.statements import make_persons, make_statement

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(tree):
    # The CMS asks for jobs of its own when the tree is made.
    jobs.drain()
    return tree


@pytest.fixture
def engagement() -> Engagement:
    return make_engagement(title="Bags")


def page(engagement: Engagement, name: str = "opinion_groups", language: str = "en") -> str:
    path = reverse(f"consultations:{name}", args=[engagement.public_id])
    return path.replace("/en/", f"/{language}/")


def made(engagement: Engagement) -> OpinionGrouping:
    return OpinionGrouping.objects.get(engagement=engagement)


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


# --- the page -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_the_page_says_the_same_as_map_and_table(client, engagement, language):
    make_camps(engagement, sizes=(12, 8))
    keep_grouping(engagement=engagement)
    response = client.get(page(engagement, language=language))
    assert response.status_code == 200
    html = response.content.decode()
    assert 'style="' not in html
    assert "<script" not in html.split("<main")[1]
    assert "csrfmiddlewaretoken" not in html
    assert html.count('class="hk-map__spread') == 2
    table = html.split("<table")[1].split("</table>")[0]
    figures = re.findall(r'--numeric" role="cell">.*?__value">([^<]+)</span></td>', table)
    outlines = [each["outline"] for each in made(engagement).data["groups"]]
    assert figures == [
        part
        for people, percent, outline in zip(("12", "8"), ("60%", "40%"), outlines, strict=True)
        for part in (
            people,
            percent,
            f"{outline['x']:.1f}, {outline['y']:.1f}",
            f"{outline['long']:.1f}, {outline['short']:.1f}",
        )
    ]
    if language == "en":
        words = text_of(html)
        assert "20 of the 20 people who answered are shown in 2 groups." in words
        assert "Group A: 12 people (60%)" in words
        assert "All groups agree" in words


def test_nobody_is_named_and_nobody_stands_alone(client, engagement):
    camps = make_camps(engagement, sizes=(40, 30))
    keep_grouping(engagement=engagement)
    stored = json.dumps(made(engagement).data)
    html = client.get(page(engagement)).content.decode()
    for person in (each for camp in camps for each in camp):
        assert person.public_id not in stored + html
    dots = [dot for each in made(engagement).data["groups"] for dot in each["outline"]["dots"]]
    assert sum(dot["people"] for dot in dots) == 70
    assert all(dot["people"] >= 5 for dot in dots)


def test_a_group_under_five_is_not_shown(client, engagement):
    make_camps(engagement, sizes=(30, 4))
    keep_grouping(engagement=engagement)
    assert made(engagement).data == {"groups": []}
    html = client.get(page(engagement)).content.decode()
    assert "not enough answers for groups" in html
    assert "<svg class=" not in html.split("<main")[1]
    assert client.get(page(engagement, "opinion_groups_csv")).status_code == 404


def test_a_figure_from_which_few_answers_could_be_worked_out_is_not_shown():
    wide, small = (20, 5, 5), (2, 1, 1)
    assert shown_cells([wide, (6, 0, 0)], 36) == [wide, (6, 0, 0)]
    assert shown_cells([wide, small], 34) == [None, None]
    assert shown_cells([wide, (6, 0, 0), small], 40) == [wide, None, None]
    # Two who are in no group: their answers would be the difference.
    assert shown_cells([wide, (6, 0, 0)], 38) == [wide, None]
    assert shown_cells([wide, (6, 0, 0)], 41) == [wide, (6, 0, 0)]
    assert shown_cells([small, small], 8) == [None, None]


def test_few_who_are_not_placed_cannot_be_worked_out(client, engagement):
    make_camps(engagement, sizes=(12, 8))
    statement = engagement.statements.order_by("pk").first()
    Vote.objects.create(
        ballot=statement.ballot, person=make_persons(1)[0], choice=-1, cast_at=clock.now()
    )
    keep_grouping(engagement=engagement)
    rows = {row["statement"]: row for row in made(engagement).data["statements"]}
    assert rows[statement.public_id]["counts"][1] is None
    assert rows[statement.public_id]["consensus"] is None
    marks = [mark for each in made(engagement).data["groups"] for mark in each["marks"]]
    assert statement.public_id not in {mark["statement"] for mark in marks}
    assert "Too few to show" in client.get(page(engagement)).content.decode()


def test_the_page_is_the_same_for_everyone(client, engagement):
    make_camps(engagement)
    keep_grouping(engagement=engagement)
    with clock.freeze(clock.now()):
        anonymous = client.get(page(engagement)).content
        client.force_login(make_account())
        cache.clear()
        assert client.get(page(engagement)).content == anonymous


def test_as_many_queries_for_two_hundred_statements(client, engagement):
    numbers = []
    for statements in (9, 200):
        other = make_engagement()
        make_camps(other, statements=statements)
        keep_grouping(engagement=other)
        client.get(page(other))
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            client.get(page(other))
        numbers.append(len(captured))
    assert numbers[0] == numbers[1] <= 6


def test_a_withheld_statement_goes_from_the_page_at_once(client, engagement):
    make_camps(engagement)
    statement = engagement.statements.order_by("pk").first()
    statement.text = {"en": "=SECRET words"}
    statement.save()
    keep_grouping(engagement=engagement)
    assert "SECRET" in client.get(page(engagement)).content.decode()
    assert "'=SECRET" in client.get(page(engagement, "opinion_groups_csv")).content.decode()
    statement.state = "withheld"
    statement.save()
    cache.clear()
    for name in ("opinion_groups", "opinion_groups_csv"):
        assert "SECRET" not in client.get(page(engagement, name)).content.decode()


def test_the_file_holds_the_table(client, engagement):
    make_camps(engagement, sizes=(12, 8))
    keep_grouping(engagement=engagement)
    response = client.get(page(engagement, "opinion_groups_csv"))
    assert response.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0][:5] == ["id", "language", "statement", "consensus", "group A agree"]
    stored = made(engagement).data["statements"]
    assert len(rows) == 1 + len(stored) + 1 + 2 + 1
    by_id = {row[0]: row for row in rows[1 : 1 + len(stored)]}
    for each in stored:
        figures = [str(figure) for cell in each["counts"] for figure in cell]
        assert by_id[each["statement"]][4:] == figures
    assert ["group A", "12"] in rows


# --- sealed -------------------------------------------------------------------------------------


@pytest.mark.parametrize("results_from", ["close", "outcome"])
def test_sealed_groups_are_nowhere(client, results_from):
    sealed = make_engagement(results_from=results_from)
    make_camps(sealed, sizes=(23, 17))
    assert not keep_grouping(engagement=sealed)
    schedule.run_due()
    jobs.drain()
    assert not OpinionGrouping.objects.exists()
    officer = make_account()
    grant(officer, Role.OFFICER, sealed.owner)
    client.force_login(officer)
    html = client.get(page(sealed)).content.decode()
    assert "<svg class=" not in html.split("<main")[1]
    assert not re.search(r"\b(23|17|40)\b", text_of(html.split("<main")[1].split("</main")[0]))
    assert client.get(page(sealed, "opinion_groups_csv")).status_code == 409
    cache.clear()
    with clock.freeze(sealed.closes_at):
        tasks.watch_votes()
        jobs.drain()
        assert OpinionGrouping.objects.exists() == (results_from == "close")
        cache.clear()
        shown = "23 people" in client.get(page(sealed)).content.decode()
        assert shown == (results_from == "close")


def test_what_was_stored_before_the_seal_is_neither_shown_nor_kept(client, engagement):
    make_camps(engagement)
    keep_grouping(engagement=engagement)
    Engagement.objects.filter(pk=engagement.pk).update(results_from="close")
    engagement.refresh_from_db()
    cache.clear()
    assert "<svg class=" not in client.get(page(engagement)).content.decode().split("<main")[1]
    assert client.get(page(engagement, "opinion_groups_csv")).status_code == 409
    assert not keep_grouping(engagement=engagement)
    assert not OpinionGrouping.objects.exists()


# --- the job ------------------------------------------------------------------------------------


def turn() -> int:
    """What the scheduler and the worker do in a moment; how many groupings were asked for."""
    tasks.watch_votes()
    ready = DBTaskResult.objects.filter(status=TaskResultStatus.READY)
    asked = ready.filter(args_kwargs__args__0="consultations.group_opinions").count()
    jobs.drain()
    return asked


def test_votes_are_grouped_within_seconds_and_not_again_before_they_move(engagement):
    now = clock.now()
    with clock.freeze(now):
        make_camps(engagement, sizes=(12, 8))
        assert turn() == 1
        first = made(engagement)
        assert (first.people, first.placed, first.at) == (20, 20, now)
    with clock.freeze(now + dt.timedelta(minutes=1)):
        assert turn() == 0
        make_camps(engagement, sizes=(6, 6))
        assert turn() == 1
        assert made(engagement).people == 32
    with clock.freeze(now + dt.timedelta(minutes=1, seconds=5)):
        make_camps(engagement, sizes=(6, 6))
        # Too soon: the next turn after the pause sees it.
        assert turn() == 0
    with clock.freeze(now + dt.timedelta(minutes=1, seconds=11)):
        assert turn() == 1
        assert made(engagement).people == 44
        assert turn() == 0


def test_few_people_s_answers_wait_for_more_or_for_the_close(engagement):
    now = clock.now()
    camps = make_camps(engagement, sizes=(12, 8))
    keep_grouping(engagement=engagement)
    before = made(engagement)
    later = now + dt.timedelta(minutes=5)
    ballot = engagement.statements.order_by("pk").first().ballot
    with clock.freeze(later):
        for person in camps[0][:4]:
            cast_vote(ballot=ballot, person=person, choice=1)
            cast_vote(ballot=ballot, person=person, choice=0)
        turn()
        assert made(engagement).at == before.at
    with clock.freeze(engagement.closes_at):
        assert turn() == 1
        assert made(engagement).at == engagement.closes_at
        assert turn() == 0
    with clock.freeze(engagement.closes_at + dt.timedelta(days=1)):
        assert turn() == 0


def test_a_fifth_person_lets_them_in(engagement):
    camps = make_camps(engagement, sizes=(12, 8))
    keep_grouping(engagement=engagement)
    ballot = engagement.statements.order_by("pk").first().ballot
    later = clock.now() + dt.timedelta(minutes=5)
    with clock.freeze(later):
        for person in camps[1][:5]:
            cast_vote(ballot=ballot, person=person, choice=0)
            cast_vote(ballot=ballot, person=person, choice=-1)
        assert turn() == 1
        assert made(engagement).at == later


def test_a_second_run_writes_nothing_and_an_older_one_never_wins(engagement):
    make_camps(engagement)
    assert keep_grouping(engagement=engagement)
    first = made(engagement)
    assert not keep_grouping(engagement=engagement)
    # Somebody else saw more: what is computed from less is thrown away.
    OpinionGrouping.objects.update(events=first.events + 100, rejected=7)
    assert not keep_grouping(engagement=engagement)
    assert made(engagement).rejected == 7


@pytest.mark.django_db(transaction=True)
def test_the_next_reader_sees_the_new_groups(client, home):
    engagement = make_engagement()
    make_camps(engagement, sizes=(12, 8))
    assert "being worked out" in client.get(page(engagement)).content.decode()
    tasks.group_opinions(engagement.pk)
    assert "Group A: 12 people" in client.get(page(engagement)).content.decode()


def test_a_decision_on_a_statement_asks_for_new_groups(engagement):
    make_camps(engagement)
    receipt = make_receipt(engagement)
    contribution = Contribution.objects.get(pk=receipt.contribution.pk)
    statement = make_statement(engagement, contribution=contribution)
    keep_grouping(engagement=engagement)
    contribution.state = ContributionState.WITHHELD
    follow_contribution(contribution)
    statement.refresh_from_db()
    assert statement.state == "withheld"
    assert jobs.drain() >= 1
    assert made(engagement).rejected == 1


def test_a_job_for_what_is_gone_does_nothing():
    tasks.group_opinions(10**9)
    assert not OpinionGrouping.objects.exists()


def test_an_engagement_without_answers_is_looked_at_once(engagement):
    make_statement(engagement)
    assert turn() == 1
    assert made(engagement).data == {"groups": []}
    with clock.freeze(clock.now() + dt.timedelta(minutes=9)):
        assert turn() == 0


# --- the map ------------------------------------------------------------------------------------


def test_five_groups_are_drawn_within_the_picture():
    groups = [
        {
            "people": 10 * each,
            "outline": {
                "x": 3.0 * each,
                "y": (-1.0) ** each,
                "long": 2.0,
                "short": 0.5,
                "angle": 30.0 * each,
                "dots": [{"x": 3.0 * each, "y": 0.5, "people": 5 * each}],
            },
        }
        for each in range(1, 6)
    ]
    picture = draw(groups)
    assert [each.letter for each in picture.groups] == list("ABCDE")
    assert len({each.shapes[0].count("L") for each in picture.groups}) >= 4
    for each in picture.groups:
        assert 0 < each.ellipse.x < 720
        assert 0 < each.ellipse.y < picture.height
        for numbers in re.findall(r"-?\d+(?:\.\d+)?", each.ellipse.turn):
            assert abs(float(numbers)) < 1000


def test_groups_at_one_point_are_drawn_too():
    point = {"x": 1.0, "y": 1.0, "long": 0.0, "short": 0.0, "angle": 0.0}
    group = {"people": 5, "outline": {**point, "dots": [{"x": 1.0, "y": 1.0, "people": 5}]}}
    assert len(draw([group, group]).groups) == 2


def test_a_middle_that_rounds_to_nought_has_no_sign(client):
    engagement = make_engagement()
    make_camps(engagement)
    keep_grouping(engagement=engagement)
    kept = made(engagement)
    for each in kept.data["groups"]:
        each["outline"]["x"] = each["outline"]["y"] = -0.04
    kept.save()
    cache.clear()
    html = client.get(page(engagement)).content.decode()
    assert html.count(">0.0, 0.0</span>") >= len(kept.data["groups"])
    assert "-0.0" not in html
