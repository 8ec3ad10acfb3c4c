"""Polls and surveys as people meet them: list, page, answering, results, receipt, my page."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from crowdtasks.models import Claim
from participation.models import Contribution
from questionnaires.actions.counting import keep_figures
from questionnaires.models import Draft, Questionnaire
from tests.factories.crowdtasks import answer, claim, make_campaign, poll_questions
from tests.factories.desk import make_officer
from tests.factories.ledger import fill_budget
from tests.factories.participation import make_citizen
from tests.factories.products import make_round
from tests.questionnaires.walking import BACKEND, Walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


def _signed_in(account):
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


def _count(campaign):
    keep_figures(questionnaire=Questionnaire.objects.get(engagement=campaign.engagement))


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_the_list_and_the_page_say_what_it_takes(language, client):
    page, campaign = make_campaign(places=5)
    make_campaign(kind="poll", title="A poll on benches")
    make_campaign(title="Coming", opens=4)
    claim(campaign)
    listed = client.get(f"/{language}/tasks/").content.decode()
    assert listed.count('class="hk-card"') == 2
    assert (
        client.get(f"/{language}/tasks/?state=all").content.decode().count('class="hk-card"') == 3
    )
    polls = client.get(f"/{language}/tasks/?kind=poll&minutes=1&state=x").content.decode()
    assert polls.count('class="hk-card"') == 1
    assert client.get(f"/{language}/tasks/?minutes=1&kind=survey").status_code == 200
    shown = client.get(f"/{language}/tasks/epd/{page.slug}/").content.decode()
    assert '<span class="hk-number" data-live-value="places">4</span>' in shown
    assert f"/{language}/e/{campaign.engagement.public_id}/answer/" in shown
    said = client.get(f"/{language}/e/{campaign.engagement.public_id}/live.json").json()
    assert said["places"] == 4


def test_a_survey_without_places_is_answered_part_by_part():
    _page, campaign = make_campaign()
    walk, account = Walk(campaign.engagement), make_citizen()
    walk.post("", route="whole")
    walk.sign_in(account)
    walk.send(**{"q-" + anchor: value for anchor, value in _anchors(campaign, uses="daily")})
    assert "/part/2/" in walk.at
    page = walk.send()
    assert "/check/" in walk.at
    page = walk.send(publish_choice="confidential")
    assert "Your task" in page.text
    row = Claim.objects.get()
    # Answered in no time: an officer looks at it, and it is counted all the same.
    assert (row.state, row.flags, row.place) == ("review", ["fast"], None)
    assert row.person == account.person
    assert "An officer of the bureau looks at it" in page.text
    mine = _signed_in(account).get("/en/account/").content.decode()
    assert "My tasks" in mine


def _anchors(campaign, **answers):
    rows = campaign.engagement.questionnaires.get().questions.all()
    return [(row.anchor, answers[row.block_id]) for row in rows if row.block_id in answers]


def test_where_there_are_places_one_signs_in_takes_one_and_is_told_until_when():
    _page, campaign = make_campaign(places=1)
    engagement, account = campaign.engagement, make_citizen()
    walk = Walk(engagement)
    page = walk.post("", route="whole")
    assert "sign-in" in walk.at
    assert not Claim.objects.exists()
    walk.sign_in(account)
    walk.post("", route="whole")
    assert "/part/1/" in walk.at
    assert Claim.objects.get().state == "live"
    page = walk.get("")
    assert "You hold a place until" in page.text
    other = Walk(engagement)
    other.sign_in(make_citizen())
    page = other.get("")
    assert "All places are taken now" in page.text
    assert 'name="route"' not in page.text
    assert other.client.post(other.base, {"route": "whole"}).status_code == 409
    assert Claim.objects.count() == 1


def test_a_poll_is_one_screen_and_keeps_what_was_chosen_over_signing_in():
    _page, campaign = make_campaign(kind="poll", results_from="close", results_after_own=True)
    engagement, account = campaign.engagement, make_citizen()
    walk = Walk(engagement)
    page = walk.get("")
    assert walk.at.endswith("/poll/")
    assert "Continue" in page.text
    walk.send(**{"q-" + anchor: value for anchor, value in _anchors(campaign, q1="yes")})
    assert "sign-in" in walk.at
    walk.sign_in(account)
    page = walk.get(f"/en/e/{engagement.public_id}/poll/")
    assert "Your answers are kept below" in page.text
    page = walk.send(**{"q-" + anchor: value for anchor, value in _anchors(campaign, q1="yes")})
    assert walk.at.endswith("/poll/results/")
    assert "Thank you" in page.text
    assert Contribution.objects.get().person == account.person
    assert Claim.objects.get().state == "accepted"
    for _each in range(5):
        answer(campaign)
    _count(campaign)
    assert "n = 6 of 6" in walk.get(walk.at).text
    # Whoever has not answered waits for the close.
    stranger = Client().get(f"/en/e/{engagement.public_id}/poll/results/").content.decode()
    assert "Answer first" in stranger
    assert "n = 6" not in stranger
    assert "n = 6" not in Client().get(f"/en/e/{engagement.public_id}/said/").content.decode()
    # Once answered, its address leads to the results.
    assert walk.get(f"/en/e/{engagement.public_id}/poll/").text.count("Thank you") == 1


def test_a_survey_shows_its_results_to_who_has_answered_where_it_says_so():
    _page, campaign = make_campaign(results_from="close", results_after_own=True)
    engagement = campaign.engagement
    results = f"/en/e/{engagement.public_id}/poll/results/"
    walk = Walk(engagement)
    walk.post("", route="whole")
    walk.sign_in(make_citizen())
    walk.send(**{"q-" + anchor: value for anchor, value in _anchors(campaign, uses="daily")})
    walk.send()
    receipt = walk.send(publish_choice="confidential").text
    assert "See how everybody answered" in receipt
    assert f'href="{results}"' in receipt
    written = {"uses": {"option": "never"}, "check": {"option": "a"}, "why": "More shade."}
    for _each in range(5):
        answer(campaign, answers=written)
    _count(campaign)
    shown = walk.get(results).text
    assert "n = 6 of 6" in shown
    # What people wrote is nobody's before the close.
    assert "n = 5 of 6" in shown
    assert "Read the published answers" not in shown
    stranger = Client().get(results).content.decode()
    assert "Answer first" in stranger
    assert f"/en/e/{engagement.public_id}/answer/" in stranger
    assert "of 6" not in stranger
    assert "of 6" not in Client().get(f"/en/e/{engagement.public_id}/said/").content.decode()
    with clock.travel(dt.timedelta(days=22)):
        assert "Read the published answers" in walk.get(results).text


def test_a_survey_that_does_not_say_so_keeps_its_results_till_the_close():
    _page, campaign = make_campaign(results_from="close")
    account = make_citizen()
    receipt = answer(campaign, account)
    for _each in range(5):
        answer(campaign)
    _count(campaign)
    client = _signed_in(account)
    own = client.get(f"/en/receipts/{receipt.code}/").content.decode()
    assert "Your task" in own
    assert "See how everybody" not in own
    shown = client.get(f"/en/e/{campaign.engagement.public_id}/poll/results/").content.decode()
    assert "Thank you" in shown
    assert "of 6" not in shown


def test_a_poll_answered_from_a_second_window_is_refused_and_keeps_no_draft():
    _page, campaign = make_campaign(kind="poll")
    walk = Walk(campaign.engagement)
    walk.sign_in(make_citizen())
    path = walk.get("") and walk.at
    chosen = {"q-" + anchor: value for anchor, value in _anchors(campaign, q1="yes")}
    walk.send(**chosen)
    assert Contribution.objects.count() == 1
    drafts = Draft.objects.count()
    again = walk.client.post(path, chosen)
    assert again.status_code == 409
    assert "Each person can do it once." in again.content.decode()
    assert (Contribution.objects.count(), Draft.objects.count()) == (1, drafts)


def test_a_poll_without_an_answer_to_a_needed_question_says_so_and_sends_nothing():
    questions = poll_questions()
    questions[0]["value"]["questions"][0]["value"] |= {"required": True, "reason": "It is all."}
    _page, campaign = make_campaign(kind="poll", questions=questions)
    walk = Walk(campaign.engagement)
    walk.sign_in(make_citizen())
    walk.get("")
    page = walk.send()
    assert page.status_code == 422
    assert "This question needs an answer." in page.text
    assert not Contribution.objects.exists()


def test_its_bureau_alone_sees_the_numbers():
    officer = make_officer()
    _page, campaign = make_campaign(places=4)
    path = f"/en/e/{campaign.engagement.public_id}/task/desk/"
    claim(campaign)
    answer(campaign)
    page = _signed_in(officer).get(path).content.decode()
    assert "2 of 4" in page
    assert _signed_in(make_citizen()).get(path).status_code == 404
    assert Client().get(path).status_code == 302


def test_rounds_that_anybody_may_try_are_listed_with_their_time_and_reward(client):
    make_campaign(kind="poll", title="A poll on benches")
    _page, row = make_round(title="Seats without points")
    fill_budget(row.engagement.owner, 500)
    make_round(title="Rewarded", reward=40, reward_places=5, build=row.build)

    def titles(query: str) -> set[str]:
        listed = client.get(f"/en/tasks/?{query}").content.decode()
        names = ("A poll on benches", "Seats without points", "Rewarded")
        return {name for name in names if name in listed}

    assert titles("") == {"A poll on benches", "Seats without points", "Rewarded"}
    assert titles("kind=poll") == {"A poll on benches"}
    assert titles("kind=round") == {"Seats without points", "Rewarded"}
    assert titles("reward=1") == {"Rewarded"}
    # Two steps of a minute each and the questions.
    assert titles("minutes=1") == {"A poll on benches"}
    assert titles("minutes=5") == {"A poll on benches", "Seats without points", "Rewarded"}
    assert "Try a new service" in client.get("/en/tasks/").content.decode()


def test_the_list_asks_as_much_for_many_as_for_one(client, django_assert_num_queries):
    _page, row = make_round()
    make_campaign()
    client.get("/en/tasks/")
    cache.clear()
    with CaptureQueriesContext(connection) as few:
        client.get("/en/tasks/?state=all")
    for number in range(4):
        make_round(title=f"Round {number} more", build=row.build)
        make_campaign(title=f"Survey {number}")
    cache.clear()
    with django_assert_num_queries(len(few)):
        client.get("/en/tasks/?state=all")
