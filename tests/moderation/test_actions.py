"""Putting in, deciding, reporting, taking out."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from accounts.models import Account
from core import audit
from core.exceptions import Absent, Conflict, Invalid, Refused, TooMany
from core.models import AuditEntry
from moderation import actions
from moderation.models import Decision, Item, ItemState, Report
from moderation.rules import RULES
from notifications.models import Notice
from tests.factories.accounts import make_account, make_bureau, make_moderator, make_staff
from tests.factories.moderation import KIND, make_item

pytestmark = pytest.mark.django_db


def withhold(item: Item, by: Account, **fields) -> Decision:
    return actions.decide(
        item=item,
        **{"verdict": "withhold", "rule": "r1", "version": item.version, "by": by, **fields},
    )


@pytest.mark.db
def test_a_target_waits_once_and_an_edit_brings_it_up_to_date():
    author = make_account(name="Ah Ming")
    first = make_item(author)
    second = make_item(author, version=2, reason="edit")
    assert first.pk == second.pk
    item = Item.objects.get()
    assert (item.version, item.reason, item.state) == (2, "policy", "waiting")


def test_withholding_seals_tells_the_author_and_is_audited():
    author, moderator = make_account(name="Ah Ming"), make_moderator()
    item = make_item(author)
    decision = withhold(item, moderator, sentence="  Please choose another.  ")
    item.refresh_from_db()
    author.refresh_from_db()
    assert item.state == ItemState.DECIDED
    assert author.display_name == ""
    assert decision.sentence == "Please choose another."
    notice = Notice.objects.get(account=author)
    assert notice.kind == "decision"
    assert notice.params["rule"]["en"].startswith("Abuse or hate. ")
    assert notice.mail_wanted
    entry = AuditEntry.objects.get(verb="moderation.withhold")
    assert entry.actor == moderator.public_id
    assert "Please" not in str(entry.rows)
    assert not list(audit.verify().faults)


def test_publishing_needs_no_rule_and_keeps_none():
    author, moderator = make_account(name="Ah Ming"), make_moderator()
    item = make_item(author)
    decision = actions.decide(
        item=item, verdict="publish", rule="r1", sentence="x", version=1, by=moderator
    )
    assert (decision.rule, decision.sentence) == ("", "")
    author.refresh_from_db()
    assert author.language == "zh-hans"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"rule": ""}, "rule"),
        ({"rule": "r99"}, "rule"),
        ({"verdict": "erase"}, "verdict"),
        ({"sentence": "x" * 501}, "sentence"),
        ({"sentence": "a\x00b"}, "sentence"),
        ({"sentence": "\ud800"}, "sentence"),
    ],
)
def test_a_decision_that_cannot_be_taken_changes_nothing(fields, field):
    author, moderator = make_account(name="Ah Ming"), make_moderator()
    item = make_item(author)
    with pytest.raises(Invalid) as caught:
        withhold(item, moderator, **fields)
    assert caught.value.field == field
    item.refresh_from_db()
    author.refresh_from_db()
    assert item.state == ItemState.WAITING
    assert author.display_name == "Ah Ming"
    assert not Decision.objects.exists()
    assert not Notice.objects.exists()


def test_nobody_decides_on_the_own_text_under_any_account_of_the_person():
    moderator = make_moderator()
    other = make_account(name="Second self")
    Account.objects.filter(pk=other.pk).update(person=moderator.person)
    other.refresh_from_db()
    for account in (moderator, other):
        item = make_item(account)
        with pytest.raises(Refused) as caught:
            withhold(item, moderator)
        assert caught.value.code == "own"
    assert not Decision.objects.exists()


def test_a_bureaus_moderator_decides_for_that_bureau_only():
    author = make_account(name="Ah Ming")
    item = make_item(author, bureau_code="EPD")
    stranger = make_staff("moderator", make_bureau("LCSD"))
    with pytest.raises(Refused):
        withhold(item, stranger)
    with pytest.raises(Refused):
        withhold(item, author)
    withhold(item, make_staff("moderator", make_bureau("EPD")))


def test_the_second_of_two_moderators_meets_the_first_decision():
    author, first, second = make_account(name="Ah Ming"), make_moderator(), make_moderator()
    item = make_item(author)
    made = withhold(item, first)
    with pytest.raises(Conflict) as caught:
        actions.decide(item=item, verdict="publish", version=1, by=second)
    assert caught.value.data == {"decision": made.public_id}
    assert Decision.objects.count() == 1


def test_a_later_decision_supersedes_for_whoever_has_seen_the_first():
    author, first, second = make_account(name="Ah Ming"), make_moderator(), make_moderator()
    item = make_item(author)
    made = withhold(item, first)
    later = actions.decide(item=item, verdict="publish", version=1, by=second, after=made.public_id)
    assert actions.last_decision(KIND, author.public_id) == later
    assert Notice.objects.filter(account=author).count() == 2


def test_a_changed_or_withdrawn_text_is_not_decided_on():
    author, moderator = make_account(name="Ah Ming"), make_moderator()
    item = make_item(author)
    make_item(author, version=2)
    with pytest.raises(Conflict) as caught:
        withhold(item, moderator)
    assert caught.value.code == "version"
    assert actions.drop(kind=KIND, target_id=author.public_id) == 1
    assert actions.drop(kind=KIND, target_id=author.public_id) == 0
    with pytest.raises(Conflict) as caught:
        withhold(item, moderator, version=2)
    assert caught.value.code == "dropped"


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_of_two_moderators_at_the_same_time_one_wins():
    author = make_account(name="Ah Ming")
    item = make_item(author)
    moderators = [make_moderator(), make_moderator()]
    barrier = threading.Barrier(2)
    outcomes: list[str] = []

    def run(moderator: Account, verdict: str) -> None:
        try:
            barrier.wait()
            actions.decide(item=item, verdict=verdict, rule="r3", version=1, by=moderator)
            outcomes.append("won")
        except Conflict:
            outcomes.append("conflict")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=pair)
        for pair in zip(moderators, ("publish", "withhold"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict", "won"]
    assert Decision.objects.count() == 1
    assert Notice.objects.count() == 1


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_reports_at_the_same_time_make_one_item():
    author = make_account(name="Ah Ming")
    barrier = threading.Barrier(4)
    faults: list[Exception] = []

    def run(number: int) -> None:
        try:
            barrier.wait()
            report(author, reporter_key=f"reader:{number}")
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    item = Item.objects.get()
    assert (item.reports, item.reason) == (4, "report")


def report(author: Account, **fields) -> Report:
    return actions.report(
        **{
            "kind": KIND,
            "target_id": author.public_id,
            "rule": "r4",
            "note": "Look at this.",
            "account": None,
            "reporter_key": "reader:1",
            **fields,
        }
    )


def test_a_report_raises_and_never_hides():
    author = make_account(name="Ah Ming")
    for number in range(30):
        report(author, reporter_key=f"reader:{number}")
    author.refresh_from_db()
    assert author.display_name == "Ah Ming"
    item = Item.objects.get()
    assert (item.reports, item.state, item.reason) == (30, "waiting", "report")


def test_one_report_a_reader_and_target():
    author = make_account(name="Ah Ming")
    assert report(author).pk == report(author, rule="r1").pk
    assert Item.objects.get().reports == 1


def test_a_report_reopens_what_was_decided():
    author, moderator = make_account(name="Ah Ming"), make_moderator()
    item = make_item(author)
    made = actions.decide(item=item, verdict="publish", version=1, by=moderator)
    report(author)
    again = Item.objects.get(state="waiting")
    assert again.pk != item.pk
    withhold(again, moderator, after=made.public_id)


def test_reports_are_limited_and_checked():
    authors = [make_account(name=f"Name {number}") for number in range(6)]
    with pytest.raises(Absent):
        report(authors[0], target_id="nothing", reporter_key="a")
    with pytest.raises(Absent):
        report(authors[0], kind="nothing", reporter_key="b")
    with pytest.raises(Invalid):
        report(authors[0], rule="", reporter_key="c")
    with pytest.raises(Invalid):
        report(authors[0], note="x" * 501, reporter_key="d")
    hidden = make_account()
    with pytest.raises(Absent):
        report(hidden, reporter_key="e")
    for author in authors[:5]:
        report(author)
    with pytest.raises(TooMany):
        report(authors[5])
    assert Report.objects.count() == 5


def test_every_rule_speaks_three_languages():
    assert list(RULES) == ["r1", "r2", "r3", "r4", "r5", "r6", "r7"]
    for rule in RULES.values():
        assert set(rule.label) == set(rule.sentence) == {"en", "zh-hant", "zh-hans"}
        assert all(rule.label.values())
        assert all(rule.sentence.values())
