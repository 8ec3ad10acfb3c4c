"""Ideas: handed in, read by a moderator, written on, withdrawn; tags; drafts."""

import datetime as dt

import pytest

from core import audit_verify, clock
from core.exceptions import Absent, Closed, Conflict, Invalid, SignInNeeded
from ideas.access import access_idea, access_written_idea
from ideas.actions.drafts import drop_draft, save_draft
from ideas.actions.ideas import edit_idea, submit_idea
from ideas.models import Idea, IdeaDraft, IdeaTag, IdeaVersion
from ideas.reading import versions
from ideas.similar import similar_ideas
from ideas.tags import key_of, split_tags
from moderation.models import Item
from participation.actions.contributions import newest_version, withdraw_contribution
from participation.models import Contribution, Engagement
from tests.factories.engagements import make_engagement
from tests.factories.ideas import make_contest, make_idea, make_public_idea, submit
from tests.factories.participation import decide, make_citizen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


@pytest.fixture
def contest() -> Engagement:
    return make_contest()[1]


def _edit(idea: Idea, account, **fields):
    values = {
        "title": idea.title,
        "text": idea.text,
        "version": newest_version(Contribution.objects.get(pk=idea.pk)),
        **fields,
    }
    return edit_idea(
        idea=access_written_idea(idea.contribution.public_id, account.person),
        person=account.person,
        account=account,
        **values,
    )


def test_an_idea_is_in_the_register_and_waits_for_a_moderator(contest):
    account = make_citizen("Mei")
    receipt = submit(contest, "Shade for all", account=account)
    entry = receipt.contribution
    assert (entry.kind, entry.state, entry.author_name) == ("idea", "held", "Mei")
    assert entry.text.startswith("Shade for all\n\nPeople wait")
    idea = entry.idea
    assert (idea.title, idea.is_public, idea.status) == ("Shade for all", False, "received")
    assert Item.objects.filter(kind="idea", target_id=entry.public_id, state="waiting").exists()
    with pytest.raises(Absent):
        access_idea(entry.public_id)
    decide(entry)
    assert access_idea(entry.public_id).title == "Shade for all"


def test_where_moderators_read_afterwards_it_is_public_at_once():
    contest = make_contest(moderation_policy="after")[1]
    idea = make_idea(contest)
    assert idea.is_public
    decide(idea.contribution, "withhold")
    idea.refresh_from_db()
    assert not idea.is_public
    idea.thread.refresh_from_db()
    assert idea.thread.retired_at is not None


@pytest.mark.parametrize("policy", ["before", "after"])
def test_the_trail_of_an_idea_proves_what_it_is_now(policy):
    """Also where it is public with its handing in, by an entry of its own."""
    _page, contest = make_contest(moderation_policy=policy)
    make_idea(contest)
    assert audit_verify.verify().faults == []


def test_the_same_form_twice_is_one_idea(contest):
    account = make_citizen()
    first = submit(contest, "One", account=account, idempotency_key="k")
    assert submit(contest, "One", account=account, idempotency_key="k") == first
    with pytest.raises(Conflict):
        submit(contest, "Two", account=account, idempotency_key="k")
    assert Idea.objects.count() == 1


def test_who_may_not(contest):
    with pytest.raises(SignInNeeded):
        submit_idea(
            engagement=contest, person=None, account=None, title="A", text="B", language="en"
        )
    account = make_citizen()
    paper = make_engagement()
    with pytest.raises(Absent):
        submit(paper, account=account)
    with clock.travel(dt.timedelta(days=60)), pytest.raises(Closed):
        submit(contest, account=account)
    with clock.travel(dt.timedelta(days=-30)), pytest.raises(Closed):
        submit(contest, account=account)
    assert not Idea.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "\u200b\u200d"),
        ("title", "a" * 121),
        ("title", "a\x00b"),
        ("text", " "),
        ("text", "a" * 6001),
    ],
)
def test_texts_that_cannot_be(contest, field, value):
    account = make_citizen()
    with pytest.raises(Invalid) as refused:
        submit(contest, account=account, **{field: value})
    assert refused.value.field == field
    assert not Contribution.objects.filter(kind="idea").exists()


def test_an_edit_of_a_public_idea_waits_beside_it_and_each_version_has_its_difference(contest):
    account = make_citizen()
    idea = make_public_idea(contest, "Trams at night", account=account)
    category = contest.contest.categories.get(block_id="c2")
    _edit(
        idea,
        account,
        title="Trams all night",
        category=category.key,
        tags=["Tram", "Night"],
        district="eastern",
        place="North Point",
    )
    idea.refresh_from_db()
    assert (idea.title, idea.category_id, list(idea.tags.all())) == ("Trams at night", None, [])
    entry = Contribution.objects.get(pk=idea.pk)
    assert (entry.held_version, entry.version) == (2, 1)
    own = versions(access_written_idea(entry.public_id, account.person), own=True)
    assert [(one.version.number, one.standing) for one in own] == [(2, "waiting"), (1, "current")]
    assert [(p.kind, p.text) for p in own[0].title if p.kind != "same"] == [
        ("gone", "at"),
        ("added", "all"),
    ]
    # The public sees nothing of what waits.
    assert [one.version.number for one in versions(access_idea(entry.public_id), own=False)] == [1]
    decide(entry)
    idea.refresh_from_db()
    assert (idea.title, idea.category, idea.district) == ("Trams all night", category, "eastern")
    assert sorted(tag.name for tag in idea.tags.all()) == ["Night", "Tram"]
    public = versions(access_idea(entry.public_id), own=False)
    assert [one.version.number for one in public] == [2, 1]


