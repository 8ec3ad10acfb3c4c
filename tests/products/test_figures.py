"""A round in figures: what is counted, what is told of few, and how two builds compare."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from crowdtasks.products.actions.trying import answer_step, show_step
from crowdtasks.products.figures import compare, earlier_of, figures_of
from crowdtasks.products.models import Attempt, Round
from tests.factories.products import begin, build, builds_of, make_product, make_round, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]

NOW = dt.datetime(2026, 5, 4, 3, 0, tzinfo=dt.UTC)


def _try(row: Round, seconds: int, went: str, ease: int) -> Attempt:
    """A try in which each step takes so long and goes so."""
    with clock.freeze(NOW):
        attempt = begin(row)
        for place, step in enumerate(row.steps.all()):
            with clock.travel(dt.timedelta(seconds=place * seconds)):
                show_step(attempt=attempt, step=step)
            with clock.travel(dt.timedelta(seconds=(place + 1) * seconds)):
                answer_step(
                    attempt=attempt, step=step, went=went, difficulty=ease, interrupted=False
                )
        send(attempt)
    return attempt


@pytest.fixture
def two_rounds() -> tuple[Round, Round]:
    """Rounds of builds 1 and 2; five tries each, the later quicker and easier."""
    _page, product = make_product(builds=[build("1"), build("2")])
    first, second = builds_of(product)
    dates = {"closes": 4000}
    earlier = make_round(build=first, opens=-400, **dates)[1]
    later = make_round(build=second, opens=-300, **dates)[1]
    for place, seconds in enumerate((80, 90, 100, 110, 120)):
        _try(earlier, seconds, "done" if place else "failed", 2 + place % 2)
        _try(later, seconds // 4, "trouble" if place == 1 else "done", 6 + place % 2)
    return earlier, later


def test_a_step_in_figures_and_two_builds_compared(two_rounds) -> None:
    earlier, later = two_rounds
    figures = figures_of(earlier)
    assert (figures.tried, figures.enough) == (5, True)
    step = figures.steps[0]
    assert (step.seen.did, len(step.seen.went)) == (4, 5)
    assert sorted(step.seen.seconds) == [90, 100, 110, 120]
    assert step.success is not None
    assert step.success.value == 0.8
    found = earlier_of(later)
    assert found == earlier
    assert earlier_of(earlier) is None
    compared = compare(figures, figures_of(later))
    assert [one.step.block_id for one in compared] == ["find", "book"]
    assert compared[0].later.seen.with_trouble == 1
    assert compared[0].time is not None
    assert compared[0].time.clear
    assert compared[0].time.value == pytest.approx(0.24, abs=0.02)
    assert compared[0].ease is not None
    assert compared[0].ease.value == pytest.approx(4)
    # One in five is no clear difference.
    assert compared[0].success is not None
    assert not compared[0].success.clear


def test_the_page_compares_once_enough_have_tried_and_asks_little(two_rounds, client) -> None:
    earlier, later = two_rounds
    for language in ("en", "zh-hant", "zh-hans"):
        path = f"/{language}/e/{later.engagement.public_id}/figures/"
        with CaptureQueriesContext(connection) as asked:
            text = client.get(path).content.decode()
        assert "80%" not in text
        assert "× 0.2" in text
    assert len(asked) <= 20
    few = make_round(build=earlier.build)[1]
    text = client.get(f"/en/e/{few.engagement.public_id}/figures/").content.decode()
    assert "Figures are shown once a few more people have tried it" in text
    assert "<table" not in text
    sealed = make_round(build=earlier.build, results_from="close")[1]
    assert client.get(f"/en/e/{sealed.engagement.public_id}/figures/").status_code == 409
