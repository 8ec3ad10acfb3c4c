"""Contests: drafted, approved, published as papers are; phases, rules, their fingerprint."""

import datetime as dt
import json
from hashlib import sha256

import pytest

from accounts.models import Role
from consultations.actions.approval import approve_paper, submit_paper
from consultations.actions.paper import publish_paper
from consultations.checklist import missing
from core import clock
from core.dates import FOREVER
from core.exceptions import Conflict, Invalid
from ideas.face import check
from ideas.models import RulesVersion
from ideas.rules import changed_parts, fingerprint
from participation.models import Engagement, Phase
from participation.policies import can
from participation.stages import Stage, stage
from tests.factories.consultations import today, translate_all
from tests.factories.desk import make_approver, make_officer
from tests.factories.engagements import make_account, make_bureau
from tests.factories.ideas import (
    categories,
    criteria,
    edit_contest,
    make_contest,
    make_contest_draft,
    make_public_idea,
)
from tests.factories.participation import make_citizen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


def _days(number: int) -> dt.date:
    return today() + dt.timedelta(days=number)


def test_a_contest_goes_the_way_of_a_paper_draft_approval_public():
    officer, approver = make_officer(), make_approver()
    page = make_contest_draft(by=officer)
    engagement = page.engagement
    assert (engagement.kind, engagement.state) == ("contest", "draft")
    assert missing(page.get_latest_revision_as_object(), engagement) == []
    submission = submit_paper(page=page, by=officer)
    submission = approve_paper(submission=submission, by=approver)
    assert submission.state == "published"
    engagement.refresh_from_db()
    assert engagement.state == "published"
    assert set(engagement.paths) == {"en", "zh-hant", "zh-hans"}
    assert engagement.paths["en"].startswith("/en/contests/epd/")
    contest = engagement.contest
    assert [(row.weight, row.name["en"]) for row in contest.criteria.all()] == [
        (60, "Criterion 1"),
        (40, "Criterion 2"),
    ]
    assert {row.name["en"] for row in contest.categories.all()} == {"Streets", "Parks"}


def test_what_is_missing_cannot_be_sent():
    officer = make_officer()
    make_approver()
    page = make_contest_draft(by=officer, brief="", terms="")
    assert {
        step.key for step in missing(page.get_latest_revision_as_object(), page.engagement)
    } >= {
        "brief",
        "terms",
    }
    with pytest.raises(Invalid):
        submit_paper(page=page, by=officer)


def test_the_phases_follow_one_another():
    _page, engagement = make_contest(
        vote_opens_on=_days(50),
        vote_closes_on=_days(60),
        jury_closes_on=_days(80),
        response_due=_days(100),
    )
    phases = {phase.key: phase for phase in engagement.phases.all()}
    assert list(phases) == ["call", "screening", "vote", "jury", "result", "follow"]
    assert phases["call"].closes_at == phases["screening"].opens_at
    assert phases["screening"].closes_at == phases["vote"].opens_at
    assert engagement.closes_at == phases["vote"].closes_at == phases["jury"].opens_at
    assert phases["follow"].closes_at == FOREVER
    person = make_citizen().person
    for days, open_verbs in ((10, {"submit", "comment"}), (45, {"comment"}), (55, {"vote"})):
        with clock.travel(dt.timedelta(days=days)):
            now = clock.now()
            for verb in open_verbs:
                assert can(verb, engagement=engagement, person=person, now=now).allowed
            assert can("submit", engagement=engagement, person=person, now=now).allowed is (
                "submit" in open_verbs
            )


def test_a_standing_box_has_one_phase_without_end():
    _page, engagement = make_contest(standing=True, closes_on=None, response_due=None)
    assert engagement.closes_at == FOREVER
    assert [phase.key for phase in engagement.phases.all()] == ["call"]
    with clock.travel(dt.timedelta(days=3000)):
        assert stage(engagement, clock.now()) is Stage.OPEN
        make_public_idea(engagement)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"vote_opens_on": 50}, "vote_closes_on"),
        ({"vote_closes_on": 50}, "vote_opens_on"),
        ({"vote_opens_on": 40, "vote_closes_on": 50}, "vote_opens_on"),
        ({"vote_opens_on": 60, "vote_closes_on": 50}, "vote_closes_on"),
        ({"jury_closes_on": 30}, "jury_closes_on"),
        ({"jury_closes_on": 200}, "response_due"),
        ({"standing": True, "vote_opens_on": 50}, "vote_opens_on"),
    ],
)
def test_dates_that_do_not_follow_are_refused(fields, field):
    days = {name: _days(value) if name != "standing" else value for name, value in fields.items()}
    page = make_contest_draft(translate=False)
    for name, value in days.items():
        setattr(page, name, value)
    with pytest.raises(Invalid) as refused:
        check(page, page.engagement)
    assert refused.value.field == field


