"""Feeds of any filter, the calendar, the pictures of shared links."""

import datetime as dt
import io
import re
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar
from PIL import Image

from core import share_card
from core.share_card import Card, NoFont, picture
from participation.models import Engagement
from tests.factories.consultations import make_paper
from tests.factories.engagements import make_bureau, make_draft, make_engagement

pytestmark = [pytest.mark.django_db]

DAY = dt.timedelta(days=1)
ATOM = {"a": "http://www.w3.org/2005/Atom"}
CALENDAR = "/en/consultations/calendar.ics"


def events(client, path: str = CALENDAR) -> dict[str, dict]:
    cache.clear()
    response = client.get(path)
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/calendar")
    assert not response.cookies
    calendar = Calendar.from_ical(response.content)
    return {str(event["SUMMARY"]): event for event in calendar.walk("VEVENT")}


def titles(client, path: str) -> list[str]:
    cache.clear()
    root = ElementTree.fromstring(client.get(path).content)
    return [
        entry.findtext("a:title", namespaces=ATOM) or "" for entry in root.findall("a:entry", ATOM)
    ]


def test_a_calendar_holds_the_last_open_day_and_not_the_day_after(client, tree):
    engagement = make_engagement(title="Bags")
    hour = {"hour": 16, "minute": 0, "second": 0, "microsecond": 0}
    # 16:00 UTC is midnight in Hong Kong.
    opens = (engagement.opens_at - DAY).replace(**hour)
    closes = (engagement.closes_at + DAY).replace(**hour)
    Engagement.objects.filter(pk=engagement.pk).update(
        opens_at=opens, closes_at=closes, response_due=dt.date(2027, 5, 3)
    )
    found = events(client)
    assert set(found) == {"Opens: Bags", "Closes: Bags", "Answer due: Bags"}
    closing = found["Closes: Bags"]
    assert closing["DTSTART"].dt == closes.date()
    assert closing["DTEND"].dt == closes.date() + DAY
    assert "11:59 pm" in str(closing["DESCRIPTION"])
    assert found["Opens: Bags"]["DTSTART"].dt == opens.date() + DAY
    assert found["Answer due: Bags"]["DTSTART"].dt == dt.date(2027, 5, 3)
    assert closing["UID"] == f"{engagement.public_id}-closes-en@kaifong"
    assert closing["SUMMARY"].params["LANGUAGE"] == "en"


@pytest.mark.parametrize(
    ("language", "heading"), [("en", "Closes: "), ("zh-hant", "截止："), ("zh-hans", "截止：")]
)
def test_a_calendar_in_each_language(client, tree, language, heading):
    engagement = make_engagement(title="Bags")
    found = events(client, CALENDAR.replace("/en/", f"/{language}/"))
    title = engagement.title[language]
    assert f"{heading}{title}" in found


def test_drafts_are_in_no_feed(client, tree):
    make_draft(title="Secret plan")
    assert events(client) == {}
    assert titles(client, "/en/consultations/feed/") == []


def test_feed_and_calendar_follow_the_register_s_filters(client, tree):
    make_engagement(title="Bags", bureau=make_bureau("EPD"))
    make_engagement(title="Trams", bureau=make_bureau("TD"))
    make_engagement(title="Past", bureau=make_bureau("TD"), opens=-9 * DAY, closes=-2 * DAY)
    make_engagement(title="Later", bureau=make_bureau("TD"), opens=2 * DAY)
    feed = "/en/consultations/feed/"
    assert sorted(titles(client, feed)) == ["Open: Bags", "Open: Past", "Open: Trams"]
    assert titles(client, f"{feed}?bureau=epd") == ["Open: Bags"]
    assert titles(client, f"{feed}?bureau=td&state=open") == ["Open: Trams"]
    assert titles(client, f"{feed}?q=nothing") == []
    closing = {name for name in events(client, f"{CALENDAR}?bureau=td") if "Closes" in name}
    assert closing == {"Closes: Trams", "Closes: Past", "Closes: Later"}
    assert set(events(client, f"{CALENDAR}?bureau=td&state=upcoming")) == {
        "Opens: Later",
        "Closes: Later",
    }
    # What is no filter of ours is as if it were not there.
    assert titles(client, f"{feed}?bureau=td&state=open&x=1&page=9") == ["Open: Trams"]


def test_a_filtered_feed_says_its_own_address(client, tree):
    make_engagement(title="Bags", bureau=make_bureau("EPD"))
    cache.clear()
    root = ElementTree.fromstring(
        client.get("/en/consultations/feed/?state=open&bureau=epd").content
    )
    links = {link.get("rel"): link.get("href") for link in root.findall("a:link", ATOM)}
    query = "?state=open&bureau=epd"
    assert links["self"] == f"http://testserver/en/consultations/feed/{query}"
    assert links["alternate"] == f"http://testserver/en/consultations/{query}"


