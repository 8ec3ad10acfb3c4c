"""A standing ideas box is no contest: what it is called, and what its desk counts."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape

import pytest
from django.http import QueryDict
from django.test import Client

from consultations.actions.approval import submit_paper
from core import clock
from core.dates import last_minute, local
from ideas.actions.replies import reply_to_idea
from ideas.actions.status import change_status
from ideas.drawing import sources_of
from ideas.funnel import funnel_of
from ideas.models import Basis
from ideas.screening_list import look_up
from notifications.models import Notice
from participation import faces
from participation.models import Engagement
from tests.factories.consultations import make_paper, today
from tests.factories.desk import make_approver, make_officer
from tests.factories.engagements import make_bureau
from tests.factories.ideas import make_contest, make_contest_draft, make_public_idea
from tests.factories.votes import make_voting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
BACKEND = "accounts.backends.AccountBackend"


def make_box() -> Engagement:
    """A published ideas box without end."""
    return make_contest(title="Libraries", standing=True, closes_on=None)[1]


@pytest.mark.parametrize(
    ("language", "word", "wrong"),
    [("en", "ideas box", "contest"), ("zh-hant", "點子箱", "比賽"), ("zh-hans", "点子箱", "比赛")],
)
def test_a_standing_box_is_called_a_box_on_every_page(
    client: Client, language: str, word: str, wrong: str
) -> None:
    box = make_box()
    idea = make_public_idea(box)
    desk = Client()
    desk.force_login(make_officer(box.owner), backend=BACKEND)
    page, at = box.paths[language], f"/{language}/ideas/{idea.contribution.public_id}/"
    e = f"/{language}/e/{box.public_id}/"
    receipt = f"/{language}/receipts/{idea.contribution.receipt.code}/"
    for reader, paths in (
        (client, (page, f"{e}ideas/?seed=1", at, f"{e}follow/", f"{e}ideas/write/", receipt)),
        (desk, (f"{e}desk/", f"{e}screening/", f"{at}reply/", f"{at}status/", f"{at}merge/")),
    ):
        for path in paths:
            answer = reader.get(path)
            assert answer.status_code == 200, path
            # Above its title a page says where all contests and boxes are listed; so do addresses.
            said = answer.content.decode().partition("<h1")[2].partition("<footer")[0].lower()
            said = re.sub(r"contests(/|%2f)", "", said)
            assert wrong not in said, path
            assert word in said or path not in {page, f"{e}follow/", f"{e}desk/"}, path


def test_officers_mails_call_a_box_a_box_before_it_is_published_too() -> None:
    bureau = make_bureau()
    officer = make_officer(bureau)
    make_approver(bureau)
    page = make_contest_draft(bureau=bureau, by=officer, standing=True, closes_on=None)
    submit_paper(page=page, by=officer)
    wanted = Notice.objects.get(kind="approval-wanted")
    assert wanted.params["noun"]["zh-hant"] == "常設點子箱"
    assert faces.nouns_of(make_contest()[1])["zh-hant"] == "比賽"


def test_a_box_counts_and_lists_what_was_answered() -> None:
    box = make_box()
    officer = make_officer(box.owner)
    replied, adopted, waits = (make_public_idea(box, f"Idea {number}") for number in range(3))
    reply_to_idea(idea=replied, text="Thank you.", language="en", by=officer)
    change_status(
        idea=adopted, status="adopted", sentence="Yes.", language="en", by=officer, known="received"
    )
    found = funnel_of(box)
    assert dict(zip([key for key, _name in found.steps], found.total.numbers, strict=True)) == {
        "received": 3,
        "public": 3,
        "answered": 2,
        "adopted": 1,
        "done": 0,
    }
    listed = look_up(box, QueryDict("state=waiting"))
    assert [idea.pk for idea in listed.page.object_list] == [waits.pk]
    assert look_up(box, QueryDict("state=answered")).page.paginator.count == 2


def test_what_is_not_open_yet_says_when_its_own_phase_is(client: Client) -> None:
    engagement = make_voting()[1].ballot.engagement
    vote = next(one for one in engagement.phases.all() if one.key == "vote")
    said = client.get(f"/en/e/{engagement.public_id}/vote/").content.decode()
    for moment in (vote.opens_at, last_minute(vote.closes_at)):
        assert f'datetime="{local(moment).isoformat(timespec="seconds")}"' in said
    listed = client.get("/en/contests/").content.decode()
    assert "Ideas are taken until" in listed


def test_while_a_jury_is_awaited_the_result_desk_does_not_say_the_bureau_decides() -> None:
    engagement = make_contest(jury_closes_on=today() + dt.timedelta(days=60))[1]
    found = sources_of(engagement, clock.now())
    assert (found.basis, found.decides) == (Basis.BUREAU, Basis.JURY)


def test_the_desk_leads_to_the_editor_in_the_words_of_each_room(client: Client) -> None:
    bureau = make_bureau()
    officer = make_officer(bureau)
    client.force_login(officer, backend=BACKEND)
    for made, words, ends in (
        (make_paper(bureau=bureau)[1], "Write the paper", True),
        (make_contest(bureau=bureau)[1], "Write the contest's page", True),
        (make_box(), "Write the box's page", False),
    ):
        said = unescape(client.get(f"/cms/desk/{made.public_id}/").content.decode())
        assert f">{words}</a>" in said
        # What has no end is neither extended nor answered as a whole.
        assert (f"/cms/desk/{made.public_id}/outcome/" in said) is ends
