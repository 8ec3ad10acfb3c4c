"""Search within an engagement's comments: its public ones alone, in any script, bounded."""

from __future__ import annotations

import html
import re
from contextlib import ExitStack

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import limits
from participation.actions.contributions import withdraw_contribution
from participation.models import Comment, Engagement
from search.models import SearchToken
from search.turns import AT_ONCE, LONGEST
from search.writing import rebuild
from tests.factories.engagements import make_engagement
from tests.factories.participation import (
    decide,
    make_comment,
    make_many_comments,
    make_public_comment,
)

pytestmark = [pytest.mark.django_db, pytest.mark.db]


@pytest.fixture
def engagement() -> Engagement:
    return make_engagement(title="Wombat crossings", paths={"en": "/en/x/"})


def found(engagement: Engagement, text: str, status: int = 200, **more: str) -> str:
    response = Client().get(
        f"/en/e/{engagement.public_id}/comments/", {"on": "whole", "q": text, **more}
    )
    assert response.status_code == status
    return response.content.decode()


def test_public_comments_of_this_engagement_are_found_in_any_script(engagement) -> None:
    one = make_public_comment(engagement, "垃圾收費太貴")
    reply = make_public_comment(engagement, "唔同意，垃圾收費應該更貴", parent=one)
    make_public_comment(engagement, "Something else")
    make_public_comment(make_engagement(paths={"en": "/en/y/"}), "垃圾收費太貴, elsewhere")
    page = found(engagement, "垃圾收费")
    assert "2 comments" in page
    assert "elsewhere" not in page
    for row in (one, reply):
        assert f"#c-{row.contribution.public_id}" in page
    assert page.count("<mark") == 2
    # The way back, the box with what was asked, and a page of its own that nobody keeps.
    assert 'value="垃圾收费"' in page
    assert found(engagement, "wombat").count('class="hk-card"') == 0
    assert "What comes nearest" in found(engagement, "貴 something")
    listed = Client().get(f"/en/e/{engagement.public_id}/comments/?on=whole").content.decode()
    assert 'role="search" aria-label="Search these comments"' in listed
    assert (
        "Something else"
        in Client().get(f"/en/e/{engagement.public_id}/comments/?on=whole&q=+").content.decode()
    )


def test_a_hit_leads_to_the_page_on_which_the_reply_stands(engagement) -> None:
    parent = make_public_comment(engagement, "The parent.")
    make_many_comments(engagement, 45)
    replies = Comment.objects.exclude(pk=parent.pk)
    # Of one instant, so that the key decides; and one that nobody may see, which takes no place.
    replies.update(parent=parent)
    first, *_others = replies.order_by("pk")
    first.contribution.state = "held"
    first.contribution.save()
    rebuild()
    for number, page in ((1, 1), (20, 1), (21, 2), (40, 2), (41, 3)):
        (link,) = re.findall(r'href="([^"]*&amp;at=[^"]*)"', found(engagement, f"Comment {number}"))
        path, _hash, anchor = html.unescape(link).partition("#")
        shown = Client().get(path).content.decode()
        assert f'id="{anchor}"' in shown, number
        assert f"Page {page} of 3" in shown
        assert "The parent." in shown
    # From there one turns to the next page, and a reply that has gone leads to the others.
    second = Client().get(f"{path}&page=1").content.decode()
    assert "Page 1 of 3" in second
    gone = path.replace(anchor.removeprefix("c-"), "zzzzzzzzzzzz")
    assert "Page 1 of 3" in Client().get(gone).content.decode()


@pytest.mark.parametrize("state", ["held", "confidential"])
def test_a_reply_below_what_is_not_shown_leads_to_the_list(engagement, state) -> None:
    parent, reply = (make_public_comment(engagement, text) for text in ("Parent.", "Reply."))
    Comment.objects.filter(pk=reply.pk).update(parent=parent)
    path = f"/en/e/{engagement.public_id}/comments/?on=whole&at={reply.contribution.public_id}"
    assert "Parent." in Client().get(path).content.decode()
    parent.contribution.state = state
    parent.contribution.save()
    cache.clear()
    answer = Client().get(path)
    assert answer.status_code == 200
    assert "Parent." not in answer.content.decode()


def test_a_third_long_question_of_one_network_waits(engagement) -> None:
    long = "".join(chr(0x4E00 + at) for at in range(40))
    with ExitStack() as busy:
        for _place in range(AT_ONCE):
            busy.enter_context(
                limits.at_once("search_at_once", "address:127.0.0.1", most=AT_ONCE, seconds=LONGEST)
            )
        found(engagement, long, status=429)
        found(engagement, "垃圾")
    found(engagement, long)


def test_nothing_hidden_is_found_or_counted(engagement) -> None:
    make_comment(engagement, "Numbat held")
    make_comment(engagement, "Numbat confidential", publish_choice="confidential")
    decide(make_comment(engagement, "Numbat withheld").contribution, "withhold")
    gone = make_public_comment(engagement, "Numbat withdrawn").contribution
    assert "1 comment" in found(engagement, "numbat")
    withdraw_contribution(contribution=gone, person=gone.person, account=None)
    page = found(engagement, "numbat")
    assert "No comment here holds this." in page
    assert "1 comment" not in page
    Engagement.objects.filter(pk=engagement.pk).update(state="withdrawn")
    found(engagement, "numbat", status=404)


def test_as_many_queries_for_fifty_as_for_one(engagement, settings) -> None:
    settings.SYNONYMS_SECONDS = 60.0
    counts = []
    for number in (1, 49):
        for index in range(number):
            make_public_comment(engagement, f"Numbat {number} {index}")
        cache.clear()
        found(engagement, "numbat")
        with CaptureQueriesContext(connection) as caught:
            page = found(engagement, "numbat")
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 12, [each["sql"] for each in caught]
    assert page.count('class="hk-card"') == 20
    assert found(engagement, "numbat", page="3").count('class="hk-card"') == 10


@pytest.mark.parametrize(
    "text", ["'\"(*", "a" * 10_000, "字", "！", "🌳", "\u202e", "x; DROP TABLE", "NOT AND OR"]
)
def test_any_text_is_answered(engagement, text: str) -> None:
    make_public_comment(engagement, "Numbat")
    assert "No comment here holds this." in found(engagement, text, page="999999999")


def test_an_index_that_is_away_is_said_and_a_flood_waits(engagement, settings) -> None:
    make_public_comment(engagement, "Numbat")
    table = SearchToken._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO away")
        assert "Search is not working at the moment." in found(engagement, "numbat")
        cursor.execute(f"ALTER TABLE away RENAME TO {table}")
    settings.KAIFONG_LIMITS = {**settings.KAIFONG_LIMITS, "search": ((2, 60),)}
    assert [bool(found(engagement, "numbat", status=each)) for each in (200, 429)]
