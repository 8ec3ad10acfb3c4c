"""What programs read of a contest: feed, calendar, pictures of links, the site map."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.test import Client
from icalendar import Calendar
from PIL import Image

from core import clock
from ideas.models import Idea, IdeaTag, TaggedIdea
from participation.actions.contributions import withdraw_contribution
from tests.factories.consultations import today
from tests.factories.engagements import make_bureau
from tests.factories.ideas import make_contest, make_contest_draft, make_public_idea
from tests.factories.votes import key

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
ATOM = "{http://www.w3.org/2005/Atom}"
LANGUAGES = {"en": "en", "zh-hant": "zh-Hant-HK", "zh-hans": "zh-Hans"}


@pytest.fixture
def contest() -> Any:
    return make_contest(
        title="Cooler streets",
        closes=10,
        vote_opens_on=today() + dt.timedelta(days=20),
        vote_closes_on=today() + dt.timedelta(days=29),
    )[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_feed_has_the_newest_ideas_as_text_and_nothing_that_runs(
    client: Client, contest, language
):
    first = make_public_idea(contest, "<b>Shade</b>", text="<script>alert(1)</script>")
    second = make_public_idea(contest, "遮蔭", text="多種樹。", language="zh-hant")
    answer = client.get(f"/{language}/e/{contest.public_id}/ideas/feed/")
    assert answer["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    entries = feed.findall(f"{ATOM}entry")
    assert [one.findtext(f"{ATOM}title") for one in entries] == ["遮蔭", "<b>Shade</b>"]
    assert [one.findtext(f"{ATOM}id") for one in entries] == [
        f"urn:kaifong:{key(idea)}:{language}" for idea in (second, first)
    ]
    # A reader takes the summary for HTML: what was written must not become any.
    assert "&lt;script&gt;" in entries[1].findtext(f"{ATOM}summary")
    for entry in entries:
        path = entry.find(f"{ATOM}link").get("href").partition("testserver")[2]
        assert client.get(path).status_code == 200
    withdraw_contribution(
        contribution=second.contribution, person=second.contribution.person, account=None
    )
    cache.clear()
    assert (
        "遮蔭" not in client.get(f"/{language}/e/{contest.public_id}/ideas/feed/").content.decode()
    )


def headings(client: Client, path: str) -> list[str]:
    """The titles of a feed's entries."""
    cache.clear()
    answer = client.get(path)
    assert answer.status_code == 200
    feed = ElementTree.fromstring(answer.content)
    assert feed.find(f"{ATOM}link[@rel='self']").get("href") == f"http://testserver{path}"
    return [one.findtext(f"{ATOM}title") or "" for one in feed.findall(f"{ATOM}entry")]


def test_the_feed_of_a_filter_has_its_ideas_alone_the_newest_first_whatever_order_is_asked(
    client: Client, contest
):
    shade = make_public_idea(contest, "Shade on the pier")
    make_public_idea(contest, "Water taps")
    sails = make_public_idea(contest, "Shade over stops")
    category = contest.contest.categories.last()
    tag = IdeaTag.objects.create(name="Cool", slug="cool")
    TaggedIdea.objects.create(content_object=shade, tag=tag)
    Idea.objects.filter(pk=shade.pk).update(category=category)
    Idea.objects.filter(pk=sails.pk).update(district="eastern", status="adopted")
    path = f"/en/e/{contest.public_id}/ideas/feed/"
    for query, found in (
        (f"?category={category.key}", ["Shade on the pier"]),
        ("?tag=cool", ["Shade on the pier"]),
        ("?district=eastern", ["Shade over stops"]),
        ("?status=adopted", ["Shade over stops"]),
        ("?q=pier", ["Shade on the pier"]),
    ):
        assert headings(client, path + query) == found, query
        listed = client.get(f"/en/e/{contest.public_id}/ideas/{query}&seed=3").content.decode()
        assert f'href="{path}{query}"' in listed
    cache.clear()
    plain = client.get(path).content
    # An order of the list may tell totals; unknown values are as if they were not there.
    for query in ("?sort=supported", "?seed=7", "?page=2", "?status=nothing"):
        cache.clear()
        assert client.get(path + query).content == plain


def test_the_feed_of_contests_tells_openings_and_votes(client: Client):
    contest = make_contest(
        title="Cooler streets",
        closes=10,
        vote_opens_on=today() + dt.timedelta(days=20),
        vote_closes_on=today() + dt.timedelta(days=29),
    )[1]
    make_contest(title="Libraries", standing=True, closes_on=None, bureau=make_bureau("HAD"))
    make_contest(title="Not open yet", opens=5)
    make_contest_draft(title="A draft")
    path = "/en/contests/feed/"
    assert sorted(headings(client, path)) == [
        "Open for ideas: Cooler streets",
        "Open for ideas: Libraries",
    ]
    own = f"{path}?bureau={contest.owner.slug}"
    assert headings(client, own) == ["Open for ideas: Cooler streets"]
    assert f'href="{own}"' in client.get(f"/en/contests/{contest.owner.slug}/").content.decode()
    assert client.get(f"{path}?bureau=nobody").status_code == 404
    with clock.travel(dt.timedelta(days=21)):
        assert headings(client, own)[0] == "The vote is open: Cooler streets"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_calendar_has_each_phase_on_its_days(client: Client, contest, language):
    answer = client.get(f"/{language}/e/{contest.public_id}/phases.ics")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    days = {str(one["uid"]).split("-")[1]: (one["dtstart"].dt, one["dtend"].dt) for one in events}
    after = [today() + dt.timedelta(days=number) for number in (-1, 11, 20, 30)]
    assert days["call"] == (after[0], after[1])
    assert days["screening"] == (after[1], after[2])
    assert days["vote"] == (after[2], after[3])
    assert days["follow"][1] - days["follow"][0] == dt.timedelta(days=1)
    assert {one["summary"].params["LANGUAGE"] for one in events} == {LANGUAGES[language]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_are_shared_with_a_picture_of_their_own(client: Client, contest, language):
    idea = make_public_idea(contest, "路旁樹蔭", language="zh-hant")
    for path, page in (
        (f"/{language}/e/{contest.public_id}/contest.png", contest.paths[language]),
        (f"/{language}/ideas/{key(idea)}/card.png", f"/{language}/ideas/{key(idea)}/"),
    ):
        (address,) = re.findall(
            r'<meta property="og:image" content="([^"]+)"', client.get(page).content.decode()
        )
        assert address.endswith(path)
        answer = client.get(path)
        if answer.status_code == 302:
            pytest.skip("The fonts of cards are not installed.")
        assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)


def test_the_site_map_has_contests_and_ideas_in_each_language(client: Client, contest):
    shown = make_public_idea(contest)
    text = client.get("/sitemap.xml").content.decode()
    for language in LANGUAGES:
        for path in (
            f"/{language}/contests/",
            f"/{language}/contests/{contest.owner.slug}/",
            contest.paths[language],
            f"/{language}/ideas/{key(shown)}/",
        ):
            assert f"<loc>http://testserver{path}</loc>" in text
