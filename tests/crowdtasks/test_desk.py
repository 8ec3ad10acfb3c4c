"""What the bureau reads of a campaign: the funnel, the report's section, the file."""

import csv
import datetime as dt
import io

import pytest
from django.test import Client

from core import clock
from crowdtasks.funnel import funnel_of
from crowdtasks.models import Claim
from crowdtasks.report import SECTION
from feedback.sections import registered
from questionnaires.actions.responses import submit_response
from tests.factories.crowdtasks import (
    answer,
    claim,
    decline,
    fresh,
    make_campaign,
    make_campaign_draft,
    write_draft,
)
from tests.factories.desk import make_officer
from tests.factories.engagements import make_bureau, make_engagement
from tests.factories.ledger import fill_budget
from tests.factories.participation import make_citizen
from tests.questionnaires.walking import BACKEND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


@pytest.fixture
def campaign():
    """One begun, one accepted after five minutes, one too fast, one declined; of eight places."""
    officer, bureau = make_officer(), make_bureau()
    fill_budget(bureau, 100)
    found = make_campaign(bureau=bureau, places=8, reward=10)[1]
    claim(found)
    for minutes in (5, 0):
        account = make_citizen()
        draft = write_draft(found, account)
        with clock.travel(dt.timedelta(minutes=minutes)):
            submit_response(draft=draft, person=account.person, account=account)
    answer(found, answers={"uses": {"option": "never"}, "check": {"option": "b"}})
    decline(Claim.objects.get(flags=["attention"]), officer, "=cmd")
    return found


def test_the_funnel_counts_each_step_and_what_it_cost(campaign):
    funnel = funnel_of(fresh(campaign.engagement).engagement, clock.now())
    assert (funnel.started, funnel.finished, funnel.review) == (4, 3, 1)
    assert (funnel.accepted, funnel.declined, funnel.left, funnel.taken) == (1, 1, 4, 4)
    assert (funnel.set_aside, funnel.given, funnel.cost, funnel.fill) == (80, 10, 10.0, 12.5)
    assert funnel.minutes == 2.5


def test_without_places_drafts_are_what_was_begun(django_assert_max_num_queries):
    _page, free = make_campaign()
    write_draft(free, make_citizen())
    answer(free)
    engagement = fresh(free.engagement).engagement
    with django_assert_max_num_queries(7):
        funnel = funnel_of(engagement, clock.now())
    assert (funnel.started, funnel.finished, funnel.cost) == (2, 1, None)


def test_the_report_has_a_section_of_it(campaign):
    engagement = fresh(campaign.engagement).engagement
    section = next(one for one in registered() if one.key == "task")
    assert section.applies(engagement)
    found = SECTION.build(engagement, clock.now(), lambda share: None)
    shown = SECTION.live(engagement, clock.now())
    assert shown is not None
    assert found.figures == shown.figures
    # A consultation, and a poll that was never published, have none.
    for other in (make_engagement(), make_campaign_draft().engagement):
        assert SECTION.live(other, clock.now()) is None
    assert found.figures["finished"] == 3
    steps, marked = found.tables
    assert [row[1] for row in steps.rows] == [4, 3, 1, 1, 1]
    assert [row[1] for row in marked.rows] == [1, 1, 0, 0, 0]
    assert found.lines[0]["zh-hant"]


def test_the_file_has_every_response_and_nothing_a_spreadsheet_runs(campaign):
    client = Client()
    client.force_login(make_officer(), backend=BACKEND)
    base = f"/en/e/{campaign.engagement.public_id}/task/desk/"
    page = client.get(base).content.decode()
    assert "Points an accepted response" in page
    response = client.get(f"{base}responses.csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(text)) if len(row) == 7]
    assert len(rows) == 4
    assert not any(cell.startswith("=") for row in rows for cell in row)
    assert client.get(f"{base}responses.exe").status_code == 404