def test_a_refused_edit_is_never_public(contest):
    account = make_citizen()
    idea = make_public_idea(contest, account=account)
    _edit(idea, account, title="Something rude")
    decide(Contribution.objects.get(pk=idea.pk), "withhold")
    _edit(idea, account, title="Something kind")
    decide(Contribution.objects.get(pk=idea.pk))
    idea.refresh_from_db()
    assert idea.title == "Something kind"
    shown = versions(access_idea(idea.contribution.public_id), own=False)
    assert [one.version.number for one in shown] == [3, 1]


def test_an_edit_that_changes_only_where_it_is_filed_is_a_version_too(contest):
    account = make_citizen()
    idea = make_idea(contest, account=account)
    _edit(idea, account, district="north")
    _edit(idea, account, district="north")
    idea.refresh_from_db()
    assert (idea.district, idea.number) == ("north", 2)
    assert IdeaVersion.objects.filter(idea=idea).count() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [("district", "kowloon-bay"), ("category", "nonsense"), ("place", "a" * 121)],
)
def test_what_an_edit_may_not_say(contest, field, value):
    account = make_citizen()
    idea = make_idea(contest, account=account)
    with pytest.raises(Invalid) as refused:
        _edit(idea, account, **{field: value})
    assert refused.value.field == field
    assert idea.versions.count() == 1


def test_a_category_of_another_contest_is_none_here(contest):
    other = make_contest()[1]
    account = make_citizen()
    idea = make_idea(contest, account=account)
    with pytest.raises(Invalid):
        _edit(idea, account, category=other.contest.categories.first().key)


def test_an_old_version_in_hand_is_a_conflict(contest):
    account = make_citizen()
    idea = make_idea(contest, account=account)
    _edit(idea, account, title="Second")
    with pytest.raises(Conflict):
        _edit(idea, account, title="Third", version=1)


def test_withdrawn_it_is_gone_from_public_and_counted(contest):
    account = make_citizen()
    idea = make_public_idea(contest, account=account)
    withdraw_contribution(contribution=idea.contribution, person=account.person, account=account)
    idea.refresh_from_db()
    assert not idea.is_public
    assert Contribution.objects.filter(engagement=contest).count() == 1
    with pytest.raises(Absent):
        access_idea(idea.contribution.public_id)
    with pytest.raises(Closed):
        _edit(idea, account, title="Back again")


def test_after_the_call_nothing_is_changed_any_more(contest):
    account = make_citizen()
    idea = make_idea(contest, account=account)
    with clock.travel(dt.timedelta(days=60)), pytest.raises(Closed):
        _edit(idea, account, title="Late")


# --- tags -----------------------------------------------------------------------------------------


def test_spellings_in_two_scripts_are_one_tag(contest):
    first = make_citizen()
    idea = make_idea(contest, account=first)
    _edit(idea, first, tags=["環境"])
    second = make_citizen()
    other = make_idea(contest, account=second)
    _edit(other, second, tags=["环境", "ＢＵＳ"])
    assert IdeaTag.objects.count() == 2
    assert {tag.slug for tag in other.tags.all()} == {key_of("環境"), "bus"}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", []),
        ("#tram, 電車，电车；Tram ", ["tram", "電車"]),
        ("one、two\nthree", ["one", "two", "three"]),
        (",,,", []),
    ],
)
def test_what_is_typed_between_commas(typed, found):
    assert split_tags(typed) == found


@pytest.mark.parametrize(
    "typed", ["🌳", "a" * 10_000, "a" * 31, ",".join("abcdefghi"), "b\x00c", "----"]
)
def test_tags_that_cannot_be(typed):
    with pytest.raises(Invalid) as refused:
        split_tags(typed)
    assert refused.value.field == "tags"


# --- similar --------------------------------------------------------------------------------------


def test_similar_ideas_are_found_in_either_script_and_only_public_ones(contest):
    wanted = make_public_idea(contest, "夜間電車服務")
    make_public_idea(contest, "More trees in Sha Tin")
    make_idea(contest, "夜間電車服務二")
    assert similar_ideas(contest, "夜间电车") == [wanted]
    assert similar_ideas(contest, "夜") == []
    assert similar_ideas(contest, "") == []
    account = wanted.contribution.person.accounts.get()
    withdraw_contribution(contribution=wanted.contribution, person=account.person, account=account)
    assert similar_ideas(contest, "夜间电车") == []


# --- drafts ---------------------------------------------------------------------------------------


def test_a_draft_is_its_authors_alone_and_no_entry_of_the_register(contest):
    account, other = make_citizen(), make_citizen()
    draft = save_draft(
        engagement=contest, person=account.person, title="Half", text="", language="en"
    )
    save_draft(
        engagement=contest,
        person=account.person,
        title="Half",
        text="More",
        language="zh-hant",
        draft=draft,
    )
    assert IdeaDraft.objects.get().text == "More"
    assert not Contribution.objects.exists()
    with pytest.raises(Absent):
        drop_draft(draft=draft, person=other.person)
    with pytest.raises(Invalid):
        save_draft(engagement=contest, person=account.person, title="", text="", language="en")
    drop_draft(draft=draft, person=account.person)
    assert not IdeaDraft.objects.exists()
