"""Home, register and papers as citizens get them: the same bytes for everybody, at any stage."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consultations.desk import gather
from consultations.models import Paragraph
from core import clock
from participation.actions.engagement import extend_engagement
from participation.models import Engagement, Outcome
from tests.factories.consultations import chapter, make_paper, make_paper_draft, paragraph
from tests.factories.desk import make_officer
from tests.factories.engagements import make_account, make_engagement
from tests.factories.participation import make_official_reply, make_public_comment

pytestmark = [pytest.mark.django_db]

LANGUAGES = ("en", "zh-hant", "zh-hans")
DAY = dt.timedelta(days=1)


def html(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return response.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_site_says_what_will_be_here(client: Client, tree, language: str) -> None:
    for path in ("", "consultations/"):
        page = html(client, f"/{language}/{path}")
        assert 'class="hk-empty"' in page
        assert f'href="/{language}/about/how/"' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_paper_is_read_in_each_language(client: Client, language: str) -> None:
    _page, engagement = make_paper(title="Waste charging")
    page = html(client, engagement.paths[language])
    assert page.count("<h1") == 1
    row = Paragraph.objects.get(engagement=engagement, number="1.1")
    assert f'id="{row.anchor}"' in page
    assert f"/{language}/e/{engagement.public_id}/comment/?on={row.thread.key}" in page
    expected = {"en": "First point.", "zh-hant": "譯：First point.", "zh-hans": "译：First point."}
    assert expected[language] in page


def test_no_token_no_name_no_cookie_and_the_same_bytes_for_everybody(client: Client) -> None:
    _page, engagement = make_paper()
    reader = Client()
    account = make_account("reader@example.com", display_name="Known Reader")
    reader.force_login(account)
    for path in ("/en/", "/en/consultations/", engagement.paths["en"]):
        cache.clear()
        mine = reader.get(path)
        cache.clear()
        theirs = client.get(path)
        assert mine.content == theirs.content, path
        assert b"csrfmiddlewaretoken" not in theirs.content
        assert "Known Reader" not in mine.content.decode()
        assert not theirs.cookies, path
        assert theirs["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_kept_page_costs_no_query(client: Client) -> None:
    _page, engagement = make_paper()
    path = engagement.paths["en"]
    html(client, path)
    with CaptureQueriesContext(connection) as queries:
        html(client, path)
    assert len(queries) == 0, [query["sql"] for query in queries]


@pytest.mark.parametrize(
    ("shift", "word"),
    [(0, "Open"), (35, "Closing soon"), (50, "Outcome due"), (120, "Outcome overdue")],
)
def test_the_stage_is_told_by_the_clock(client: Client, shift: int, word: str) -> None:
    _page, engagement = make_paper()
    with clock.travel(shift * DAY):
        page = html(client, engagement.paths["en"])
    assert f"{word}</strong>" in page
    assert ("/comment/?on=whole" in page) == (shift < 41)


def test_an_outcome_is_shown_with_its_date(client: Client) -> None:
    _page, engagement = make_paper()
    with clock.travel(60 * DAY):
        Outcome.objects.create(
            engagement=engagement,
            text={"en": "We will plant trees."},
            published_at=clock.now(),
            updated_at=clock.now(),
        )
        page = html(client, engagement.paths["en"])
        assert "We will plant trees." in page
        # A text that is not there in the reader's language says in which it is.
        other = html(client, engagement.paths["zh-hant"])
        assert '<div class="govuk-body" lang="en">' in other
        assert "We will plant trees." in html(client, "/en/")


@pytest.mark.django_db(transaction=True)
def test_an_extension_is_announced_on_the_page_and_in_lists_at_once(client: Client) -> None:
    _page, engagement = make_paper(closes=3)
    before = {path: html(client, path) for path in ("/en/", "/en/consultations/")}
    html(client, engagement.paths["en"])
    extend_engagement(
        engagement=engagement,
        closes_at=engagement.closes_at + 7 * DAY,
        response_due=None,
        reason={"en": "Schools asked for more time."},
        by=make_account(),
    )
    # Nothing is cleared here: the action itself purges the kept pages.
    assert "Schools asked for more time." in html(client, engagement.paths["en"])
    for path, was in before.items():
        assert "Closing soon</strong>" in was
        assert "Closing soon</strong>" not in html(client, path)


def test_a_draft_is_nowhere(client: Client) -> None:
    page = make_paper_draft(title="Secret plan")
    html(client, f"/en/consultations/{page.bureau.slug}/{page.slug}/", 404)
    for path in ("/en/", "/en/consultations/", "/en/consultations/?q=secret"):
        assert "Secret plan" not in html(client, path)


def test_by_chapter_shows_one_and_leads_to_the_next(client: Client) -> None:
    _page, engagement = make_paper()
    first = engagement.chapters.order_by("order").first()
    page = html(client, f"{engagement.paths['en']}?chapter={first.anchor}")
    assert "First point." in page
    assert "Third point." not in page
    assert "Next chapter" in page
    html(client, f"{engagement.paths['en']}?chapter=nothing", 404)


def test_as_many_queries_for_one_paragraph_as_for_two_hundred(client: Client) -> None:
    counts = []
    for number in (1, 200):
        body = [chapter("c1", "One", *(paragraph(f"p{n}", f"Text {n}.") for n in range(number)))]
        _page, engagement = make_paper(body=body)
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            html(client, engagement.paths["en"])
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20, [query["sql"] for query in queries]


@pytest.mark.parametrize("path", ["/en/", "/en/consultations/"])
def test_home_and_register_ask_as_often_for_fifty_as_for_one(client: Client, path: str) -> None:
    make_paper()
    # One of each group that a page asks about: closing soon and merely open.
    make_engagement(closes=3 * DAY)
    counts = []
    for more in (0, 49):
        for index in range(more):
            make_engagement(title=f"Matter {index}", closes=(3 + index) * DAY)
        cache.clear()
        html(client, path)
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            html(client, path)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20, [query["sql"] for query in queries]


def test_markup_in_a_title_or_text_is_inert(client: Client) -> None:
    body = [chapter("c1", "<b>Bold</b>", paragraph("p1", "<p>x<script>alert(1)</script></p>"))]
    _page, engagement = make_paper(title="<script>alert(1)</script>", body=body)
    for path in ("/en/", "/en/consultations/", engagement.paths["en"]):
        cache.clear()
        assert "<script>alert" not in html(client, path)


def test_the_bureaus_reply_is_no_comment_of_the_public(client: Client) -> None:
    page, _row = make_paper(moderation_policy="after")
    engagement = Engagement.objects.get(translation_key=page.translation_key)
    thread = Paragraph.objects.get(engagement=engagement, number="1.1").thread
    comment = make_public_comment(engagement, "Too late at night.", thread=thread)
    officer = make_officer(engagement.owner)
    make_official_reply(comment, officer)
    body = html(client, page.get_url())
    assert "1 comment<" in body
    assert "2 comments<" not in body
    assert 'class="hk-number">1</span> contribution' in body
    (line,) = gather(officer).lines
    assert [(str(each.title), each.total, each.today) for each in line.received] == [
        ("Comments", 1, 1)
    ]
