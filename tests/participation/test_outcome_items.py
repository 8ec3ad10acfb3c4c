"""The parts of an outcome: begun, written, quoted, heard, decided; what stands in public."""

import datetime as dt
from functools import partial

import pytest

from accounts.actions import close_account
from core import audit, clock
from core.exceptions import Absent, Conflict, DomainError, Invalid, Refused
from core.models import AuditEntry
from participation.actions import outcome_items as items
from participation.actions.contributions import withdraw_contribution
from participation.actions.lateness import explain_delay
from participation.actions.outcomes import (
    approve_outcome,
    save_outcome,
    submit_outcome,
    version_of,
)
from participation.alike import groups_of
from participation.models import Outcome, OutcomeItem
from participation.outcome_faults import NotReady
from participation.outcome_reading import public_items
from participation.stages import today
from tests.factories.engagements import make_account, make_engagement
from tests.factories.outcomes import SHORT, both, close, make_desk, make_item, publish
from tests.factories.participation import (
    make_citizen,
    make_comment,
    make_public_comment,
)
from tests.factories.together import released_together

pytestmark = [pytest.mark.django_db, pytest.mark.db]


def shown(desk):
    outcome = Outcome.objects.get(engagement=desk.engagement)
    return public_items(desk.engagement, outcome, "en")


def test_items_open_filled_with_the_question_and_figures():
    desk = make_desk()
    make_public_comment(desk.engagement, "More shade please.")
    make_comment(desk.engagement, "For the bureau.", publish_choice="confidential")
    close(desk.engagement)
    (item,) = items.add_items(engagement=desk.engagement, targets=[("whole", "")], by=desk.officer)
    assert item.asked["en"] == "Paper"
    assert [(row["key"], row["value"], row["of"]) for row in item.figures["rows"]] == [
        ("received", 2, None),
        ("published", 1, 2),
    ]
    assert item.figures["sealed"] is False
    # Begun again it is the same item.
    assert (
        items.add_items(engagement=desk.engagement, targets=[("whole", "")], by=desk.officer) == []
    )
    assert OutcomeItem.objects.count() == 1
    with pytest.raises(Absent):
        items.add_items(engagement=desk.engagement, targets=[("moon", "")], by=desk.officer)


def test_strangers_write_nothing():
    desk = make_desk()
    close(desk.engagement)
    item = make_item(desk)
    stranger = make_account()
    for act in (
        lambda: items.add_items(engagement=desk.engagement, targets=[("whole", "")], by=stranger),
        lambda: items.move_item(
            engagement=desk.engagement, item=item.public_id, up=True, by=stranger
        ),
        lambda: items.remove_item(engagement=desk.engagement, item=item.public_id, by=stranger),
        lambda: explain_delay(
            engagement=desk.engagement, reason=both("Rain."), expected=None, by=stranger
        ),
    ):
        with pytest.raises(Refused):
            act()
    other = make_desk(make_engagement())
    with pytest.raises(Absent):
        items.remove_item(engagement=other.engagement, item=item.public_id, by=other.officer)


def test_an_empty_decision_is_refused_at_its_item_and_nothing_is_lost():
    desk = make_desk()
    close(desk.engagement)
    item = make_item(desk, verdict="not-adopted", decided={"en": "No."}, why={})
    save_outcome(engagement=desk.engagement, text=SHORT, by=desk.officer)
    with pytest.raises(NotReady) as caught:
        submit_outcome(engagement=desk.engagement, by=desk.officer)
    found = [(fault.item, fault.field) for fault in caught.value.faults]
    assert found == [(item, "decided_zh-hant"), (item, "why_en")]
    item.refresh_from_db()
    assert item.decided == {"en": "No."}
    with pytest.raises(NotReady) as caught:
        make_item_without_verdict(desk, item)
    assert caught.value.faults[0].field == "verdict"


def make_item_without_verdict(desk, item):
    items.save_item(
        engagement=desk.engagement,
        item=item.public_id,
        text=items.ItemText(asked=both("A"), said=both("B"), decided=both("C")),
        revision=None,
        by=desk.officer,
    )
    submit_outcome(engagement=desk.engagement, by=desk.officer)


def test_a_text_alone_is_an_outcome_as_before():
    desk = make_desk()
    close(desk.engagement)
    outcome = publish(desk)
    assert outcome.published_at
    assert shown(desk) == []


def test_a_colleague_who_saved_meanwhile_is_named_and_nothing_is_overwritten():
    desk = make_desk()
    close(desk.engagement)
    item = make_item(desk)
    read = item.revision
    for text, revision in (("First.", read), ("Second.", read)):
        form = items.ItemText(asked=both(text), said=both(text))
        if text == "Second.":
            with pytest.raises(Conflict) as caught:
                items.save_item(
                    engagement=desk.engagement,
                    item=item.public_id,
                    text=form,
                    revision=revision,
                    by=desk.approver,
                )
            assert caught.value.code == "edited"
        else:
            items.save_item(
                engagement=desk.engagement,
                item=item.public_id,
                text=form,
                revision=revision,
                by=desk.officer,
            )
    item.refresh_from_db()
    assert item.asked["en"] == "First."


