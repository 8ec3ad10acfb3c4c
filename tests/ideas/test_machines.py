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

from participation.actions.contributions import withdraw_contribution
from tests.factories.consultations import today
from tests.factories.ideas import make_contest, make_public_idea
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
