"""What programs read: site map, robots.txt, the register's Atom feed."""

import datetime as dt
import re
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from participation.models import Engagement, Outcome
from tests.factories.consultations import make_paper, make_paper_draft
from tests.factories.engagements import make_engagement
from tests.factories.statements import make_statement, make_votes

pytestmark = [pytest.mark.django_db]

DAY = dt.timedelta(days=1)
ATOM = {"a": "http://www.w3.org/2005/Atom"}
MAP = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
}
HOST = "http://testserver"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def xml(client: Client, path: str) -> ElementTree.Element:
    response = client.get(path)
    assert response.status_code == 200
    assert not response.cookies
    return ElementTree.fromstring(response.content)


def entries(client: Client, language: str = "en") -> list[ElementTree.Element]:
    cache.clear()
    return xml(client, f"/{language}/consultations/feed/").findall("a:entry", ATOM)


def text(element: ElementTree.Element, name: str) -> str:
    return element.findtext(f"a:{name}", namespaces=ATOM) or ""


def addresses(client: Client) -> dict[str, dict[str, str]]:
    """The site map: address -> language -> address of that version."""
    cache.clear()
    return {
        url.findtext("s:loc", namespaces=MAP) or "": {
            link.attrib["hreflang"]: link.attrib["href"] for link in url.findall("x:link", MAP)
        }
        for url in xml(client, "/sitemap.xml").findall("s:url", MAP)
    }


def test_the_site_map_names_each_public_page_with_its_other_languages(client, tree) -> None:
    _page, engagement = make_paper()
    found = addresses(client)
    versions = {
        "en": HOST + engagement.paths["en"],
        "zh-Hant-HK": HOST + engagement.paths["zh-hant"],
        "zh-Hans": HOST + engagement.paths["zh-hans"],
        "x-default": HOST + engagement.paths["en"],
    }
    for language, address in versions.items():
        assert found[address] == versions, language
    for path in ("/en/", "/zh-hant/consultations/", "/zh-hans/about/how/"):
        assert HOST + path in found
    assert f"{HOST}/en/consultations/{engagement.owner.slug}/" in found
    # Every address in it is there, and in the language it says.
    for address in found:
        assert client.get(address.removeprefix(HOST)).status_code == 200, address


def test_neither_map_nor_feed_knows_drafts_withdrawn_or_later_ones(client, tree) -> None:
    page = make_paper_draft(title="Secret plan")
    _page, later = make_paper(title="Opens later", opens=5)
    gone = make_engagement(title="Taken back", paths={"en": "/en/consultations/epd/gone/"})
    Engagement.objects.filter(pk=gone.pk).update(state="withdrawn")
    found = addresses(client)
    assert not any(page.slug in address or "gone" in address for address in found)
    # A later one is public already: it says when it opens. It has not opened, so no news yet.
    assert HOST + later.paths["en"] in found
    assert entries(client) == []
    with clock.travel(6 * DAY):
        assert [text(entry, "title") for entry in entries(client)] == ["Open: Opens later"]


@pytest.mark.parametrize(
    ("language", "opened", "answered"),
    [
        ("en", "Open: Waste", "Outcome: Waste"),
        ("zh-hant", "接受意見：譯：Waste", "結果：譯：Waste"),
        ("zh-hans", "接受意见：译：Waste", "结果：译：Waste"),
    ],
)
def test_the_feed_tells_openings_and_outcomes_the_newest_first(
    client, language: str, opened: str, answered: str
) -> None:
    _page, engagement = make_paper(title="Waste")
    with clock.travel(60 * DAY):
        now = clock.now()
        Outcome.objects.create(
            engagement=engagement,
            text={"en": "We will plant trees."},
            published_at=now,
            updated_at=now,
        )
        found = entries(client, language)
        assert [text(entry, "title") for entry in found] == [answered, opened]
        assert len({text(entry, "id") for entry in found}) == 2
        link = found[0].find("a:link", ATOM)
        assert link is not None
        assert link.attrib["href"] == f"{HOST}{engagement.paths[language]}#outcome"
        assert text(found[0], "summary") == "We will plant trees."
        assert dt.datetime.fromisoformat(text(found[0], "updated")) == now


def test_the_feed_says_its_language_and_is_there_when_empty(client, tree) -> None:
    for language, code in (("en", "en"), ("zh-hant", "zh-Hant-HK"), ("zh-hans", "zh-Hans")):
        response = client.get(f"/{language}/consultations/feed/")
        assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
        feed = ElementTree.fromstring(response.content)
        assert feed.attrib[XML_LANG] == code
        assert feed.findtext("a:updated", namespaces=ATOM)
        page = client.get(f"/{language}/consultations/").content.decode()
        assert f'type="application/atom+xml" href="/{language}/consultations/feed/"' in page


def test_markup_and_control_characters_stay_text(client, tree) -> None:
    engagement = make_engagement(title="x")
    title = "<b>Fish & \x0b chips</b> \ud55c ]]>"
    Engagement.objects.filter(pk=engagement.pk).update(
        title={"en": title}, summary={"en": "<script>alert(1)</script>"}
    )
    (entry,) = entries(client)
    assert text(entry, "title") == "Open: " + title.replace("\x0b", "")
    assert text(entry, "summary") == "<script>alert(1)</script>"


@pytest.mark.parametrize("results_from", ["close", "outcome"])
@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_no_program_reads_sealed_results(client, tree, results_from: str, language: str) -> None:
    sealed = make_engagement(
        title="Sealed",
        results_from=results_from,
        paths={code: f"/{code}/consultations/epd/sealed-one/" for code in ("en", language)},
    )
    statement = make_statement(sealed, text="Trees come first.")
    make_votes(statement, {1: 191, -1: 157, 0: 23})
    for path in ("/sitemap.xml", f"/{language}/consultations/feed/"):
        cache.clear()
        words = client.get(path).content.decode()
        assert "sealed-one" in words, path
        # Neither a count nor a share of one, nor the statement they would belong to.
        assert not re.search(r"\b(191|157|23|371|348|51|55|42|45)\b", _without_ids(words)), path
        assert "Trees come first" not in words
        assert statement.public_id not in words


def _without_ids(words: str) -> str:
    """Without addresses and dates, whose digits are anything."""
    return re.sub(r"<(loc|id|updated|published)>.*?</\1>|\"[^\"]*\"", "", words)


def test_as_many_queries_for_one_as_for_fifty(client, tree) -> None:
    make_engagement()
    paths = ("/sitemap.xml", "/en/consultations/feed/")
    counts: dict[str, list[int]] = {path: [] for path in paths}
    for more in (0, 49):
        for _each in range(more):
            make_engagement()
        for path in paths:
            cache.clear()
            with CaptureQueriesContext(connection) as queries:
                xml(client, path)
            counts[path].append(len(queries))
    assert all(few == many <= 10 for few, many in counts.values()), counts


def test_robots_are_told_where_the_site_map_is_and_kept_from_forms_and_staff(client, db) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.content.decode().splitlines()
    assert f"Sitemap: {HOST}/sitemap.xml" in lines
    assert {"Disallow: /cms/", "Disallow: /*/account/", "Disallow: /*/receipts/"} <= set(lines)
    assert "Disallow: /" not in lines
