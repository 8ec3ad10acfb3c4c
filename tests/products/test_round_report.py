"""A round in the bureau's report, and who hears that one opens."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.core.cache import cache
from django.utils import translation

from core import clock
from crowdtasks.products import report
from feedback.sections import registered
from notifications.models import Notice
from participation.actions.follows import follow_engagement
from participation.actions.telling import followers_of
from tests.factories.engagements import make_engagement
from tests.factories.participation import make_citizen
from tests.factories.products import (
    build,
    builds_of,
    hand_in,
    make_product,
    make_rewarded,
    make_round,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


def test_numbers_at_any_time_and_measures_sealed_as_results_are() -> None:
    sections = {one.key: one for one in registered()}
    assert not sections["round"].sealed
    assert sections["usability"].sealed
    _page, row = make_rewarded()
    hand_in(row, make_citizen())
    engagement = row.engagement
    found = sections["round"].live(engagement, clock.now())
    assert found is not None
    assert (found.figures["finished"], found.figures["points_earned"]) == (1, 10)
    few = sections["usability"].live(engagement, clock.now())
    assert few is not None
    assert (few.figures, few.tables) == ({"tried": 1}, [])
    assert sections["usability"].live(make_engagement(), clock.now()) is None


def test_measures_of_two_builds_say_the_difference_in_three_languages() -> None:
    _page, product = make_product(builds=[build("1"), build("2")])
    first, second = builds_of(product)
    dates = {"closes": 4000, "results_from": "live"}
    earlier = make_round(build=first, opens=-9, **dates)[1]
    later = make_round(build=second, opens=-1, **dates)[1]
    for row in (earlier, later):
        for _each in range(5):
            hand_in(row)
    done = []
    with translation.override("zh-hant"):
        found = report.SECTIONS[1].build(later.engagement, clock.now(), done.append)
    assert done == [1.0]
    assert [one.key for one in found.tables] == ["success", "times", "compared"]
    rows = list(found.tables[0].rows)
    assert rows[0][1:3] == [5, 100.0]
    assert all(len(row) == len(one.columns) for one in found.tables for row in one.rows)
    assert found.tables[2].title["zh-hant"] == "與版本1比較"
    # All of it is JSON, to be kept.
    json.dumps([found.figures, found.lines, rows])


def test_followers_of_a_product_hear_that_a_round_opens() -> None:
    _page, product = make_product()
    follower, stranger = make_citizen(), make_citizen()
    follow_engagement(engagement=product, account=follower)
    follow_engagement(engagement=make_engagement(), account=stranger)
    _page, row = make_round(build=builds_of(product)[0], opens=1)
    assert [one.account for one in followers_of(row.engagement)] == [follower]
    assert not Notice.objects.filter(kind="opened").exists()


def test_the_product_page_says_what_round_comes_next(
    client, django_capture_on_commit_callbacks
) -> None:
    _page, product = make_product()
    path = product.paths["en"]
    assert "No next round is planned yet" in client.get(path).content.decode()
    # The page is kept, and a new round makes it anew.
    with django_capture_on_commit_callbacks(execute=True):
        coming = make_round(build=builds_of(product)[0], opens=4, title="In four days")[1]
    assert "The next round opens on" in client.get(path).content.decode()
    # The store of kept pages goes by its own clock.
    cache.clear()
    with clock.travel(dt.timedelta(days=5)):
        shown = client.get(path).content.decode()
        assert "This round is open until" in shown
        assert coming.engagement.paths["en"] in shown
