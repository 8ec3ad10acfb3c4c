"""The box and the page: what is found, filters in the address, bad input, nothing hidden."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ideas.models import Idea
from participation.actions.contributions import withdraw_contribution
from search.models import SearchDoc
from search.registry import Source, sources
from search.writing import follow_again, forget, forget_scope, rebuild
from tests.factories.accounts import make_officer
from tests.factories.consultations import chapter, make_paper, make_paper_draft
from tests.factories.consultations import paragraph as para
from tests.factories.engagements import make_bureau, make_engagement
from tests.factories.findings import find, make_tested, triage
from tests.factories.ideas import make_contest, make_idea, make_many_ideas, make_public_idea
from tests.factories.outcomes import close, make_desk, make_item, publish
from tests.factories.participation import decide, make_citizen, make_public_comment
from tests.factories.statements import make_statement
from tests.search.counted import number_of_queries

pytestmark = [pytest.mark.django_db]

PAGE = "/en/search/"


@pytest.fixture(scope="module")
def world(rows_of_the_module: None) -> dict[str, Any]:
    lcsd = make_bureau("LCSD")
    _page, paper = make_paper(
        title="Wombat charging scheme",
        body=[
            chapter(
                "c1",
                "Background",
                para("p1", "Everybody pays by the bag. " * 30),
                para("p2", "<p>The <b>wombat</b> &lt;script&gt; levy begins in 2027.</p>"),
            ),
            chapter("c2", "垃圾收費的安排", para("p3", "都市固體廢物收費計劃。")),
        ],
    )
    _page, contest = make_contest(
        title="Wombat ideas", bureau=lcsd, moderation_policy="before", closes=3
    )
    idea = make_public_idea(contest, "Wombat <b>bridges</b>", text="Over every road.")
    held = make_idea(contest, "Wombat secretheld", text="secretheld")
    withheld = make_idea(contest, "Wombat secretwithheld", text="secretwithheld")
    decide(withheld.contribution, "withhold")
    make_paper_draft(title="Wombat secretdraft", bureau=make_bureau("TD"))
    return {"paper": paper, "contest": contest, "idea": idea, "held": held}


def _ideas() -> Source:
    return next(source for source in sources() if source.model is Idea)


def get(query: str, path: str = PAGE, status: int = 200) -> str:
    response = Client().get(f"{path}?{query}")
    assert response.status_code == status, response.content[:500]
    return response.content.decode()


def titles(text: str) -> list[str]:
    found = re.findall(r'<h3 class="[^"]*hk-card__title"><a[^>]*>(.*?)</a>', text, re.DOTALL)
    return [re.sub(r"</?mark>", "", each) for each in found]


@pytest.mark.usefixtures("world")
class TestThePage:
    def test_hits_of_every_kind_with_kind_bureau_state_and_marked_words(self, world):
        text = get("q=wombat")
        assert titles(text)[-1] == "Background"
        assert set(titles(text)) == {
            "Wombat charging scheme",
            "Wombat ideas",
            "Wombat &lt;b&gt;bridges&lt;/b&gt;",
            "Background",
        }
        assert "4 results" in text
        assert "<mark>Wombat</mark> charging scheme" in text
        assert "<mark>wombat</mark> &lt;script&gt; levy" in text
        assert "Department LCSD · Idea · Wombat ideas" in text
        assert "Chapter of a paper" in text
        assert "Closing soon" in text
        assert f"/ideas/{world['idea'].contribution.public_id}/" in text
        assert "?chapter=" in text

    def test_every_script_finds_every_script(self):
        for asked in ("垃圾收費", "垃圾收费", "收費的", "都市固体废物"):
            assert "<mark>" in get(f"q={quote(asked)}"), asked
            assert titles(get(f"q={quote(asked)}", "/zh-hant/search/")), asked
            assert titles(get(f"q={quote(asked)}", "/zh-hans/search/")), asked

    @pytest.mark.parametrize(
        ("asked", "path", "title"),
        [
            ("consultations", PAGE, "Wombat charging scheme"),
            ("諮詢", "/zh-hant/search/", "Wombat charging scheme"),
            ("咨询", "/zh-hans/search/", "Wombat charging scheme"),
            ("諮詢 wombat", PAGE, "Wombat charging scheme"),
            ("idea contest", PAGE, "Wombat ideas"),
            ("比賽", "/zh-hant/search/", "Wombat ideas"),
        ],
    )
    def test_what_a_kind_is_called_finds_all_of_the_kind(self, asked, path, title):
        """Though none of their own words is it; it is nowhere shown as one of theirs."""
        text = get(f"q={quote(asked)}", path)
        (found,) = titles(text)
        assert found.endswith(title)
        assert "Nothing holds all" not in text
        assert not re.search(r"<mark>(consult|contest|諮|咨|比)", text)

    def test_facets_narrow_and_are_taken_away_one_by_one(self):
        text = get("q=wombat&kind=idea&kind=contest&bureau=lcsd&state=closing&sort=newest")
        assert titles(text)[0] == "Wombat &lt;b&gt;bridges&lt;/b&gt;"
        assert len(titles(text)) == 2
        for rest in (
            "?q=wombat&amp;kind=idea&amp;state=closing&amp;bureau=lcsd&amp;sort=newest",
            "?q=wombat&amp;kind=contest&amp;kind=idea&amp;bureau=lcsd&amp;sort=newest",
            "?q=wombat&amp;sort=newest",
        ):
            assert f'href="{rest}"' in text, rest
        assert titles(get("q=wombat&state=closed")) == []
        assert "Take a filter away" in get("q=wombat&state=closed")

    def test_the_language_switch_keeps_the_question(self):
        text = get("q=wombat&kind=idea")
        assert 'href="/zh-hant/search/?q=wombat&amp;kind=idea"' in text

    def test_nothing_found_leads_on_in_three_ways(self):
        text = get("q=zzyzx")
        assert "Nothing found" in text
        for path in ("/en/consultations/", "/en/search/feed/?q=zzyzx", "/en/about/contact/"):
            assert f'href="{path}"' in text.split('id="main"')[1]

    def test_the_box_is_in_every_header_and_asks_nothing_of_the_database(self):
        for path in ("/en/", "/zh-hant/consultations/", "/zh-hans/about/how/", "/en/nowhere/"):
            text = Client().get(path).content.decode()
            form = re.search(r'<form class="hk-search".*?</form>', text, re.DOTALL)
            assert form, path
            assert 'method="get"' in form[0]
            assert 'role="search"' in form[0]
            assert f'action="/{path.split("/")[1]}/search/"' in form[0]
            assert '<label class="govuk-visually-hidden" for="hk-search-q">' in form[0]
        text = get("q=wombat")
        assert text.count('role="search"') == 1
        assert 'value="wombat"' in text


class TestNothingHidden:
    """By name: nothing that is held, withheld or a draft is a hit, a count, a facet or marked."""

    @pytest.mark.parametrize("secret", ["secretheld", "secretwithheld", "secretdraft"])
    def test_its_words_find_nothing(self, world, secret):
        for path in (PAGE, "/zh-hant/search/", "/zh-hans/search/"):
            text = get(f"q={secret}", path)
            assert titles(text) == []
            assert f"<mark>{secret}" not in text

    def test_it_counts_nowhere(self, world):
        text = get("q=wombat")
        assert "secret" not in text
        assert "Department TD" not in text
        assert re.search(r"Idea <span[^>]*>\(1\)</span>", text)

    def test_the_page_asks_again_what_the_index_says(self, world):
        # Whatever the index says of it: the row that everybody may read is asked.
        Idea.objects.filter(pk=world["idea"].pk).update(is_public=False)
        assert titles(get("q=bridges")) == []


class TestBadInput:
    """S1 to S10 of the list of bad input: results, an honest empty page, or 400."""

    @pytest.mark.usefixtures("world")
    @pytest.mark.parametrize(
        "query",
        [
            # S1: signs of every engine's language.
            "q=" + quote('"' * 3000),
            "q=" + quote("(((wombat"),
            "q=*",
            "q=a*b*c*",
            "q=" + quote("/.*.*x/"),
            "q=field:secret",
            "q=_exists_",
            "q=" + quote("wombat AND (NOT scheme) NEAR/2 ^title"),
            "q=" + quote("'wombat' & !scheme | <-> :*"),
            # S2: pages.
            "q=wombat&page=-1",
            "q=wombat&page=1000000000",
            "q=wombat&page=abc",
            "q=wombat&page=%3Cscript%3E",
            "q=wombat&page=99999",
            # S3: filters and sorts that are not ours.
            "q=wombat&sort=pg_sleep(5)",
            "q=wombat&sort=owner__password",
            "q=wombat&kind=secret&state=x&bureau=%27;--&language=xx-y__z",
            "q=wombat&order_by=id&scope__visible=0",
            # S6: any script, one character, only signs.
            "q=" + quote("諮"),
            "q=" + quote("a"),
            "q=" + quote("……！？，。"),
            "q=" + quote("😀🎉 wombat 𨋢 諮詢咨询"),
            "q=" + quote("\u202ewombat\u200f\u2066"),
            "q=" + quote("𨋢"),
            # S10: numbers no machine holds; injection.
            "q=1e1000000&page=1e1000000",
            "q=" + quote("'; DROP TABLE search_searchdoc; --"),
            "q=" + quote("%s %(x)s {0} \\' \\x00"),
            "q=" + "+".join(["word"] * 900),
            "q=%ed%a0%80wombat",
            "q[]=wombat&q=",
            "",
        ],
    )
    def test_any_address_is_answered(self, query):
        text = get(query)
        assert not re.search("secret(held|withheld|draft)", text)

    @pytest.mark.usefixtures("world")
    def test_five_thousand_terms_and_ten_thousand_characters(self):
        for text in ("word " * 5000, "垃" * 10_000, "wombat" + "!" * 10_000):
            response = Client().get(PAGE, {"q": text})
            assert response.status_code == 200

    def test_nul_is_refused(self):
        # S7.
        get("q=wombat%00", status=400)

    def test_what_asks_too_often_waits(self, settings):
        # S8: one address cannot keep the database busy.
        settings.KAIFONG_LIMITS = {**settings.KAIFONG_LIMITS, "search": ((2, 60),)}
        client = Client()
        found = [client.get(PAGE, {"q": "wombat"}).status_code for _again in range(3)]
        assert found == [200, 200, 429]


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_an_index_that_is_away_is_said_and_leads_on():
    table = connection.ops.quote_name(SearchDoc._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO search_away")
    try:
        text = get("q=wombat")
        asked = Client().get("/api/v1/search", {"q": "wombat"})
        feed = Client().get("/en/search/feed/", {"q": "wombat"})
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE search_away RENAME TO {table}")

    assert "Search is not working at the moment" in text
    assert "/en/consultations/" in text
    assert (asked.status_code, asked.json()["code"]) == (503, "unavailable")
    assert feed.status_code == 503


@pytest.mark.db
def test_as_many_queries_for_fifty_hits_as_for_one_and_at_most_twelve(settings: Any) -> None:
    settings.SYNONYMS_SECONDS = 60.0
    _page, contest = make_contest(moderation_policy="after", title="Text of a contest")
    make_paper(title="Text of a paper", body=[chapter("c1", "Text", para("p1", "A text."))])
    counts, shown = [], []
    for number in (1, 50):
        make_many_ideas(contest, number)
        rebuild()
        get("q=text")
        for query in ("q=text&kind=idea", "q=text&sort=closing"):
            with CaptureQueriesContext(connection) as caught:
                text = get(query)
            counts.append(len(caught))
            shown.append(len(titles(text)))
            assert len(caught) <= 12, "\n".join(each["sql"] for each in caught)
    assert shown == [1, 4, 20, 20]
    assert counts[0] == counts[2]
    assert "54 results" in text
    assert len(titles(get("q=text&page=3"))) == 14


@pytest.mark.db
def test_a_page_of_every_kind_asks_each_source_once(settings: Any) -> None:
    settings.SYNONYMS_SECONDS = 60.0
    owner = make_bureau("TXT", name={"en": "Department of text"})
    _page, contest = make_contest(moderation_policy="after", title="A contest", bureau=owner)
    make_paper(title="Text of a paper", body=[chapter("c1", "Text", para("p1", "A text."))])
    about = make_engagement(title="A text elsewhere", paths={"en": "/en/x/"})
    desk = make_desk(make_engagement(title="Answered", paths={"en": "/en/y/"}))
    close(desk.engagement)
    make_item(desk, decided={"en": "The text stays.", "zh-hant": "文字照舊。"})
    publish(desk)
    tried, _first, _second = make_tested(title="A product")
    officer, citizen = make_officer(tried.engagement.owner.code), make_citizen()
    counts = []
    for number in (1, 2):
        make_many_ideas(contest, number)
        for index in range(number):
            make_statement(about, text=f"Text of a statement, {index} of {number}.")
            make_public_comment(about, f"Text of a comment, {index} of {number}")
            said = f"Text of a finding, {index} of {number}"
            finding = find(tried, citizen, publish_choice="alias", happened=said)
            decide(finding.contribution)
            triage(finding, officer, "confirmed")
        rebuild()
        get("q=text")
        with CaptureQueriesContext(connection) as caught:
            assert len(titles(get("q=text"))) == 5 + 4 * (1 if number == 1 else 3)
        counts.append(number_of_queries(caught))
    assert counts[0] == counts[1] <= 12


@pytest.mark.usefixtures("world")
class TestAQuestion:
    """Typed as a sentence: the paragraph that answers best comes first, quoted."""

    def quoted(self, asked: str, path: str = PAGE) -> str:
        found = re.search(r'<figure class="hk-quotation">.*?</figure>', get(asked, path), re.DOTALL)
        return found[0] if found else ""

    def test_it_is_quoted_with_its_number_and_address(self):
        found = self.quoted("q=" + quote("When does the wombat levy begin?"))
        assert (
            "The <mark>wombat</mark> &lt;script&gt; <mark>levy</mark> <mark>begins</mark>" in found
        )
        assert "Paragraph 1.2" in found
        assert re.search(r'href="/en/consultations/[^"]*\?chapter=[^"#]+#p-', found)
        assert "Everybody pays" not in found
        found = self.quoted("q=" + quote("都市固体废物怎样收费？"), "/zh-hant/search/")
        assert "<mark>都市固體廢物收費</mark>" in found
        assert "2.1" in found

    def test_what_is_no_question_or_is_answered_by_nothing_has_none(self):
        for asked in ("wombat levy", "垃圾收費", "Where can zzyzx xyzzy plugh?", "？！", ""):
            assert self.quoted(f"q={quote(asked)}") == "", asked
        assert self.quoted("q=" + quote("When does the wombat levy begin?") + "&page=2") != ""

    def test_nothing_hidden_is_quoted(self):
        for secret in ("secretheld", "secretwithheld", "secretdraft"):
            assert secret not in self.quoted("q=" + quote(f"When is {secret} wombat?"))


@pytest.mark.usefixtures("world")
class TestOtherDoors:
    def test_the_api_gives_the_page_s_hits_with_the_same_filters(self):
        client = Client()
        found = client.get("/api/v1/search", {"q": "wombat", "kind": "idea"}).json()
        assert found["count"] == 1
        (hit,) = found["items"]
        assert hit["title"][0] == {"text": "Wombat", "marked": True}
        assert "".join(piece["text"] for piece in hit["title"]) == "Wombat <b>bridges</b>"
        assert (hit["kind"], hit["within"], hit["state"]) == (
            "idea",
            "Wombat ideas",
            "closing-soon",
        )
        assert hit["url"].startswith("http://testserver/en/ideas/")
        assert found["facets"]["kind"]["consultation"] == 1
        first = client.get("/api/v1/search", {"q": "wombat", "limit": 3}).json()
        assert (len(first["items"]), first["count"]) == (3, 4)
        assert len(client.get(first["next"]).json()["items"]) == 1
        assert client.get("/api/v1/search", {"q": "wombat", "page": 99}).status_code == 404
        assert client.get("/api/v1/search", {"q": "wombat", "sort": "id"}).status_code == 422
        assert client.get("/api/v1/search").status_code == 422
        for secret in ("secretheld", "secretwithheld", "secretdraft"):
            assert client.get("/api/v1/search", {"q": secret}).json()["items"] == []

    def test_a_question_is_a_feed_of_what_holds_all_of_it(self):
        atom = "{http://www.w3.org/2005/Atom}"

        def entries(query: str) -> list[Any]:
            response = Client().get(f"/en/search/feed/?{query}")
            assert response.status_code == 200
            assert response["Content-Type"].startswith("application/atom+xml")
            return list(ElementTree.fromstring(response.content).iter(f"{atom}entry"))

        found = entries("q=wombat")
        assert len(found) == 4
        dates = [entry.find(f"{atom}updated").text for entry in found]
        assert dates == sorted(dates, reverse=True)
        assert len({entry.find(f"{atom}id").text for entry in found}) == 4
        (idea,) = entries("q=wombat&kind=idea")
        assert idea.find(f"{atom}title").text == "Wombat <b>bridges</b>"
        assert idea.find(f"{atom}link").attrib["href"].startswith("http://testserver/en/ideas/")
        for query in ("", "q=secretheld", "q=wombat+zzyzx", "q=%01%22%3C", "page=999999999"):
            assert entries(query) == [], query
        assert 'href="/en/search/feed/?q=wombat&amp;kind=idea"' in get("q=wombat&kind=idea")

    def test_a_feed_is_kept_until_an_act_changes_what_can_be_found(
        self, world, django_capture_on_commit_callbacks
    ):
        address = "/en/search/feed/?q=wombat&kind=idea&kind=contest"
        client = Client()
        assert "bridges" in client.get(address).content.decode()
        with CaptureQueriesContext(connection) as caught:
            assert "bridges" in client.get(address).content.decode()
        assert len(caught) == 0
        with django_capture_on_commit_callbacks(execute=True):
            decide(world["held"].contribution)
        assert "secretheld" in client.get(address).content.decode()
        person = world["idea"].contribution.person
        with django_capture_on_commit_callbacks(execute=True):
            withdraw_contribution(
                contribution=world["idea"].contribution,
                person=person,
                account=person.accounts.get(),
            )
        assert "bridges" not in client.get(address).content.decode()

    @pytest.mark.parametrize(
        "gone",
        [
            lambda idea, _scope: forget(_ideas().name, idea.pk),
            lambda _idea, scope: forget_scope(scope),
            lambda idea, _scope: (
                Idea.objects.filter(pk=idea.pk).update(is_public=False),
                follow_again(Idea._meta.label, idea.pk),
            ),
        ],
        ids=["object", "scope", "job"],
    )
    def test_nor_is_it_kept_when_something_is_deleted_or_followed_late(
        self, world, gone, django_capture_on_commit_callbacks
    ):
        address = "/en/search/feed/?q=wombat&kind=idea"
        assert "bridges" in Client().get(address).content.decode()
        idea = world["idea"]
        scope = SearchDoc.objects.filter(kind="idea", object_id=idea.pk).get().scope
        with django_capture_on_commit_callbacks(execute=True):
            gone(idea, scope)
        assert "bridges" not in Client().get(address).content.decode()

    def test_a_browser_learns_to_ask(self):
        response = Client().get("/zh-hant/search/opensearch.xml")
        assert response["Content-Type"].startswith("application/opensearchdescription+xml")
        root = ElementTree.fromstring(response.content)
        name = "{http://a9.com/-/spec/opensearch/1.1/}"
        address = root.find(f"{name}Url").attrib["template"]
        assert address == "http://testserver/zh-hant/search/?q={searchTerms}"
        assert len(root.find(f"{name}ShortName").text) <= 16
        assert 'href="/zh-hant/search/opensearch.xml"' in Client().get("/zh-hant/").content.decode()