def test_a_phase_that_has_begun_keeps_its_beginning_and_never_ends_earlier():
    page, engagement = make_contest(
        opens=-20, closes=-5, vote_opens_on=_days(-3), vote_closes_on=_days(10)
    )
    edit_contest(page, vote_opens_on=_days(2))
    with pytest.raises(Invalid):
        publish_paper(page=page, by=None)
    assert Phase.objects.get(engagement=engagement, key="vote").opens_at < clock.now()


def test_the_rules_have_a_fingerprint_that_anybody_can_make_again(client):
    _page, engagement = make_contest()
    version = engagement.contest.rules.get()
    assert version.number == 1
    answer = client.get(f"/en/e/{engagement.public_id}/rules/1.json")
    assert sha256(answer.content).hexdigest() == version.fingerprint
    assert json.loads(answer.content)["criteria"][0]["weight"] == 60
    assert client.get(f"/en/e/{engagement.public_id}/rules/2.json").status_code == 404


def test_before_the_opening_rules_change_in_silence():
    page, engagement = make_contest(opens=5)
    edit_contest(page, criteria=criteria(50, 50))
    publish_paper(page=page, by=None)
    assert engagement.contest.rules.count() == 2
    assert not engagement.public_notices.exists()


def test_after_the_opening_a_change_of_rules_is_announced_with_its_reason():
    page, engagement = make_contest()
    edit_contest(page, criteria=criteria(50, 50))
    with pytest.raises(Invalid) as refused:
        publish_paper(page=page, by=None)
    assert refused.value.field == "rules_reason"
    assert engagement.contest.rules.count() == 1
    edit_contest(page, rules_reason="Judges asked for it.")
    translate_all(page, make_account())
    publish_paper(page=page, by=None)
    notice = engagement.public_notices.get()
    new = engagement.contest.rules.first()
    assert notice.data["fingerprint"] == new.fingerprint
    assert notice.text["en"].split("\n") == [
        "Changed in the rules: Criteria and their weights.",
        "Judges asked for it.",
    ]
    assert notice.text["zh-hant"].startswith("規則有變：評審準則及比重。")
    assert new.fingerprint != RulesVersion.objects.get(number=1).fingerprint


def test_a_taken_category_is_retired_and_ideas_keep_it():
    page, engagement = make_contest(opens=5)
    row = engagement.contest.categories.get(block_id="c1")
    edit_contest(page, categories=[categories("Streets", "Parks")[1]])
    publish_paper(page=page, by=None)
    row.refresh_from_db()
    assert row.retired_at is not None


def test_a_language_that_joins_is_no_change_of_rules():
    old = {"terms": {"en": "A"}, "criteria": [{"id": "1", "weight": 3, "name": {"en": "N"}}]}
    new = {
        "terms": {"en": "A", "zh-hant": "甲"},
        "criteria": [{"id": "1", "weight": 3, "name": {"en": "N", "zh-hant": "名"}}],
    }
    assert changed_parts(old, new) == []
    assert fingerprint(old) != fingerprint(new)
    new["criteria"][0]["weight"] = 4
    assert changed_parts(old, new) == ["criteria"]


def test_weights_that_do_not_make_a_hundred_are_not_published():
    page = make_contest_draft(criteria=criteria(60, 30))
    with pytest.raises(Invalid) as refused:
        publish_paper(page=page, by=None)
    assert refused.value.field == "criteria"
    assert Engagement.objects.get(pk=page.engagement.pk).state == "draft"


def test_wagtail_s_own_publishing_is_refused():
    page = make_contest_draft()
    with pytest.raises(RuntimeError):
        page.get_latest_revision().publish()


def test_while_it_waits_the_editor_is_shut():
    officer = make_officer()
    make_approver()
    page = make_contest_draft(by=officer)
    submit_paper(page=page, by=officer)
    assert page.get_lock() is not None
    with pytest.raises(Conflict):
        submit_paper(page=page, by=officer)


def test_an_officer_of_the_bureau_may_write_in_its_section_and_no_other():
    page = make_contest_draft()
    officer = make_officer(page.bureau)
    other = make_officer(make_contest_draft(bureau=make_bureau("LCSD")).bureau, "other@example.com")
    assert officer.groups.filter(name=f"{Role.OFFICER} {page.bureau.code}").exists()
    assert page.permissions_for_user(officer).can_edit()
    assert not page.permissions_for_user(other).can_edit()
    assert not page.permissions_for_user(officer).can_publish()
