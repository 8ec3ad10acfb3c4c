""" "More like this" on ideas and consultations: public ones alone, bounded, in any script."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from ideas.models import Idea
from ideas.more import more_like as ideas_like
from moderation.actions import report
from participation.models import Engagement
from participation.search_more import more_like as engagements_like
from search import likening
from search.counting import count_tokens
from search.likening import KEPT, LEAST, forget_gone, liken
from search.models import SearchCompared, SearchDoc, SearchLike
from tests.factories.consultations import make_paper
from tests.factories.ideas import make_contest, make_idea, make_public_idea
from tests.factories.panel import make_invited
from tests.factories.participation import decide

pytestmark = [pytest.mark.django_db, pytest.mark.db]


def shown(path: str) -> list[str]:
    """The titles under the heading of the page; none where there is no heading."""
    text = Client().get(path).content.decode()
    part = text.partition('id="more-like"')[2].partition("</section>")[0]
    return re.findall(r'<a class="govuk-link"[^>]*>([^<]+)</a>', part)


def page(idea: Idea, language: str = "en") -> str:
    return f"/{language}/ideas/{idea.contribution.public_id}/"


@pytest.fixture
def contest() -> Engagement:
    return make_contest(moderation_policy="before")[1]


def test_an_idea_leads_to_others_that_are_like_it(contest) -> None:
    one = make_public_idea(contest, "Drinking fountains by the pier", text="Cold water for all.")
    other = make_public_idea(contest, "More drinking fountains in Sha Tin", text="Near the river.")
    chinese = make_public_idea(contest, "碼頭加設飲水機", text="凍水。", language="zh-hant")
    simplified = make_public_idea(contest, "码头旁的饮水机", text="要多一些。", language="zh-hans")
    alone = make_public_idea(contest, "Night buses", text="After the last train.")
    make_idea(contest, "Drinking fountains that are held")
    count_tokens()
    assert liken() == 6
    assert shown(page(one)) == [other.title]
    assert shown(page(other)) == [one.title]
    assert shown(page(chinese, "zh-hant")) == [simplified.title]
    assert shown(page(simplified, "zh-hans")) == [chinese.title]
    assert 'id="more-like"' not in Client().get(page(alone)).content.decode()
    # Nothing changed: nothing is compared again.
    assert liken() == 0


def test_what_is_withheld_stands_there_no_longer_at_once(
    contest, django_capture_on_commit_callbacks
) -> None:
    one = make_public_idea(contest, "Drinking fountains by the pier")
    elsewhere = make_contest(moderation_policy="before", title="Elsewhere")[1]
    other = make_public_idea(elsewhere, "Drinking fountains by the market")
    liken()
    # Twice: the second is the kept page.
    assert shown(page(one)) == shown(page(one)) == [other.title]
    assert "Elsewhere" in Client().get(page(one)).content.decode()
    entry = other.contribution
    report(kind="idea", target_id=entry.public_id, rule="r1", account=None, reporter_key="reader:1")
    with django_capture_on_commit_callbacks(execute=True):
        decide(entry, "withhold")
    assert shown(page(one)) == []


def test_own_language_then_open_ones_come_first(contest) -> None:
    one = make_public_idea(contest, "Drinking fountains 飲水機")
    closed = make_contest(moderation_policy="before", title="Closed one")[1]
    make_public_idea(closed, "Drinking fountains 飲水機 there")
    make_public_idea(contest, "飲水機要多", language="zh-hant")
    make_public_idea(contest, "Fountains for drinking, other words beside")
    liken()
    found = [more.title for _row, more in ideas_like(one, "en", clock.now())]
    assert found[2] == "飲水機要多"
    Engagement.objects.filter(pk=closed.pk).update(closes_at=clock.now())
    found = [more.title for _row, more in ideas_like(one, "en", clock.now())]
    assert found == [
        "Fountains for drinking, other words beside",
        "Drinking fountains 飲水機 there",
        "飲水機要多",
    ]
    first, *_others = ideas_like(one, "zh-hant", clock.now())
    assert first[1].title == "飲水機要多"


def test_a_consultation_leads_to_what_is_like_it_of_any_kind() -> None:
    _page, one = make_paper(title="Waste charging in markets")
    _page, other = make_paper(title="Waste charging at home")
    _page, contest = make_contest(title="Less waste: charging by the bag")
    make_paper(title="Bus lanes on Nathan Road", summary="Where lanes should go.")
    count_tokens()
    liken()
    found = shown(one.paths["en"])
    assert set(found) == {"Waste charging at home", "Less waste: charging by the bag"}
    assert len(shown(one.paths["zh-hant"])) == 2
    other.state = "withdrawn"
    other.save()
    now = clock.now()
    assert [row for row, _more in engagements_like(one, "en", now)] == [contest]


def test_a_round_for_those_invited_is_not_said_to_be_open() -> None:
    _page, one = make_paper(title="Waste charging in markets")
    _page, other = make_paper(title="Waste charging at home")
    invited = make_invited(title="Waste charging in markets by the bag", opens=0)
    liken()
    found = engagements_like(one, "en", clock.now())
    # Those that everybody may take part in come first, less alike as they are.
    both = {other.pk, invited.engagement_id}
    assert [(row.pk, more.is_open) for row, more in found if row.pk in both] == [
        (other.pk, True),
        (invited.engagement_id, False),
    ]
    text = Client().get(one.paths["en"]).content.decode().partition('id="more-like"')[2]
    assert "For those invited" in text.partition("</section>")[0]


def test_an_object_that_cannot_be_compared_holds_up_no_other(contest, monkeypatch, caplog) -> None:
    one = make_public_idea(contest, "Drinking fountains by the pier")
    other = make_public_idea(contest, "Drinking fountains by the market")
    stuck = make_public_idea(contest, "Drinking fountains by the school")
    holders = likening._holders

    def fails(index, text, *rest):
        if text.key[1] == stuck.pk:
            with connection.cursor() as cursor:
                cursor.execute("SELECT nothing FROM that_is_not_there")
        return holders(index, text, *rest)

    monkeypatch.setattr(likening, "_holders", fails)
    # The contest too.
    assert liken() == 4
    assert f"idea {stuck.pk} could not be compared" in caplog.text
    assert SearchLike.objects.filter(object_id=one.pk, other_id=other.pk).exists()
    assert liken() == 0


def test_what_the_database_ended_because_of_others_is_compared_by_the_next_run(
    contest, monkeypatch
) -> None:
    make_public_idea(contest, "Drinking fountains by the pier")
    make_public_idea(contest, "Drinking fountains by the market")

    class Deadlock(Exception):
        sqlstate = "40P01"

    def ended(*_asked):
        raise OperationalError("deadlock detected") from Deadlock()

    with monkeypatch.context() as now:
        now.setattr(likening, "_holders", ended)
        with pytest.raises(OperationalError):
            liken()
    assert not SearchCompared.objects.exists()
    assert liken() == 3


def test_the_place_of_an_idea_says_its_language(contest) -> None:
    one = make_public_idea(contest, "飲水機要多", language="zh-hant")
    elsewhere = make_contest(moderation_policy="before", title="Fountains")[1]
    Engagement.objects.filter(pk=elsewhere.pk).update(title={"en": "Fountains"})
    make_public_idea(elsewhere, "飲水機要更多", language="zh-hant")
    liken()
    text = Client().get(page(one, "zh-hant")).content.decode().partition('id="more-like"')[2]
    assert '<span lang="en">Fountains</span>' in text


def test_changed_texts_are_compared_again_and_what_is_gone_is_forgotten(contest) -> None:
    one = make_public_idea(contest, "Drinking fountains by the pier")
    other = make_public_idea(contest, "Drinking fountains by the market")
    liken()
    assert SearchLike.objects.count() == 2
    SearchDoc.objects.filter(object_id=other.pk, kind="idea").update(
        title="Quokka", title_plain=" quokka ", body="", tokens="quokka", digest="other"
    )
    assert liken() == 1
    assert not SearchLike.objects.filter(kind="idea", object_id=other.pk).exists()
    one.contribution.delete()
    forget_gone()
    assert not SearchLike.objects.filter(other_id=one.pk, other_kind="idea").exists()
    documents = set(SearchDoc.objects.values_list("pk", flat=True))
    assert set(SearchCompared.objects.values_list("document", flat=True)) <= documents


def test_few_are_kept_and_a_page_asks_as_often_with_them_as_without(contest) -> None:
    one = make_public_idea(contest, "Drinking fountains by the pier")
    counts = []
    for number in (0, KEPT + 4):
        for index in range(number):
            make_public_idea(contest, f"Drinking fountains by the pier, place {index}")
        liken()
        cache.clear()
        Client().get(page(one))
        cache.clear()
        with CaptureQueriesContext(connection) as caught:
            assert len(shown(page(one))) == min(number, 3)
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 15, counts
    rows = SearchLike.objects.values_list("likeness", flat=True)
    assert min(rows) >= LEAST
    assert SearchLike.objects.filter(kind="idea", object_id=one.pk).count() == KEPT
