"""After every public act the index says what is public, in the same transaction; none is left out.

``writing.differences`` compares the index with what the sources say now: it is what
``search_rebuild --check`` prints.
"""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account, Role
from consultations.actions.paper import publish_paper
from consultations.actions.statements import propose_statement
from core import audit, clock
from ideas.actions.ideas import edit_idea
from ideas.actions.merging import merge_ideas, unmerge_idea
from participation.actions.contributions import edit_contribution, withdraw_contribution
from participation.actions.engagement import extend_engagement
from participation.models import Comment, Engagement
from search import registry
from search.asking import ask
from search.counting import count_tokens
from search.live import Narrowing
from search.models import SearchDoc, SearchScope
from search.writing import differences, rebuild
from tests.factories.consultations import (
    chapter,
    edit_paper,
    make_paper,
    make_paper_draft,
    translate_all,
)
from tests.factories.consultations import paragraph as para
from tests.factories.engagements import grant, make_account, make_engagement
from tests.factories.ideas import (
    make_contest,
    make_idea,
    make_many_ideas,
    make_public_idea,
)
from tests.factories.outcomes import close, make_desk, make_item, publish
from tests.factories.participation import decide, make_comment

pytestmark = [pytest.mark.django_db, pytest.mark.db]


def kinds(text: str) -> list[str]:
    found = ask(text, Narrowing(), sort="relevance", language="en", now=clock.now())
    assert not found.whole or set(found.facets["kind"]) == {hit.kind for hit in found.hits}
    return sorted(hit.kind for hit in found.hits) if found.whole else []


def test_a_paper_is_found_by_its_chapters_from_its_publishing_on() -> None:
    draft = make_paper_draft(title="Xylophone lessons")
    assert kinds("xylophone") == []
    assert not SearchDoc.objects.exists()
    make_paper(
        title="Xylophone lessons",
        body=[
            chapter("c1", "Quokka habitat", para("p1", "<p>A <b>wombat</b> &amp; friends.</p>")),
            chapter("c2", "Costs", para("p2", "Numbat money.")),
        ],
    )
    assert draft.pk
    assert kinds("xylophone") == ["consultation"]
    assert kinds("quokka wombat friends") == ["chapter"]
    assert kinds("numbat") == ["chapter"]
    assert kinds("譯 wombat") == ["chapter"]
    assert SearchDoc.objects.filter(kind="chapter").count() == 6
    assert differences() == []


def test_a_changed_paper_is_found_by_its_new_words_alone() -> None:
    page, engagement = make_paper(
        body=[
            chapter("c1", "Quokka", para("p1", "Wombat."), para("p2", "Echidna.")),
            chapter("c2", "Costs", para("p3", "Numbat.")),
        ]
    )
    by = make_account()
    edit_paper(
        page,
        by,
        body=[chapter("c1", "Quokka", para("p1", "Bandicoot."), para("p3", "Numbat."))],
    )
    translate_all(page, by)
    publish_paper(page=page, by=None)
    assert kinds("bandicoot numbat quokka") == ["chapter"]
    assert kinds("wombat") == kinds("costs") == kinds("echidna") == []
    assert differences() == []
    writes = SearchDoc.objects.count()
    extend_engagement(
        engagement=engagement,
        closes_at=engagement.closes_at + dt.timedelta(days=9),
        response_due=None,
        reason={"en": "More time."},
        by=by,
    )
    assert SearchScope.objects.get(
        key=engagement.public_id
    ).closes_at == engagement.closes_at + dt.timedelta(days=9)
    assert SearchDoc.objects.count() == writes
    assert differences() == []


def test_an_idea_is_found_while_it_is_public() -> None:
    _page, contest = make_contest(moderation_policy="before", title="Contest of quolls")
    assert kinds("quolls") == ["contest"]
    idea = make_idea(contest, "Numbat benches", text="A bilby at every stop.")
    assert kinds("numbat") == kinds("bilby") == []
    decide(idea.contribution)
    assert kinds("numbat") == kinds("bilby") == ["idea"]
    assert differences() == []
    idea.refresh_from_db()
    person = idea.contribution.person
    edit_idea(
        idea=idea,
        person=person,
        account=person.accounts.get(),
        title="Numbat benches",
        text="A potoroo at every stop.",
        tags=["Dugong"],
        version=1,
    )
    # What waits for a moderator is not found, what it says in public still is.
    assert kinds("bilby") == ["idea"]
    assert kinds("potoroo") == []
    decide(idea.contribution)
    assert kinds("potoroo") == kinds("dugong") == ["idea"]
    assert kinds("bilby") == []
    other = make_public_idea(contest, "Wombat benches")
    idea.refresh_from_db()
    merge_ideas(idea=idea, into=other, by=contest_officer(contest))
    assert kinds("potoroo") == []
    idea.refresh_from_db()
    unmerge_idea(idea=idea, by=contest_officer(contest))
    assert kinds("potoroo") == ["idea"]
    assert differences() == []
    idea.contribution.delete()
    assert kinds("potoroo") == []
    assert differences() == []