def test_only_public_texts_of_this_engagement_are_quoted():
    desk = make_desk()
    public = make_public_comment(desk.engagement, "More shade.").contribution
    quiet = make_comment(desk.engagement, "Secret.", publish_choice="confidential").contribution
    other = make_public_comment(
        make_engagement(moderation_policy="after"), "Elsewhere."
    ).contribution
    close(desk.engagement)
    item = make_item(desk)
    for bad in (quiet, other):
        with pytest.raises(Invalid) as caught:
            items.cite(
                engagement=desk.engagement,
                item=item.public_id,
                sources=[(public.public_id, ""), (bad.public_id, "")],
                by=desk.officer,
            )
        assert caught.value.code == "not-public"
    assert item.citations.count() == 0
    for _time in range(2):
        items.cite(
            engagement=desk.engagement,
            item=item.public_id,
            sources=[(public.public_id, "")],
            by=desk.officer,
        )
    assert item.citations.count() == 1
    items.uncite(
        engagement=desk.engagement, item=item.public_id, source=public.public_id, by=desk.officer
    )
    assert item.citations.count() == 0


@pytest.mark.parametrize("how", ["withheld", "withdrawn", "erased", "held"])
def test_a_quote_vanishes_with_its_text(how):
    desk = make_desk()
    author = make_citizen("Ah Ming")
    row = make_public_comment(desk.engagement, "More shade.", account=author).contribution
    opened = desk.engagement.closes_at
    close(desk.engagement)
    item = make_item(desk)
    items.cite(
        engagement=desk.engagement,
        item=item.public_id,
        sources=[(row.public_id, "")],
        by=desk.officer,
    )
    publish(desk)
    (quote,) = shown(desk)[0].quotes
    assert (quote.text, quote.name, quote.stub) == ("More shade.", "Ah Ming", "")
    if how == "withheld":
        from participation.actions.contributions import withhold_contribution

        withhold_contribution(
            contribution=row, by=make_account(), version=row.version, rule="r1", sentence=""
        )
    elif how == "withdrawn":
        with clock.freeze(desk.engagement.closes_at - dt.timedelta(hours=1)):
            withdraw_contribution(contribution=row, person=author.person, account=author)
    elif how == "erased":
        close_account(account=author)
    else:
        row.state = "held"
        row.save(update_fields=["state"])
    assert opened
    (quote,) = shown(desk)[0].quotes
    assert quote.stub
    assert (quote.text, quote.name, quote.public_id, quote.path) == ("", "", "", "")


def test_what_was_heard_is_public_before_anything_is_decided_and_stands():
    desk = make_desk()
    make_public_comment(desk.engagement, "More shade.")
    close(desk.engagement)
    item = make_item(desk, verdict="", decided={}, why={}, change={})
    outcome = publish(desk, "heard")
    assert outcome.heard_at
    assert not outcome.published_at
    (view,) = shown(desk)
    assert (view.item.said["en"], view.decided) == ("Most want trees.", False)
    # Written on: asked and said stay, the decision is not public yet.
    items.save_item(
        engagement=desk.engagement,
        item=item.public_id,
        text=items.ItemText(
            asked=both("Other"), said=both("Other"), verdict="adopted", decided=both("Yes.")
        ),
        revision=None,
        by=desk.officer,
    )
    (view,) = shown(desk)
    assert (view.item.said["en"], view.decided) == ("Most want trees.", False)
    for act in (
        lambda: items.remove_item(engagement=desk.engagement, item=item.public_id, by=desk.officer),
        lambda: items.refresh_figures(
            engagement=desk.engagement, item=item.public_id, by=desk.officer
        ),
        lambda: submit_outcome(engagement=desk.engagement, by=desk.officer, step="heard"),
    ):
        with pytest.raises(Conflict):
            act()
    publish(desk)
    assert shown(desk)[0].decided
    assert audit.verify().ok


def test_whoever_wrote_a_part_does_not_approve():
    desk = make_desk()
    close(desk.engagement)
    item = make_item(desk)
    items.save_item(
        engagement=desk.engagement,
        item=item.public_id,
        text=items.ItemText(asked=both("A"), said=both("B"), verdict="noted", decided=both("C")),
        revision=None,
        by=desk.approver,
    )
    save_outcome(engagement=desk.engagement, text=SHORT, by=desk.officer)
    submit_outcome(engagement=desk.engagement, by=desk.officer)
    with pytest.raises(Refused):
        approve_outcome(engagement=desk.engagement, by=desk.approver)


