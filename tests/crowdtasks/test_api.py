"""Tasks by a program: listed, a place taken, answered, one's own."""

import pytest

from crowdtasks.models import Claim
from participation.models import Contribution
from tests.api.conftest import Api
from tests.factories.crowdtasks import ANSWERS, answer, claim, make_campaign, poll_questions
from tests.factories.engagements import make_engagement
from tests.factories.ledger import fill_budget
from tests.factories.participation import make_citizen
from tests.factories.products import make_round
from tests.factories.questions import question

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


def test_what_can_be_done_is_listed_with_what_it_takes():
    _page, survey = make_campaign(places=5, closes=9)
    make_campaign(kind="poll")
    make_campaign(opens=3)
    claim(survey)
    nobody = Api(None)
    found = nobody.ask("GET", "tasks")[1]
    assert [(one["kind"], one["left"]) for one in found["items"]] == [("survey", 4), ("poll", None)]
    assert nobody.ask("GET", "tasks?state=all")[1]["count"] == 3
    assert nobody.ask("GET", "tasks?kind=poll&minutes=1")[1]["count"] == 1
    assert nobody.ask("GET", "tasks?reward=true")[1]["count"] == 0
    assert nobody.ask("GET", "tasks?minutes=7")[0] == 422
    one = nobody.ask("GET", f"tasks/{survey.engagement.public_id}")[1]
    assert (one["places"], one["claim_minutes"], one["reward"]) == (5, 60, 0)
    assert one["pages"]["zh-hant"].startswith("/zh-hant/tasks/")
    assert nobody.ask("GET", f"tasks/{make_engagement().public_id}")[0] == 404
    asked = nobody.ask("GET", f"tasks/{survey.engagement.public_id}/questions")[1]
    assert "expected" not in str(asked)
    assert len(asked["sections"]) == 2


@pytest.mark.parametrize("query", ["", "?state=all", "?minutes=10", "?reward=true", "?kind=poll"])
def test_rounds_stand_beside_them_on_the_page_and_are_no_tasks_here(query):
    _page, row = make_round()
    fill_budget(row.engagement.owner, 500)
    make_round(reward=40, reward_places=5, build=row.build)
    _page, poll = make_campaign(kind="poll", places=5, reward=10, bureau=row.engagement.owner)
    status, found = Api(None).ask("GET", f"tasks{query}")
    assert status == 200
    assert [one["id"] for one in found["items"]] == [poll.engagement.public_id]
    assert found["count"] == 1
    assert Api(None).ask("GET", f"tasks/{row.engagement.public_id}")[0] == 404


def test_a_place_is_taken_used_and_read_back():
    _page, campaign = make_campaign(places=1)
    base = f"tasks/{campaign.engagement.public_id}"
    mei, fong = Api(make_citizen()), Api(make_citizen())
    assert Api(None).ask("POST", f"{base}/place", {})[0] == 401
    status, place = mei.ask("POST", f"{base}/place", {})
    assert (status, place["state"]) == (201, "live")
    assert mei.ask("POST", f"{base}/place", {})[1]["id"] == place["id"]
    status, refused = fong.ask("POST", f"{base}/place", {})
    assert (status, refused["code"]) == (409, "places_taken")
    body = {"answers": ANSWERS["survey"], "claim": place["id"]}
    status, refused = fong.ask("POST", f"{base}/responses", body)
    assert (status, refused["code"]) == (403, "not_your_place")
    status, refused = fong.ask("POST", f"{base}/responses", {"answers": ANSWERS["survey"]})
    assert (status, refused["code"]) == (409, "places_taken")
    assert not Contribution.objects.exists()
    assert mei.ask("POST", f"{base}/responses", body)[0] == 201
    assert Claim.objects.get().state == "accepted"
    mine = mei.ask("GET", "task-claims")[1]["items"]
    assert [(one["task"], one["state"]) for one in mine] == [
        (campaign.engagement.public_id, "accepted")
    ]
    assert fong.ask("GET", "task-claims")[1]["count"] == 0
    assert mei.ask("POST", f"{base}/place", {})[1]["code"] == "done_already"


def test_a_step_that_is_needed_cannot_be_skipped():
    questions = poll_questions()
    questions[0]["value"]["questions"].append(
        question("short", "q2", "Where?", required=True, reason="It decides where.")
    )
    _page, campaign = make_campaign(kind="poll", questions=questions)
    base = f"tasks/{campaign.engagement.public_id}"
    status, refused = Api(make_citizen()).ask(
        "POST", f"{base}/responses", {"answers": ANSWERS["poll"]}
    )
    assert status == 422
    assert "needs an answer" in refused["detail"]
    assert not Claim.objects.exists()


def test_where_there_are_no_places_none_is_taken():
    _page, campaign = make_campaign()
    status, refused = Api(make_citizen()).ask(
        "POST", f"tasks/{campaign.engagement.public_id}/place", {}
    )
    assert (status, refused["code"]) == (409, "no_places")
    answer(campaign)
    assert Claim.objects.get().place is None