def test_a_number_longer_than_any_token_is_published_and_counted() -> None:
    _page, contest = make_contest(moderation_policy="after")
    number = "1" + ",234" * 1200
    for _each in range(2):
        make_idea(contest, "Numbat money", text=f"It costs {number} dollars.")
    assert kinds("numbat dollars") == kinds(number[:401]) == ["idea", "idea"]
    count_tokens()
    assert differences() == []


def test_what_a_moderator_clears_and_what_is_rewritten_is_new_then() -> None:
    """Its date is what "newest first" and feeds go by."""
    _page, contest = make_contest(moderation_policy="before")
    idea = make_idea(contest, "Numbat benches")
    later = clock.now() + dt.timedelta(days=3)
    with clock.freeze(later):
        decide(idea.contribution)
    assert SearchDoc.objects.get(kind="idea").at == later
    page, _engagement = make_paper(
        body=[
            chapter("c1", "Quokka", para("p1", "Wombat.")),
            chapter("c2", "Costs", para("p2", "Numbat.")),
        ]
    )
    first = SearchDoc.objects.get(kind="chapter", title="Quokka").at
    by = make_account()
    body = [
        chapter("c1", "Quokka", para("p1", "Wombat.")),
        chapter("c2", "Costs", para("p2", "Bandicoot.")),
    ]
    with clock.freeze(later):
        edit_paper(page, by, body=body)
        translate_all(page, by)
        publish_paper(page=page, by=None)
    found = SearchDoc.objects.filter(kind="chapter", language="en")
    assert dict(found.values_list("title", "at")) == {"Quokka": first, "Costs": later}
    assert differences() == []


def contest_officer(contest: Engagement) -> Account:
    account = make_account()
    grant(account, Role.OFFICER, contest.owner)
    return account


def test_a_statement_is_found_while_it_is_put_to_people() -> None:
    engagement = make_engagement(paths={"en": "/en/x/"})
    account = make_account()
    contribution = propose_statement(
        engagement=engagement,
        person=account.person,
        account=account,
        text="Numbat crossings for everybody.",
        language="en",
    ).contribution
    assert kinds("numbat") == []
    decide(contribution)
    assert kinds("numbat") == ["statement"]
    assert differences() == []
    (source,) = (one for one in registry.sources() if one.name == "statements")
    keys = [contribution.statement.pk]
    (shown,) = source.show(keys, clock.now()).values()
    assert shown.key == contribution.public_id
    assert shown.url.endswith(f"/statements/?statement={contribution.statement.public_id}")
    with clock.freeze(engagement.closes_at):
        (shown,) = source.show(keys, clock.now()).values()
        assert shown.url.endswith("/statements/results/")
        # Where nobody sees results before the answer it leads to what it is about.
        Engagement.objects.filter(pk=engagement.pk).update(results_from="outcome")
        (shown,) = source.show(keys, clock.now()).values()
        assert shown.url == "/en/x/"
    withdraw_contribution(contribution=contribution, person=account.person, account=account)
    assert kinds("numbat") == []
    assert source.show(keys, clock.now()) == {}
    assert differences() == []


def test_a_comment_is_found_while_it_is_public() -> None:
    engagement = make_engagement(paths={"en": "/en/x/"})
    row = make_comment(engagement, "Numbat crossings for everybody.")
    assert kinds("numbat") == []
    contribution = decide(row.contribution)
    assert kinds("numbat") == ["comment"]
    reply = make_comment(engagement, "Numbat or wombat?", parent=row)
    assert kinds("wombat") == []
    decide(reply.contribution)
    person = contribution.person
    edit_contribution(
        contribution=contribution,
        person=person,
        account=person.accounts.get(),
        text="Bilby crossings.",
        version=1,
    )
    # What waits for a moderator is not found, what it says in public still is.
    assert (kinds("bilby"), kinds("numbat")) == ([], ["comment", "comment"])
    decide(contribution)
    assert (kinds("bilby"), kinds("numbat")) == (["comment"], ["comment"])
    make_comment(engagement, "Bilby in confidence.", publish_choice="confidential")
    withheld = make_comment(engagement, "Bilby withheld.")
    decide(withheld.contribution, "withhold")
    assert kinds("bilby") == ["comment"]
    assert differences() == []
    (source,) = (one for one in registry.sources() if one.name == "comments")
    shown = source.show(list(Comment.objects.values_list("pk", flat=True)), clock.now())
    assert set(shown) == {row.pk, reply.pk}
    page = f"/en/e/{engagement.public_id}/comments/?on=whole&replies={contribution.public_id}"
    assert shown[row.pk].url == f"{page}#c-{contribution.public_id}"
    own = reply.contribution.public_id
    assert shown[reply.pk].url == f"{page}&at={own}#c-{own}"
    withdraw_contribution(contribution=contribution, person=person, account=None)
    assert kinds("bilby") == []
    assert kinds("numbat") == ["comment"]
    Engagement.objects.filter(pk=engagement.pk).update(state="withdrawn")
    assert source.show([reply.pk], clock.now()) == {}
    assert differences() != []


