"""The catalogue as people find it: narrowed, for their own points, in three languages."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from consultations.demo.days import on
from core import audit, clock, jobs
from crowdtasks.rewards.demo import PART
from crowdtasks.rewards.demo.data import OFFERS
from crowdtasks.rewards.models import Reward
from tests.factories import rewards as make

pytestmark = pytest.mark.django_db
BACKEND = "accounts.backends.AccountBackend"


def names(page: str) -> set[str]:
    """Which of the rewards below a page names."""
    return {name for name in ("Cheap", "Dear", "Gone", "Later", "Draft") if f">{name}<" in page}


@pytest.fixture
def shelf(db: None) -> None:
    def named(name: str, **more: object) -> None:
        make.make_reward(texts={"name": {"en": name, "zh-hant": name}}, **more)

    named("Cheap", points=50, kind="prize")
    named("Dear", points=2000)
    named("Gone", points=60, stock=0)
    named("Later", opens_at=clock.now() + dt.timedelta(days=1))
    named("Draft", offered=False)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Cheap", "Dear", "Gone"}),
        ("?kind=prize", {"Cheap"}),
        ("?most=100", {"Cheap", "Gone"}),
        ("?most=100&left=1", {"Cheap"}),
        ("?kind=nothing&most=x&order=y&page=99", {"Cheap", "Dear", "Gone"}),
        ("?most=99999999999999999999", {"Cheap", "Dear", "Gone"}),
    ],
)
def test_the_catalogue_is_narrowed_and_shows_what_is_offered_alone(client, shelf, query, found):
    page = client.get(reverse("rewards:catalogue") + query)
    assert page.status_code == 200
    assert names(page.content.decode()) == found


def test_for_me_says_what_my_points_are_enough_for(client, shelf):
    citizen = make.rich(points=55)
    client.force_login(citizen, backend=BACKEND)
    page = client.get(reverse("rewards:for_me")).content.decode()
    assert "You have 55 points to spend." in page
    assert page.count("Your points are enough") == 1
    assert "1,945 points more are needed." in page
    # Everybody's page is the same for a reader with points.
    assert "You have" not in client.get(reverse("rewards:catalogue")).content.decode()


def test_a_page_of_many_takes_no_more_queries_than_one_of_few(client):
    counts = []
    for more in (1, 11):
        for _each in range(more):
            make.make_reward(stock=1)
        with CaptureQueriesContext(connection) as caught:
            client.get(reverse("rewards:catalogue"))
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 6


@pytest.mark.parametrize(
    ("language", "rule"),
    [
        ("en", "Points can be spent until the end of the month 7 months after"),
        ("zh-hant", "可用至其後第7個月的月底"),
        ("zh-hans", "可用至其后第7个月的月底"),
    ],
)
def test_everybody_reads_until_when_points_can_be_spent(client, citizen, settings, language, rule):
    settings.KAIFONG = {**settings.KAIFONG, "POINTS_EXPIRE_MONTHS": 7}
    with translation.override(language):
        pages = [reverse(f"rewards:{name}") for name in ("catalogue", "for_me")]
        own = reverse("ledger:my_points")
    # Nothing is offered, and nothing says that points are kept.
    assert rule in client.get(pages[0]).content.decode()
    assert "stay yours" not in client.get(pages[0]).content.decode()
    client.force_login(citizen, backend=BACKEND)
    for path in (*pages, own):
        assert rule in client.get(path).content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Ferry voucher", "Terms", "3 left")),
        ("zh-hant", ("渡輪換領券", "條款", "尚餘3份")),
        ("zh-hans", ("渡轮换领券", "条款", "尚余3份")),
    ],
)
def test_a_reward_reads_in_three_languages(client, language, words):
    row = make.make_reward()
    with translation.override(language):
        page = client.get(reverse("rewards:reward", args=[row.public_id])).content.decode()
    assert all(word in page for word in words)


def test_programs_read_rewards_and_what_one_redeemed(client, shelf, citizen):
    listed = client.get("/api/v1/rewards?points=100").json()
    assert [row["name"]["en"] for row in listed["items"]] == ["Cheap", "Gone"]
    assert [row["left"] for row in listed["items"]] == [3, 0]
    one = client.get(f"/api/v1/rewards/{listed['items'][0]['id']}").json()
    assert one == listed["items"][0]
    assert client.get("/api/v1/rewards?points=0").status_code == 422
    row = make.redeem(make.make_prize(), citizen)
    client.force_login(citizen, backend=BACKEND)
    (mine,) = client.get("/api/v1/redemptions").json()["items"]
    assert (mine["id"], mine["state"], mine["points"]) == (row.public_id, "reserved", 100)
    assert not {"code", "slip", "sealed", "digest"} & set(mine)


def test_the_demonstration_offers_three_and_takes_away_what_nobody_redeemed(citizen, manager):
    scene = SimpleNamespace(
        crowd=SimpleNamespace(accounts={"admin": manager}),
        days=SimpleNamespace(at=lambda offset: clock.now()),
        on=on,
    )
    for offer in OFFERS:
        make.make_bureau(offer.bureau)
    told: list[str] = []
    PART.load(scene, told.append)  # type: ignore[arg-type]
    assert len(told) == Reward.objects.with_left().in_stock().count() == 3
    assert jobs.drain() == 0
    make.redeem(Reward.objects.get(name__en="Canvas book bag"), citizen)
    PART.tidy()
    (left,) = Reward.objects.all()
    assert (left.name["en"], left.state) == ("Canvas book bag", "withdrawn")
    assert list(audit.verify().faults) == []
