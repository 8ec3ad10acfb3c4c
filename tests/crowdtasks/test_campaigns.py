"""Campaigns: drafted, approved, published as papers are; what is refused and what stands."""

import pytest
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from consultations.actions.approval import approve_paper, submit_paper
from consultations.actions.paper import publish_paper
from consultations.checklist import missing
from core import audit
from core.exceptions import Conflict, Invalid
from crowdtasks.face import check
from crowdtasks.models import Campaign, CampaignPage, Place
from participation.policies import can
from tests.factories.crowdtasks import (
    answer,
    claim,
    edit_campaign,
    fresh,
    make_campaign,
    make_campaign_draft,
    poll_questions,
    put,
    survey_questions,
)
from tests.factories.desk import make_approver, make_officer
from tests.factories.participation import make_citizen
from tests.factories.questions import option, question, section

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


def _refused(draft, field, **fields):
    put(draft, fields)
    with pytest.raises(Invalid) as refusal:
        check(draft, draft.engagement)
    assert refusal.value.field == field
    return str(refusal.value)


def test_a_campaign_goes_the_way_of_a_paper_draft_approval_public():
    officer, approver = make_officer(), make_approver()
    page = make_campaign_draft(by=officer, places=3)
    engagement = page.engagement
    assert (engagement.kind, engagement.state) == ("campaign", "draft")
    assert missing(page.get_latest_revision_as_object(), engagement) == []
    submission = approve_paper(submission=submit_paper(page=page, by=officer), by=approver)
    assert submission.state == "published"
    engagement.refresh_from_db()
    assert set(engagement.paths) == {"en", "zh-hant", "zh-hans"}
    assert engagement.paths["en"].startswith("/en/tasks/epd/")
    campaign = fresh(engagement)
    assert (campaign.kind, campaign.places, campaign.review) == ("survey", 3, "automatic")
    assert campaign.checks == {"check": ["a"]}
    assert campaign.seconds > 0
    assert list(campaign.place_rows.order_by("number").values_list("number", flat=True)) == [
        1,
        2,
        3,
    ]
    assert engagement.questionnaires.get().asked == 3
    assert audit.verify().ok


def test_what_a_draft_cannot_be_is_said_at_its_field():
    draft = make_campaign_draft(kind="poll").get_latest_revision_as_object()
    check(draft, draft.engagement)
    assert "five" in _refused(
        draft,
        "questions",
        questions=[
            section("s1", "", *(question("short", f"q{n}", f"Question {n}") for n in range(6)))
        ],
    )
    two = [*poll_questions(), section("s2", "More", question("short", "q2", "And?"))]
    assert "one screen" in _refused(draft, "questions", questions=two)
    _refused(draft, "review_rule", questions=poll_questions(), review_rule="all")
    _refused(draft, "answer_level", review_rule="automatic", places=5, answer_level=0)


def test_what_people_began_under_stands_and_places_are_only_added():
    page, campaign = make_campaign(places=2)
    draft = page.get_latest_revision_as_object()
    assert "2 places" in _refused(draft, "places", places=1)
    _refused(draft, "places", places=None)
    _refused(draft, "kind", places=2, kind="poll", questions=poll_questions())
    _refused(draft, "answer_level", kind="survey", questions=survey_questions(), answer_level=3)
    claim(campaign)
    page = CampaignPage.objects.get(pk=page.pk)
    edit_campaign(page, places=4)
    publish_paper(page=page, by=None)
    assert fresh(campaign.engagement).places == 4
    assert Place.objects.filter(campaign=campaign).count() == 4


def test_before_the_opening_places_nobody_took_can_go_again():
    page, campaign = make_campaign(places=4, opens=3)
    edit_campaign(page, places=2)
    publish_paper(page=page, by=None)
    assert Place.objects.filter(campaign=campaign).count() == 2
    edit_campaign(page, places=None)
    publish_paper(page=page, by=None)
    assert Place.objects.filter(campaign=campaign).count() == 0


def test_the_first_response_freezes_the_questions():
    page, campaign = make_campaign(kind="poll")
    answer(campaign)
    reworded = [
        section(
            "s1",
            "A poll",
            question(
                "one",
                "q1",
                "Fewer benches?",
                options=[
                    option("yes", "Yes"),
                    option("no", "No"),
                    option("unsure", "I do not know"),
                ],
            ),
        )
    ]
    _refused(page.get_latest_revision_as_object(), "questions", questions=reworded)


def test_only_answering_is_open_and_once_a_person():
    _page, campaign = make_campaign(kind="poll")
    engagement, account = campaign.engagement, make_citizen()
    now = engagement.opens_at
    assert can("answer", engagement=engagement, person=account.person, now=now).allowed
    assert can("comment", engagement=engagement, person=account.person, now=now).code == "not-part"
    answer(campaign, account)
    with pytest.raises(Conflict) as refusal:
        answer(campaign, account)
    assert refusal.value.code == "already_answered"
    assert Campaign.objects.get(pk=campaign.pk).claims.count() == 1


@pytest.mark.parametrize(
    ("opens", "closes", "field"),
    [("9999-12-31", "", "opens_on"), ("2027-03-02", "2027-03-01", "closes_on")],
)
def test_the_editor_refuses_days_that_cannot_be(opens, closes, field):
    page = make_campaign_draft(by=make_officer())
    form = CampaignPage.get_edit_handler().get_form_class()(
        nested_form_data(
            {
                "title": page.title,
                "slug": page.slug,
                "kind": "poll",
                "about": rich_text("<p>Why.</p>"),
                "questions": streamfield([]),
                "opens_on": opens,
                "closes_on": closes,
                "claim_minutes": "60",
                "reward": "0",
                "hold_days": "0",
                "review_rule": "automatic",
                "sample_percent": "10",
                "answer_level": "1",
                "results_from": "live",
                "grace_minutes": "30",
                "moderation_policy": "before",
            }
        ),
        instance=page,
        for_user=make_officer(),
    )
    assert not form.is_valid()
    assert list(form.errors) == [field]


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(45, "45 minutes"), (60, "1 hour"), (90, "90 minutes"), (10_080, "7 days")],
)
def test_how_long_a_place_is_held_is_said_in_words_one_can_picture(minutes, words):
    assert Campaign(claim_minutes=minutes).held_for == words
