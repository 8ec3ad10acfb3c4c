"""Comments on ideas take a side: shown in words, counted, narrowed to, kept with each version."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from accounts import export
from accounts.models import Role
from core import clock
from core.exceptions import Conflict, Invalid
from feedback import section_comments
from ideas.models import Idea
from moderation import registry
from participation.actions.comments import submit_comment
from participation.actions.contributions import withdraw_contribution
from participation.actions.sides import edit_comment
from participation.models import Comment, Contribution, Engagement
from participation.register import side_counts
from tests.factories.engagements import grant, make_account
from tests.factories.ideas import make_contest, make_public_idea
from tests.factories.participation import (
    decide,
    make_citizen,
    make_comment,
    make_official_reply,
    make_public_comment,
    whole,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
BACKEND = "accounts.backends.AccountBackend"


@pytest.fixture
def contest() -> Engagement:
    return make_contest(title="Cooler streets")[1]


@pytest.fixture
def idea(contest: Engagement) -> Idea:
    found = make_public_idea(contest, "Benches")
    found.thread.refresh_from_db()
    found.thread.engagement = contest
    return found


def _say(idea: Idea, side: str, text: str = "", **fields: Any) -> Comment:
    return make_public_comment(idea.engagement, text, thread=idea.thread, side=side, **fields)


def _page(idea: Idea, query: str = "", language: str = "en") -> str:
    cache.clear()
    path = f"/{language}/e/{idea.engagement.public_id}/comments/?on={idea.thread.key}{query}"
    answer = Client().get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_side_is_asked_on_ideas_and_nowhere_else(contest: Engagement, idea: Idea) -> None:
    for wrong in ("", "maybe", "FOR"):
        with pytest.raises(Invalid) as caught:
            make_comment(contest, thread=idea.thread, side=wrong)
        assert caught.value.field == "side"
    with pytest.raises(Invalid):
        make_comment(contest, thread=whole(contest), side="for")
    parent = _say(idea, "for")
    with pytest.raises(Invalid):
        make_comment(contest, thread=idea.thread, parent=parent, side="against")
    assert make_comment(contest, thread=idea.thread, parent=parent).side == ""
    assert Comment.objects.exclude(side="").count() == 1


def test_the_same_form_with_another_side_is_another_form(contest: Engagement, idea: Idea) -> None:
    account = make_citizen()

    def send(side: str) -> Any:
        return submit_comment(
            engagement=contest,
            thread=idea.thread,
            person=account.person,
            account=account,
            text="Shade first.",
            language="en",
            publish_choice="name",
            side=side,
            idempotency_key="k1",
        )

    assert send("for") == send("for")
    with pytest.raises(Conflict):
        send("against")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("For", "Against", "Question or thought")),
        ("zh-hant", ("贊成", "反對", "疑問或想法")),
        ("zh-hans", ("赞成", "反对", "疑问或想法")),
    ],
)
def test_sides_are_words_counted_and_narrow_the_list(
    idea: Idea, language: str, words: tuple[str, ...]
) -> None:
    _say(idea, "for", "One for it.")
    _say(idea, "for", "Two for it.")
    against = _say(idea, "against", "One against it.")
    page = _page(idea, language=language)
    assert all(word in page for word in words)
    assert side_counts([idea.thread.pk]) == {"for": 2, "against": 1}
    narrowed = _page(idea, "&side=against", language)
    assert "One against it." in narrowed
    assert "Two for it." not in narrowed
    answer = Client().get(f"/{language}/ideas/{idea.contribution.public_id}/")
    assert "&amp;side=against" in answer.content.decode()
    # Withheld: a stub among all, on no side any more.
    decide_again(against)
    assert side_counts([idea.thread.pk]) == {"for": 2}
    assert "hk-withheld" in _page(idea, language=language)
    assert "hk-withheld" not in _page(idea, "&side=against", language)


def decide_again(comment: Comment) -> None:
    """A moderator takes a public comment away after all."""
    from moderation import actions as moderation

    entry = comment.contribution
    moderation.enqueue(
        kind="comment",
        target_id=entry.public_id,
        author_id=entry.person.public_id if entry.person else "",
        engagement_id=entry.engagement.public_id,
        bureau_code=entry.engagement.owner.code,
        reason="policy",
        version=entry.version,
    )
    decide(entry, "withhold")


def test_unknown_sides_are_no_address(contest: Engagement, idea: Idea) -> None:
    path = f"/en/e/{contest.public_id}/comments/"
    assert Client().get(f"{path}?on={idea.thread.key}&side=nobody").status_code == 404
    assert Client().get(f"{path}?on=whole&side=for").status_code == 404


def test_a_withdrawn_comment_is_on_no_side(idea: Idea) -> None:
    account = make_citizen()
    comment = _say(idea, "for", account=account)
    withdraw_contribution(contribution=comment.contribution, person=account.person, account=account)
    assert side_counts([idea.thread.pk]) == {}


def test_an_edit_keeps_or_changes_the_side_and_waits_with_its_text(idea: Idea) -> None:
    account = make_citizen()
    comment = _say(idea, "for", "I like it.", account=account)
    who = {"person": account.person, "account": account}
    edit_comment(contribution=comment.contribution, text="I like it much.", version=1, **who)
    decide(comment.contribution)
    comment.refresh_from_db()
    assert comment.side == "for"
    edit_comment(
        contribution=comment.contribution,
        text="I like it much.",
        version=2,
        side="against",
        **who,
    )
    comment.refresh_from_db()
    # The public text stands with the side it was written for until a moderator has read the new.
    assert (comment.side, comment.side_at(3)) == ("for", "against")
    decide(comment.contribution)
    comment.refresh_from_db()
    assert comment.side == "against"
    # The same once more writes nothing; an unknown side is refused before anything is written.
    edit_comment(
        contribution=comment.contribution,
        text="I like it much.",
        version=3,
        side="against",
        **who,
    )
    with pytest.raises(Invalid):
        edit_comment(contribution=comment.contribution, text="New.", version=3, side="both", **who)
    assert comment.contribution.versions.count() == 3
    assert list(comment.sides.values_list("number", "side")) == [(1, "for"), (3, "against")]
    call_command("verify_audit", stdout=io.StringIO())


def test_written_read_once_more_and_changed_in_pages(contest: Engagement, idea: Idea) -> None:
    client, account = Client(), make_citizen("Mei")
    path = f"/en/e/{contest.public_id}/comment/?on={idea.thread.key}"
    typed = {"text": "Who cleans them?", "publish_choice": "name", "key": "k"}
    assert client.post(path, typed).status_code == 422
    answer = client.post(path, {**typed, "side": "thought"})
    assert answer.status_code == 302
    client.force_login(account, backend=BACKEND)
    assert "Question or thought" in client.get(answer["Location"]).content.decode()
    receipt = client.post(answer["Location"], {})["Location"]
    entry = Contribution.objects.get(kind="comment")
    assert entry.comment.side == "thought"
    assert "Question or thought" in client.get(receipt).content.decode()
    edit = f"/en/contributions/{entry.public_id}/edit/"
    assert 'value="thought"' in client.get(edit).content.decode()
    changed = client.post(edit, {"text": "Who cleans them?", "side": "for", "version": "1"})
    assert changed.status_code == 302
    entry.comment.refresh_from_db()
    assert entry.comment.side == "for"
    versions = client.get(f"/en/contributions/{entry.public_id}/versions/").content.decode()
    assert ">For<" in versions
    assert ">Question or thought<" in versions


def test_officers_moderators_authors_and_reports_are_told_the_side(
    contest: Engagement, idea: Idea
) -> None:
    account = make_citizen()
    held = make_comment(contest, "Too dear.", thread=idea.thread, side="against", account=account)
    target = registry.find("comment").load(held.contribution.public_id)
    assert target is not None
    assert ("Side", "Against") in [(str(one.label), one.text) for one in target.passages]
    decide(held.contribution)
    own = export.export_of(account)["contributions"]
    assert [one["side"] for row in own for one in row["versions"]] == ["against"]
    data = section_comments.build(contest, clock.now(), lambda part: None)
    tables = {table.key: table for table in data.tables}
    sides = {row[0]["en"]: row[1] for row in tables["comments-sides"].rows}
    assert sides == {"For": 0, "Against": 1, "Question or thought": 0}
    texts = tables["comments-texts"]
    place = [column.key for column in texts.columns].index("side")
    assert [row[place]["zh-hant"] for row in texts.rows] == ["反對"]
    officer = make_account()
    grant(officer, Role.OFFICER, contest.owner)
    make_official_reply(held, officer)
    page = _page(idea)
    assert "Official reply" in page
    assert side_counts([idea.thread.pk]) == {"against": 1}


def test_a_report_without_sides_has_no_such_column(contest: Engagement) -> None:
    make_public_comment(contest)
    data = section_comments.build(contest, clock.now() + dt.timedelta(1), lambda part: None)
    assert "comments-sides" not in {table.key for table in data.tables}
    texts = next(table for table in data.tables if table.key == "comments-texts")
    assert "side" not in {column.key for column in texts.columns}
    assert all(len(row) == len(texts.columns) for row in texts.rows)
