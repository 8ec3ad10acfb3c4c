"""The outcome in parts on the desk, driven over HTTP as two officers do; no scripts."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consultations.models import Statement
from core import clock
from notifications.models import Notice
from participation.models import Outcome, OutcomeItem, Thread, Vote
from participation.stages import today
from tests.factories.consultations import make_paper
from tests.factories.desk import make_approver, make_officer
from tests.factories.outcomes import both
from tests.factories.participation import make_citizen, make_public_comment
from tests.factories.reports import make_questionnaire, make_response

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def desk() -> Any:
    """An open paper with comments on its first chapter and on the whole, and its officers."""
    officer, approver = make_officer(), make_approver()
    page, engagement = make_paper(by=officer, opens=-40, closes=1, moderation_policy="after")
    engagement.refresh_from_db()
    thread = Thread.objects.get(engagement=engagement, paragraph__block_id="p1")
    thread.engagement = engagement
    on_chapter = make_public_comment(engagement, "The bags are too thin.", thread=thread)
    letter = "I object to the fee of {} dollars because my family lives far from the market."
    for number in range(3):
        make_public_comment(engagement, letter.format(number))

    class Desk:
        pass

    found = Desk()
    found.officer, found.approver, found.engagement = officer, approver, engagement  # type: ignore[attr-defined]
    found.url = f"/cms/desk/{engagement.public_id}/outcome/"  # type: ignore[attr-defined]
    found.comment = on_chapter.contribution  # type: ignore[attr-defined]
    found.chapter = page.engagement.chapters.get(number="1").anchor  # type: ignore[attr-defined]
    return found


def fields(row: OutcomeItem, **texts: dict[str, str]) -> dict[str, str]:
    found = {"revision": str(row.revision), "verdict": "adopted", "change_on": "2027-03-01"}
    for name in ("asked", "said", "decided", "why", "change"):
        for language, text in texts.get(name, both(f"{name} it.")).items():
            found[f"{name}_{language.replace('-', '_')}"] = text
    return found


def test_parts_open_ticked_and_filled(client: Client, desk: Any) -> None:
    client.force_login(desk.officer)
    with clock.travel(10 * DAY):
        body = client.get(desk.url).content.decode()
        assert re.search(r'value="whole:" checked', body)
        assert re.search(rf'value="chapter:{desk.chapter}" checked', body)
        assert re.search(r'value="statement:\w+">', body)
        answer = client.post(f"{desk.url}parts/", {"target": ["whole:", f"chapter:{desk.chapter}"]})
        assert answer.status_code == 302
        whole, chapter = OutcomeItem.objects.all()
        assert [row["value"] for row in chapter.figures["rows"]] == [1, 1]
        assert [row["value"] for row in whole.figures["rows"]] == [4, 4]
        body = client.get(f"{desk.url}parts/{whole.public_id}/").content.decode()
        assert "4 texts, 4 of them distinct; the largest group of alike ones has 3." in body
        assert "The bags are too thin." in body
        assert client.post(f"{desk.url}parts/", {"target": "moon:1"}).status_code == 404
        assert client.post(f"{desk.url}parts/", {"target": "moon"}).status_code == 404


def test_quotes_are_searched_and_picked_without_scripts(client: Client, desk: Any) -> None:
    client.force_login(desk.officer)
    with clock.travel(10 * DAY):
        client.post(f"{desk.url}parts/", {"target": f"chapter:{desk.chapter}"})
        item = OutcomeItem.objects.get()
        url = f"{desk.url}parts/{item.public_id}/quotes/"
        assert "The bags are too thin." in client.get(url).content.decode()
        assert "far from the market" not in client.get(url).content.decode()
        everywhere = client.get(url, {"q": "MARKET family", "on": "all"}).content.decode()
        assert everywhere.count("far from the market") == 3
        nothing = client.get(url, {"q": "<b>zebra"}).content.decode()
        assert "&lt;b&gt;zebra" in nothing
        desk.comment.state = "held"
        desk.comment.save(update_fields=["state"])
        assert "The bags are too thin." not in client.get(url).content.decode()
        refused = client.post(url, {"quote": f"{desk.comment.public_id}:"})
        assert refused.status_code == 422
        desk.comment.state = "published"
        desk.comment.save(update_fields=["state"])
        assert client.post(url, {"quote": f"{desk.comment.public_id}:"}).status_code == 302
        assert item.citations.get().contribution == desk.comment
        act = f"{desk.url}parts/{item.public_id}/act/"
        client.post(act, {"act": "uncite", "source": desk.comment.public_id, "part": ""})
        assert not item.citations.exists()


def test_only_what_can_be_agreed_with_says_how_many_agree(client: Client, desk: Any) -> None:
    survey = make_questionnaire(desk.engagement)
    answer = {"long": "Thicker bags for wet markets, please."}
    make_response(survey, answer, state="published", text_state="published")
    client.force_login(desk.officer)
    question = survey.questions.get(block_id="long").public_id
    with clock.travel(10 * DAY):
        for target, text, agree in (
            (f"question:{question}", "Thicker bags", 0),
            (f"chapter:{desk.chapter}", "The bags are too thin.", 1),
        ):
            client.post(f"{desk.url}parts/", {"target": target})
            item = OutcomeItem.objects.latest("pk")
            body = client.get(f"{desk.url}parts/{item.public_id}/quotes/").content.decode()
            assert text in body
            assert body.count("0 agree") == agree


def test_what_is_missing_is_listed_with_the_way_to_its_field(client: Client, desk: Any) -> None:
    client.force_login(desk.officer)
    with clock.travel(10 * DAY):
        client.post(f"{desk.url}parts/", {"target": f"chapter:{desk.chapter}"})
        item = OutcomeItem.objects.get()
        part = f"{desk.url}parts/{item.public_id}/"
        half = {**fields(item, decided={"en": "Only English."}), "verdict": "", "save": "1"}
        client.post(part, half)
        refused = client.post(desk.url, {"text_en": "Kept.", "text_zh_hant": "保留。", "send": "1"})
        assert refused.status_code == 422
        body = refused.content.decode()
        assert f"{part}?check=outcome#id_decided_zh_hant" in body
        # What a part lacks stands together below its title.
        assert body.count(f"{part}?check=outcome#") == 2
        assert body.count("<h3") == 1
        assert "Kept." in body
        assert Outcome.objects.get().text["en"] == "Kept."
        marked = client.get(f"{part}?check=outcome").content.decode()
        assert "#id_decided_zh_hant" in marked
        assert "Only English." in marked


def test_a_colleague_who_saved_first_is_shown_and_typed_words_stay(
    client: Client, desk: Any
) -> None:
    with clock.travel(10 * DAY):
        client.force_login(desk.officer)
        client.post(f"{desk.url}parts/", {"target": "whole:"})
        item = OutcomeItem.objects.get()
        part = f"{desk.url}parts/{item.public_id}/"
        mine = fields(item, said=both("Mine."))
        client.force_login(desk.approver)
        client.post(part, fields(item, said=both("Theirs.")))
        client.force_login(desk.officer)
        refused = client.post(part, mine)
        assert refused.status_code == 409
        body = refused.content.decode()
        assert "Mine." in body
        assert "Theirs." in body
        item.refresh_from_db()
        assert f'name="revision" value="{item.revision}"' in body
        assert client.post(part, {**mine, "revision": str(item.revision)}).status_code == 302
        item.refresh_from_db()
        assert item.said["en"] == "Mine."


def test_heard_then_decided_by_two_officers(client: Client, desk: Any) -> None:
    with clock.travel(10 * DAY):
        client.force_login(desk.officer)
        client.post(f"{desk.url}parts/", {"target": f"chapter:{desk.chapter}"})
        item = OutcomeItem.objects.get()
        part = f"{desk.url}parts/{item.public_id}/"
        client.post(part, fields(item, decided=both("Secret decision.")))
        assert client.post(desk.url, {"heard": "1"}).status_code == 302
        review, public = f"{desk.url}review/", f"/en/e/{desk.engagement.public_id}/outcome/"
        client.force_login(desk.approver)
        read = client.get(review).content.decode()
        assert "said it." in read
        assert "Secret decision." not in read
        version = re.search(r'name="version" value="([^"]+)"', read).group(1)  # type: ignore[union-attr]
        client.post(f"{desk.url}approve/", {"version": version})
        seen = client.get(public).content.decode()
        assert "said it." in seen
        assert "Secret decision." not in seen
        client.force_login(desk.officer)
        body = client.get(part).content.decode()
        assert 'name="asked_en"' not in body
        assert client.post(f"{part}act/", {"act": "remove"}).status_code == 302
        assert OutcomeItem.objects.get().removed_at is None
        client.post(desk.url, {"text_en": "Short.", "text_zh_hant": "短。", "send": "1"})
        client.force_login(desk.approver)
        read = client.get(review).content.decode()
        assert "Secret decision." in read
        version = re.search(r'name="version" value="([^"]+)"', read).group(1)  # type: ignore[union-attr]
        client.post(f"{desk.url}approve/", {"version": version})
        from django.core.cache import cache

        cache.clear()
        assert "Secret decision." in client.get(public).content.decode()
        paper = client.get(f"/en/e/{desk.engagement.public_id}/", follow=True).content.decode()
        assert "What was asked, said and decided, in 1 part" in paper
    kinds = Notice.objects.filter(account=desk.officer).order_by("pk")
    assert list(kinds.values_list("kind", flat=True)).count("outcome-approved") == 2


def test_sealed_votes_join_when_it_is_published(client: Client, desk: Any) -> None:
    desk.engagement.results_from = "outcome"
    desk.engagement.save()
    statement = Statement.objects.get(engagement=desk.engagement)
    Vote.objects.create(
        ballot=statement.ballot,
        person=make_citizen().person,
        choice=1,
        cast_at=clock.now(),
    )
    with clock.travel(10 * DAY):
        client.force_login(desk.officer)
        client.post(f"{desk.url}parts/", {"target": f"statement:{statement.public_id}"})
        item = OutcomeItem.objects.get()
        assert item.figures["sealed"]
        assert item.figures["rows"] == []
        part = f"{desk.url}parts/{item.public_id}/"
        assert "sealed" in client.get(part).content.decode()
        client.post(part, fields(item))
        client.post(desk.url, {"text_en": "Short.", "text_zh_hant": "短。", "send": "1"})
        client.force_login(desk.approver)
        read = client.get(f"{desk.url}review/").content.decode()
        version = re.search(r'name="version" value="([^"]+)"', read).group(1)  # type: ignore[union-attr]
        client.post(f"{desk.url}approve/", {"version": version})
    item.refresh_from_db()
    figures = {row["key"]: row["value"] for row in item.figures["rows"]}
    assert (figures["voters"], figures["agree"], figures["disagree"]) == (1, 1, 0)


def test_a_late_answer_is_explained_on_the_desk(client: Client, desk: Any) -> None:
    client.force_login(desk.officer)
    assert client.post(f"{desk.url}late/", {"reason_en": "R"}).status_code == 422
    with clock.travel(70 * DAY):
        assert "Say why it is late" in client.get(desk.url).content.decode()
        refused = client.post(f"{desk.url}late/", {"reason_en": "The survey."})
        assert refused.status_code == 422
        assert "The survey." in refused.content.decode()
        expected = today(clock.now()) + 20 * DAY
        typed = {"reason_en": "The survey.", "reason_zh_hant": "統計。", "expected": str(expected)}
        past = {**typed, "expected": str(expected - 40 * DAY)}
        assert client.post(f"{desk.url}late/", past).status_code == 422
        assert client.post(f"{desk.url}late/", typed).status_code == 302
        paper = client.get(f"/en/e/{desk.engagement.public_id}/", follow=True).content.decode()
        assert paper.count("The survey.") == 2
        assert "The public was told why" in client.get(desk.url).content.decode()


def test_the_desk_asks_the_same_for_one_part_and_for_four(client: Client, desk: Any) -> None:
    client.force_login(desk.officer)
    with clock.travel(10 * DAY):
        client.post(f"{desk.url}parts/", {"target": "whole:"})
        client.get(desk.url)
        with CaptureQueriesContext(connection) as one:
            client.get(desk.url)
        rest = list(desk.engagement.chapters.values_list("anchor", flat=True))
        client.post(f"{desk.url}parts/", {"target": [f"chapter:{anchor}" for anchor in rest]})
        assert OutcomeItem.objects.count() == 3
        client.get(desk.url)
        with CaptureQueriesContext(connection) as many:
            client.get(desk.url)
        assert len(many) <= len(one)