def test_an_outcome_is_found_once_it_is_public() -> None:
    desk = make_desk(make_engagement(moderation_policy="after", paths={"en": "/en/x/"}))
    close(desk.engagement)
    make_item(desk, decided={"en": "Wallaby crossings.", "zh-hant": "過路處"})
    assert kinds("wallaby") == []
    publish(desk)
    assert kinds("wallaby") == ["outcome"]
    (source,) = (one for one in registry.sources() if one.name == "outcomes")
    (shown,) = source.show([desk.engagement.outcome.pk], clock.now()).values()
    # Where all its parts are read: the page that was asked about has the answer in short alone.
    assert shown.url == f"/en/e/{desk.engagement.public_id}/outcome/"
    assert SearchScope.objects.get(key=desk.engagement.public_id).answered_at
    assert differences() == []


def test_what_is_withdrawn_is_found_counted_and_shown_nowhere() -> None:
    page, engagement = make_paper(title="Quoll crossing")
    assert kinds("quoll") == ["consultation"]
    engagement.state = "withdrawn"
    engagement.save()
    audit.record(
        "engagement.publish",
        actor="system",
        engagement_id=engagement.public_id,
        rows=[engagement],
    )
    assert page.pk
    assert kinds("quoll") == kinds("first point") == []
    assert not SearchScope.objects.filter(key=engagement.public_id).exists()
    assert differences() == []


def test_every_source_is_tried_here_and_asked_again_gives_nothing_that_is_hidden() -> None:
    """A new source needs its acts above."""
    assert {source.name for source in registry.sources()} == {
        "engagements",
        "outcomes",
        "chapters",
        "ideas",
        "statements",
        "comments",
        "findings",
        "bureaux",
        "files",
    }
    _page, contest = make_contest(moderation_policy="before")
    idea = make_idea(contest, "Numbat benches")
    draft = make_paper_draft()
    for source in registry.sources():
        keys = list(source.model._base_manager.values_list("pk", flat=True))
        shown = source.show(keys, clock.now())
        assert idea.pk not in shown or source.name != "ideas"
        if source.name == "engagements":
            assert set(shown) == {contest.pk}
        assert draft.engagement.pk not in shown or source.name != "engagements"


def test_what_was_written_past_the_acts_is_told_and_mended() -> None:
    _page, contest = make_contest(moderation_policy="after")
    make_many_ideas(contest, 3)
    SearchDoc.objects.filter(kind="contest").update(digest="")
    SearchDoc.objects.create(
        kind="idea",
        object_id=999_999,
        language="en",
        scope=contest.public_id,
        at=clock.now(),
        length=1,
        digest="x",
        title="Gone",
        title_plain=" gone ",
        tokens="gone",
    )
    SearchScope.objects.filter(key=contest.public_id).update(bureau="other")
    SearchScope.objects.create(key="gone", visible=True)
    assert len(differences()) == 3 + 3 + 1 + 2
    with pytest.raises(CommandError):
        call_command("search_rebuild", "--check", stdout=StringIO())
    call_command("search_rebuild", stdout=StringIO())
    assert differences() == []
    call_command("search_rebuild", "--check", stdout=StringIO())
    assert not SearchDoc.objects.filter(object_id=999_999).exists()
    assert not SearchScope.objects.filter(key="gone").exists()
    assert SearchScope.objects.get(key=contest.public_id).bureau == contest.owner.slug
    assert set(rebuild().values()) == {0}


def test_an_act_writes_few_rows_and_the_same_again_writes_none() -> None:
    _page, contest = make_contest(moderation_policy="before")
    idea = make_idea(contest, "Numbat benches")
    with CaptureQueriesContext(
        connection,
    ) as caught:
        decide(idea.contribution)
    ours = [each["sql"] for each in caught if "search_" in each["sql"]]
    assert len(ours) <= 3, "\n".join(ours)
    idea.refresh_from_db()
    with CaptureQueriesContext(connection) as caught:
        audit.record("idea.follow", actor="system", rows=[idea])
    ours = [each["sql"] for each in caught if "search_" in each["sql"]]
    assert [sql.split()[0] for sql in ours] == ["SELECT"]