def test_an_edit_of_a_part_takes_it_back_from_the_approver():
    desk = make_desk()
    close(desk.engagement)
    item = make_item(desk)
    save_outcome(engagement=desk.engagement, text=SHORT, by=desk.officer)
    read = version_of(submit_outcome(engagement=desk.engagement, by=desk.officer))
    make = items.ItemText(asked=both("A"), said=both("B"), verdict="noted", decided=both("D"))
    items.save_item(
        engagement=desk.engagement, item=item.public_id, text=make, revision=None, by=desk.officer
    )
    with pytest.raises(Conflict):
        approve_outcome(engagement=desk.engagement, by=desk.approver, version=read)
    submit_outcome(engagement=desk.engagement, by=desk.officer)
    with pytest.raises(Conflict) as caught:
        approve_outcome(engagement=desk.engagement, by=desk.approver, version=read)
    assert caught.value.code == "edited"


def test_order_and_taking_out():
    desk = make_desk()
    close(desk.engagement)
    one = make_item(desk)
    two = OutcomeItem.objects.create(
        outcome=one.outcome, order=2, target_kind="gone", target_key="x", updated_at=clock.now()
    )
    audit.record("outcome.item_add", actor=desk.officer, rows=[two])
    for up, wanted in (
        (True, [two.pk, one.pk]),
        (True, [two.pk, one.pk]),
        (False, [one.pk, two.pk]),
    ):
        items.move_item(engagement=desk.engagement, item=two.public_id, up=up, by=desk.officer)
        assert list(OutcomeItem.objects.values_list("pk", flat=True)) == wanted
    items.remove_item(engagement=desk.engagement, item=one.public_id, by=desk.officer)
    again = make_item(desk)
    assert again.pk != one.pk
    assert audit.verify().ok


def test_a_late_answer_needs_a_reason_that_is_public_and_told_once():
    from core import jobs
    from notifications.models import Notice
    from participation.actions.follows import follow_engagement

    desk = make_desk()
    reader = make_account()
    follow_engagement(engagement=desk.engagement, account=reader)
    close(desk.engagement, 40, due=today(clock.now()) - dt.timedelta(days=3))
    make_item(desk)
    save_outcome(engagement=desk.engagement, text=SHORT, by=desk.officer)
    with pytest.raises(NotReady) as caught:
        submit_outcome(engagement=desk.engagement, by=desk.officer)
    assert [fault.field for fault in caught.value.faults] == ["late_reason"]
    with pytest.raises(Invalid) as bad:
        explain_delay(
            engagement=desk.engagement, reason={"en": "Rain."}, expected=None, by=desk.officer
        )
    assert bad.value.field == "reason_zh-hant"
    yesterday = today(clock.now()) - dt.timedelta(days=1)
    with pytest.raises(Invalid):
        explain_delay(
            engagement=desk.engagement, reason=both("R"), expected=yesterday, by=desk.officer
        )
    for reason in ("The survey came late.", "The survey came later still."):
        notice = explain_delay(
            engagement=desk.engagement,
            reason=both(reason),
            expected=today(clock.now()) + dt.timedelta(days=20),
            by=desk.officer,
        )
        assert notice.text["zh-hans"]
    jobs.drain()
    told = Notice.objects.get(kind="late")
    assert told.account == reader
    assert told.params["reason"]["en"] == "The survey came late."
    assert AuditEntry.objects.filter(verb="outcome.late").count() == 2
    publish(desk)
    assert audit.verify().ok


def test_a_reason_in_time_is_refused():
    desk = make_desk()
    close(desk.engagement, due=today(clock.now()))
    with pytest.raises(Conflict):
        explain_delay(engagement=desk.engagement, reason=both("R"), expected=None, by=desk.officer)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_one_wins_and_the_other_hears_who():
    desk = make_desk()
    other = make_desk(desk.engagement)
    close(desk.engagement)
    make_item(desk)
    save_outcome(engagement=desk.engagement, text=SHORT, by=desk.officer)
    version = version_of(submit_outcome(engagement=desk.engagement, by=desk.officer))
    approvers = (desk.approver, other.approver)
    results = released_together(
        [
            partial(approve_outcome, engagement=desk.engagement, by=account, version=version)
            for account in approvers
        ]
    )
    refused = [row for row in results if isinstance(row, DomainError)]
    won = [
        account
        for account, row in zip(approvers, results, strict=True)
        if not isinstance(row, DomainError)
    ]
    assert (len(won), len(refused)) == (1, 1)
    assert refused[0].code == "published"
    assert won[0].get_full_name() in str(refused[0])
    assert Outcome.objects.get().approved_by == won[0]
    assert AuditEntry.objects.filter(verb="outcome.publish").count() == 1


def test_texts_that_read_alike_are_one_group():
    letter = "I object to the fee of {} dollars because my family lives far from the market."
    texts = [
        letter.format(1),
        letter.format(2),
        letter.format(3).upper(),
        "Yes.",
        "yes. ",
        "Other thing.",
    ]
    found = groups_of(texts)
    assert (found.total, found.distinct) == (6, 5)
    assert [(group.size, group.first) for group in found.groups] == [(3, 0), (2, 3)]
    assert groups_of([]).groups == ()