def test_the_register_links_the_feeds_of_what_it_shows(client, tree):
    make_paper(title="Bags")
    for path in ("/en/consultations/?state=open", "/en/consultations/epd/?state=open"):
        cache.clear()
        html = client.get(path).content.decode().replace("&amp;", "&")
        wanted = "?state=open&bureau=epd" if "epd" in path else "?state=open"
        assert f'href="/en/consultations/feed/{wanted}"' in html
        assert f'href="/en/consultations/calendar.ics{wanted}"' in html


def test_a_calendar_takes_as_many_queries_for_fifty(client, tree):
    numbers = []
    for number in (1, 49):
        for _each in range(number):
            make_engagement()
        client.get(CALENDAR)
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            client.get(CALENDAR)
        numbers.append(len(captured))
    assert numbers[0] == numbers[1] <= 8


def test_hostile_titles_stay_text(client, tree):
    title = "A\r\nBEGIN:VEVENT\nX;Y,Z\\n\u202e"
    engagement = make_engagement()
    Engagement.objects.filter(pk=engagement.pk).update(title={"en": title})
    found = events(client)
    assert len(found) == 2
    assert any("BEGIN:VEVENT" in name for name in found)


# --- pictures -----------------------------------------------------------------------------------


def card(**words: str) -> Card:
    return Card(
        **{
            "language": "en",
            "platform": "Kaifong",
            "owner": "Environmental Protection Department",
            "title": "Charging for waste by the bag",
            "dates": "Open for comment: 2 Nov to 31 Dec 2026",
            **words,
        }
    )


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_each_language_has_its_picture(client, tree, language):
    _page, engagement = make_paper(title="Waste")
    html = client.get(engagement.paths[language]).content.decode()
    (address,) = re.findall(r'<meta property="og:image" content="([^"]+)"', html)
    assert address == f"http://testserver/{language}/e/{engagement.public_id}/card.png"
    (words,) = re.findall(r'<meta property="og:image:alt" content="([^"]+)"', html)
    assert str(engagement.owner.name[language]) in words
    assert engagement.title[language] in words
    response = client.get(address.removeprefix("http://testserver"))
    assert response.headers["Content-Type"] == "image/png"
    assert not response.cookies
    image = Image.open(io.BytesIO(response.content))
    assert image.size == (1200, 630)
    assert len(response.content) < 100_000
    assert client.get(address.removeprefix("http://testserver")).content == response.content


def test_a_draft_has_no_picture(client, tree):
    draft = make_draft()
    assert client.get(f"/en/e/{draft.public_id}/card.png").status_code == 404


@pytest.mark.parametrize(
    "title",
    [
        "",
        "W" * 300,
        "短",
        "香港特別行政區政府就都市固體廢物按量收費" * 15,
        "深水埗、磡、脷洲、鰂魚涌、𨋢、啲嘅咗",
        "\u202e\u0000\u200b <b>x</b>",
        "word " * 200,
    ],
)
def test_any_title_is_drawn_within_the_picture(title):
    content = picture(card(title=title, language="zh-hant"))
    image = Image.open(io.BytesIO(content)).convert("RGB")
    # The edge stays white, and so does the line above the rule: nothing runs out of its place.
    column = [image.getpixel((1190, y)) for y in range(140, 520)]
    above = [image.getpixel((x, 522)) for x in range(1200)]
    assert set(column + above) == {(255, 255, 255)}


def test_lines_break_between_chinese_characters_and_not_before_a_stop():
    font = share_card._font("zh-hant", "Bold", 68)
    lines = share_card._lines("垃圾收費，你有甚麼意見？" * 4, font, 1056)
    assert len(lines) > 1
    assert not any(line[0] in "，？" for line in lines)
    assert "".join(lines) == "垃圾收費，你有甚麼意見？" * 4


def test_without_fonts_the_platform_s_own_picture_is_shown(client, tree, settings):
    engagement = make_engagement()
    share_card._font.cache_clear()
    settings.KAIFONG = {**settings.KAIFONG, "CARD_FONTS": ["/nowhere"]}
    with pytest.raises(NoFont):
        picture(card(title="Not kept yet"))
    response = client.get(f"/en/e/{engagement.public_id}/card.png")
    assert response.status_code == 302
    assert response.headers["Location"].endswith("share.png")
    share_card._font.cache_clear()
