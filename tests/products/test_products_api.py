"""Products and rounds by a program: under the same seals as the pages."""

from __future__ import annotations

import pytest

from tests.api.conftest import Api
from tests.factories.engagements import make_engagement
from tests.factories.panel import make_invited, taking_part, volunteers
from tests.factories.participation import make_citizen
from tests.factories.products import (
    builds_of,
    code_for,
    hand_in,
    make_product,
    make_rewarded,
    make_round,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


def test_a_product_its_builds_and_its_rounds_are_read() -> None:
    _page, product = make_product(title="Seats")
    _page, row = make_rewarded(build=builds_of(product)[0], title="Seats, first", closes=9)
    hand_in(row)
    nobody = Api(None)
    (listed,) = nobody.ask("GET", "products")[1]["items"]
    assert (listed["title"]["en"], listed["build"]) == ("Seats", "1")
    whole = nobody.ask("GET", f"products/{product.public_id}")[1]
    assert [one["version"] for one in whole["builds"]] == ["1"]
    assert [(one["title"]["en"], one["tried"]) for one in whole["rounds"]] == [("Seats, first", 1)]
    one = nobody.ask("GET", f"rounds/{row.engagement.public_id}")[1]
    assert (one["product"], one["reward"], one["rewards_left"]) == (product.public_id, 10, 4)
    assert [step["title"]["en"] for step in one["steps"]] == ["Find a seat", "Book it"]
    assert one["pages"]["zh-hant"].startswith("/zh-hant/products/")
    for path in (f"products/{row.engagement.public_id}", f"rounds/{product.public_id}"):
        assert nobody.ask("GET", path)[0] == 404
    assert nobody.ask("GET", f"rounds/{make_engagement().public_id}")[0] == 404


def test_figures_are_sealed_as_the_page_is_and_tell_nothing_of_few(client) -> None:
    _page, sealed = make_round(results_from="close")
    path = f"rounds/{sealed.engagement.public_id}/figures"
    status, refused = Api(None).ask("GET", path)
    assert status == client.get(f"/en/e/{sealed.engagement.public_id}/figures/").status_code
    assert status in {403, 409}
    assert "steps" not in refused
    row = make_invited(results_from="live", asks_sus=True)
    path = f"rounds/{row.engagement.public_id}/figures"
    *four, fifth = volunteers(5)
    taking_part(row, [*four, fifth])
    for account in four:
        hand_in(row, account)
    assert Api(None).ask("GET", path)[1]["steps"] == []
    hand_in(row, fifth)
    found = Api(None).ask("GET", path)[1]
    assert (found["tried"], found["build"], found["sus"]) == (5, "1", None)
    assert found["steps"][0]["success"]["value"] == 1.0
    assert found["steps"][0]["success"]["low"] < 1


def test_a_program_enters_a_claim_code_for_its_owner_once() -> None:
    _page, row = make_rewarded()
    code = code_for(hand_in(row))
    assert Api(None).ask("POST", "claims", {"code": code})[0] == 401
    mei, fong = Api(make_citizen()), Api(make_citizen())
    status, had = mei.ask("POST", "claims", {"code": code.lower()})
    assert (status, had["points"], had["state"]) == (201, 10, "accepted")
    assert had["round"] == row.engagement.public_id
    status, refused = fong.ask("POST", "claims", {"code": code})
    assert (status, refused["code"]) == (422, "used")
    assert fong.ask("POST", "claims", {})[0] == 422


def test_feed_and_calendar_of_rounds(client) -> None:
    _page, row = make_round(title="Seats, first", opens=-2, closes=9)
    make_round(title="Later", opens=3, closes=9)
    bureau = row.engagement.owner.slug
    for path in ("/en/products/feed/", f"/en/products/feed/?bureau={bureau}"):
        found = client.get(path)
        assert found.headers["Content-Type"].startswith("application/atom+xml")
        text = found.content.decode()
        assert "To try now: Seats, first" in text
        assert "Later" not in text
        assert row.engagement.paths["en"] in text
    assert client.get("/en/products/feed/?bureau=nobody").status_code == 404
    assert "/en/products/feed/" in client.get("/en/products/").content.decode()
    days = client.get(f"/zh-hant/e/{row.engagement.public_id}/round.ics").content.decode()
    assert days.count("BEGIN:VEVENT") == 1
    assert "Seats" in days


def test_lists_ask_the_same_of_one_and_of_many(django_assert_max_num_queries) -> None:
    nobody = Api(None)
    _page, product = make_product()
    build = builds_of(product)[0]
    make_round(build=build)
    paths = ("products", f"products/{product.public_id}")
    few = []
    for path in paths:
        nobody.ask("GET", path)
        with django_assert_max_num_queries(20) as asked:
            nobody.ask("GET", path)
        few.append(len(asked))
    for _each in range(4):
        make_product()
        make_round(build=build)
    for path, number in zip(paths, few, strict=True):
        with django_assert_max_num_queries(number):
            nobody.ask("GET", path)
