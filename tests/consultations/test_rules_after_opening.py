"""Rules of taking part after the opening (M11): some stand, the others change in public."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from accounts.models import Account, Level
from consultations import checklist
from consultations.actions.approval import approve_paper, submit_paper
from consultations.actions.paper import publish_paper
from consultations.models import ConsultationPage
from core import audit, clock
from core.exceptions import Invalid
from participation.actions.engagement import Schedule, publish_engagement
from participation.models import Engagement, PublicNotice
from tests.factories.consultations import edit_paper, make_paper, translate_all
from tests.factories.desk import make_approver, make_officer
from tests.factories.engagements import make_engagement

pytestmark = pytest.mark.django_db

WHY = "Too many advertisements were posted."


def change(page: ConsultationPage, officer: Account | None = None, **fields: Any) -> None:
    """A draft with other rules, translated."""
    officer = officer or make_officer()
    edit_paper(page, by=officer, **fields)
    translate_all(page, officer)


def missing(page: ConsultationPage) -> list[tuple[str, str]]:
    draft = page.get_latest_revision_as_object()
    return [(step.key, step.field) for step in checklist.missing(draft, page.engagement)]


def test_before_the_opening_every_rule_may_change_unannounced() -> None:
    page, engagement = make_paper(opens=5)
    change(
        page,
        comment_level=Level.VERIFIED,
        vote_level=Level.VERIFIED,
        moderation_policy="after",
        results_from="close",
        grace_minutes=0,
    )
    publish_paper(page=page, by=None)
    engagement.refresh_from_db()
    assert engagement.levels["vote"] == engagement.levels["comment"] == Level.VERIFIED
    assert (engagement.moderation_policy, engagement.results_from) == ("after", "close")
    assert not PublicNotice.objects.exists()


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("vote_level", Level.VERIFIED),
        ("results_from", "live"),
        ("results_from", "outcome"),
        ("grace_minutes", 29),
    ],
)
def test_what_people_trusted_stands_whatever_the_reason(
    field: str, value: Any, closed: bool
) -> None:
    page, engagement = make_paper(results_from="close")
    now = clock.now() + dt.timedelta(days=60 if closed else 0)
    with clock.freeze(now):
        change(page, **{field: value}, rules_reason=WHY)
        assert missing(page) == [("rules", field)]
        with pytest.raises(Invalid) as refused:
            publish_paper(page=page, by=None)
    assert refused.value.field == field
    before = engagement.levels
    engagement.refresh_from_db()
    assert engagement.levels == before
    assert (engagement.results_from, engagement.grace_minutes) == ("close", 30)
    assert not PublicNotice.objects.exists()


def test_a_change_without_a_reason_is_drafted_and_not_sent() -> None:
    officer = make_officer()
    make_approver()
    page, engagement = make_paper(by=officer)
    change(page, officer, moderation_policy="after")
    assert missing(page) == [("rules", "rules_reason")]
    with pytest.raises(Invalid) as refused:
        submit_paper(page=page, by=officer)
    assert refused.value.field == "rules_reason"
    with pytest.raises(Invalid):
        publish_paper(page=page, by=None)
    engagement.refresh_from_db()
    assert engagement.moderation_policy == "before"


@pytest.mark.db
def test_a_change_with_its_reason_is_approved_by_a_second_and_shown_on_the_paper(
    client: Client,
) -> None:
    officer, approver = make_officer(), make_approver()
    page, engagement = make_paper(by=officer)
    change(
        page,
        officer,
        moderation_policy="after",
        comment_level=Level.VERIFIED,
        grace_minutes=60,
        rules_reason=WHY,
    )
    submission = submit_paper(page=page, by=officer)
    client.force_login(approver, backend="accounts.backends.AccountBackend")
    review = client.get(f"/cms/desk/review/{submission.public_id}/").content.decode()
    for words in (WHY, "only verified persons may comment", "up to 60 minutes after it"):
        assert words in review
    approve_paper(submission=submission, by=approver)
    engagement.refresh_from_db()
    assert engagement.moderation_policy == "after"
    assert engagement.levels["comment"] == Level.VERIFIED
    notice = engagement.public_notices.get()
    assert (notice.kind, notice.by) == ("rules", approver)
    assert set(notice.text) == {"en", "zh-hant", "zh-hans"}
    assert notice.data["changes"]["moderation_policy"] == {"from": "before", "to": "after"}
    client.logout()
    for language in ("en", "zh-hant", "zh-hans"):
        page_now = client.get(engagement.paths[language]).content.decode()
        for line in notice.text[language].split("\n"):
            assert line in page_now
    assert "The rules were changed" in client.get(engagement.paths["en"]).content.decode()
    assert audit.verify().ok


def test_the_next_change_asks_for_a_reason_of_its_own() -> None:
    page, engagement = make_paper()
    change(page, moderation_policy="after", rules_reason=WHY)
    publish_paper(page=page, by=None)
    # Other words of the paper may be published meanwhile: nothing changes in the rules.
    change(page, summary="Said better.")
    publish_paper(page=page, by=None)
    assert engagement.public_notices.filter(kind="rules").count() == 1
    change(page, moderation_policy="before")
    with pytest.raises(Invalid) as refused:
        publish_paper(page=page, by=None)
    assert refused.value.field == "rules_reason"
    change(page, rules_reason="It is calm again.")
    publish_paper(page=page, by=None)
    assert engagement.public_notices.filter(kind="rules").count() == 2


def test_no_way_past_the_page_changes_them_either() -> None:
    engagement = make_engagement()

    def again(**rules: Any) -> Engagement:
        assert engagement.opens_at is not None
        assert engagement.closes_at is not None
        schedule = Schedule(
            opens_at=engagement.opens_at,
            closes_at=engagement.closes_at,
            title=engagement.title,
            levels=rules.pop("levels", engagement.levels),
            moderation_policy=rules.pop("moderation_policy", engagement.moderation_policy),
            **rules,
        )
        return publish_engagement(engagement=engagement, schedule=schedule, by=None)

    other = "after" if engagement.moderation_policy == "before" else "before"
    for rules in (
        {"moderation_policy": other},
        {"moderation_policy": other, "rules_reason": {"zh-hant": "只有中文。"}},
        {"levels": {**engagement.levels, "vote": Level.VERIFIED}, "rules_reason": {"en": WHY}},
        {"levels": {**engagement.levels, "comment": Level.VERIFIED}},
    ):
        with pytest.raises(Invalid):
            again(**rules)
    assert not PublicNotice.objects.exists()
    again(moderation_policy=other, rules_reason={"en": WHY})
    assert engagement.public_notices.get().text["en"].endswith(WHY)


def test_the_editor_says_at_once_which_rule_stands() -> None:
    officer = make_officer()
    page, _engagement = make_paper(by=officer)
    form_class = ConsultationPage.get_edit_handler().get_form_class()
    options = {"instance": page.get_latest_revision_as_object(), "for_user": officer}
    options["parent_page"] = page.get_parent()
    form = form_class(**options)
    data = {name: form[name].value() or "" for name in form.fields}
    data |= {f"{name}-count": "0" for name in ("body", "statements", "key_dates", "questions")}
    bound = form_class({**data, "vote_level": Level.VERIFIED}, **options)
    assert not bound.is_valid()
    assert "vote_level" in bound.errors
    # A rule that may change is drafted without its reason; sending asks for it.
    drafted = form_class({**data, "moderation_policy": "after"}, **options)
    assert not {"moderation_policy", "rules_reason"} & set(drafted.errors)
