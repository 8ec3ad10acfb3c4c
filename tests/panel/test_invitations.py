"""From the draw to what was handed in: answers, places that come free, who may try."""

from __future__ import annotations

import datetime as dt
import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import export
from accounts.actions import close_account
from accounts.merging import settle_all
from core import audit, clock
from core.exceptions import Closed, Conflict, Refused, SignInNeeded
from crowdtasks.panel import rules
from crowdtasks.panel.access import own_invitation
from crowdtasks.panel.actions.answering import (
    decline_invitation,
    end_overdue,
    end_rounds,
    forget_links,
)
from crowdtasks.panel.actions.volunteering import leave_panel
from crowdtasks.panel.models import Draw, Invitation
from crowdtasks.panel.mypage import MOST
from crowdtasks.panel.proof import faults_of
from crowdtasks.products.models import Attempt, Build
from notifications.models import Notice
from questionnaires.models import Response
from tests.factories.panel import (
    accept,
    drawn,
    invitations_of,
    make_invited,
    officer_of,
    volunteer,
    volunteers,
)
from tests.factories.participation import make_citizen
from tests.factories.products import begin, fields_of, send, tell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
BACKEND = "accounts.backends.AccountBackend"


def _decline(invitation: Invitation) -> Invitation:
    assert invitation.person is not None
    return decline_invitation(invitation=invitation, person=invitation.person)


def _account(invitation: Invitation) -> Any:
    assert invitation.person is not None
    return invitation.person.accounts.get()


@pytest.mark.db
def test_the_draw_is_recorded_and_can_be_made_again() -> None:
    volunteers(8)
    volunteers(7, age="65-over", devices=["tablet", "computer"])
    round = make_invited()
    draw = drawn(round, {"25-34+android": 4, "65-over+tablet": 2, "65-over+computer": 3}, by="both")
    assert (len(draw.seed), draw.seed_given, draw.frame_size) == (32, False, 15)
    assert len(invitations_of(draw)) == 9
    assert {one.state for one in invitations_of(draw)} == {"waiting"}
    said = StringIO()
    call_command("verify_draw", draw.public_id, stdout=said)
    assert draw.seed in said.getvalue()
    # A row that was changed by hand is named: who should have been invited, and who was.
    moved = invitations_of(draw)[0]
    Invitation.objects.filter(pk=moved.pk).update(key="0" * 32)
    with pytest.raises(CommandError):
        call_command("verify_draw", draw.public_id, stderr=StringIO())
    assert len(list(faults_of(draw))) == 2
    with pytest.raises(CommandError, match="no draw"):
        call_command("verify_draw", "nothing")
    assert not audit.verify().ok


def test_the_record_of_a_draw_names_nobody_and_its_file_says_nothing_of_who_waits(
    client: Any,
) -> None:
    accounts = volunteers(6)
    round = make_invited()
    draw = drawn(round, {"25-34": 5}, seed="1")
    accept(invitations_of(draw)[0])
    record = json.dumps(Draw.objects.values().get(pk=draw.pk), default=str)
    client.force_login(officer_of(round), backend=BACKEND)
    for form in ("csv", "json", "xlsx"):
        path = reverse("panel:export", args=[round.engagement.public_id, form])
        answer = client.get(path)
        assert answer.status_code == 200
        content = b"".join(answer.streaming_content)
        if form == "json":
            found = json.loads(content)["items"]
            record += json.dumps(found)
            assert [one["cell"] for one in found] == ["25-34", *[None] * 4]
    assert client.get(path.replace("xlsx", "pdf")).status_code == 404
    desk = client.get(reverse("panel:desk", args=[round.engagement.public_id])).content.decode()
    for account in accounts:
        for word in (account.email, account.public_id, account.person.public_id):
            assert word not in record + desk
        assert account.person.volunteer.public_id not in record + desk


def test_everybody_drawn_is_told_once_in_their_language(client: Any) -> None:
    for account in volunteers(5):
        account.language = "zh-hant"
        account.save(update_fields=["language"])
    round = make_invited()
    drawn(round, {"25-34": 5})
    notices = Notice.objects.filter(kind="round-invited")
    assert notices.count() == 5
    assert set(notices.values_list("path", flat=True)) == {
        f"/zh-hant/e/{round.engagement.public_id}/invitation/"
    }


def test_accept_try_and_hand_in_without_a_script(client: Any) -> None:
    volunteers(5)
    round = make_invited()
    draw = drawn(round, {"25-34": 5})
    invitation = invitations_of(draw)[0]
    path = reverse("panel:invitation", args=[round.engagement.public_id])
    attempt = reverse("products:try", args=[round.engagement.public_id])
    assert "Sign in if you have been invited" in client.get(attempt).content.decode()
    assert client.get(path).status_code == 302
    client.force_login(_account(invitation), backend=BACKEND)
    shown = client.get(path).content.decode()
    assert "You are invited to try this" in shown
    assert shown.count("csrfmiddlewaretoken") >= 2
    # Not before it was accepted.
    assert "Accept the invitation first" in client.get(attempt).content.decode()
    assert client.post(attempt).status_code == 403
    assert not Attempt.objects.exists()
    assert client.post(f"{path}accept/").headers["Location"] == path
    assert client.post(f"{path}accept/").status_code == 302
    assert "You take part" in client.get(path).content.decode()
    assert client.post(attempt).status_code == 302
    invitation.refresh_from_db()
    assert (invitation.state, invitation.started_at is None) == ("started", False)
    # Begun, it is not declined any more.
    assert client.post(f"{path}decline/").status_code in {409, 410}
    for number in (1, 2):
        client.post(f"{attempt}{number}/", {"went": "done"})
    name = fields_of(round)["again"]
    client.post(f"{attempt}questions/", {"seen": [name], name: "yes"})
    invitation.refresh_from_db()
    assert invitation.state == "finished"
    assert Response.objects.get().person == invitation.person
    # Once a person.
    assert client.post(attempt).status_code == 409
    assert "Thank you for trying it" in client.get(path).content.decode()
    client.force_login(make_citizen(), backend=BACKEND)
    assert client.get(path).status_code == 404
    assert client.post(f"{path}accept/").status_code == 404
    assert "volunteers who were invited" in client.get(attempt).content.decode()
    assert client.post(attempt).status_code == 403
    assert audit.verify().ok


def test_only_who_was_invited_hands_in() -> None:
    volunteers(5)
    round = make_invited()
    draw = drawn(round, {"25-34": 5})
    invitation = accept(invitations_of(draw)[0])
    account = _account(invitation)
    for person, refusal in ((None, SignInNeeded), (make_citizen().person, Refused)):
        with pytest.raises(refusal):
            begin(round, person)
    attempt = begin(round, account.person)
    tell(attempt)
    # Signed out on the way: nothing is lost, and nothing is entered.
    with pytest.raises(SignInNeeded):
        send(attempt)
    assert not Response.objects.exists()
    send(attempt, account)
    with pytest.raises(Conflict):
        begin(round, account.person)


@pytest.mark.db
def test_who_declines_is_replaced_by_the_next_in_the_order_of_the_draw() -> None:
    volunteers(6)
    volunteers(7, age="65-over")
    round = make_invited()
    draw = drawn(round, {"25-34": 5, "65-over": 5})
    first = next(one for one in invitations_of(draw) if one.seat.cell == "25-34")
    ended = _decline(first)
    assert _decline(first).ended_at == ended.ended_at
    (reserve,) = draw.invitations.filter(reserve=True)
    assert (reserve.seat, reserve.state) == (first.seat, "waiting")
    assert reserve.place > max(
        one.place for one in invitations_of(draw) if one.seat.cell == "25-34" and not one.reserve
    )
    assert Notice.objects.filter(account__person=reserve.person, kind="round-invited").exists()
    # Nobody is left of this kind: the place stays empty, and the desk shows the lack.
    _decline(reserve)
    assert draw.invitations.count() == 11
    # Who joined after the draw was not in its frame.
    volunteer()
    young = [one for one in invitations_of(draw, "waiting") if one.seat.cell == "25-34"]
    _decline(accept(young[0]))
    assert draw.invitations.count() == 11
    assert not list(faults_of(draw))
    assert audit.verify().ok


@pytest.mark.db
def test_who_does_not_answer_in_time_is_replaced_and_can_no_longer_accept() -> None:
    volunteers(7)
    round = make_invited()
    draw = drawn(round, {"25-34": 5}, answer_days=3)
    late, kept = invitations_of(draw)[:2]
    accept(kept)
    with clock.travel(dt.timedelta(days=3)):
        # At its instant, noted or not.
        with pytest.raises(Closed):
            accept(late)
        assert end_overdue() == 4
        assert end_overdue() == 0
        assert len(invitations_of(draw, "expired")) == 4
        assert len(invitations_of(draw, "waiting")) == 2
        with pytest.raises(Closed):
            accept(late)
        with pytest.raises(Closed):
            _decline(late)


@pytest.mark.db
def test_after_the_close_nobody_is_invited_and_who_did_not_come_is_noted(client: Any) -> None:
    volunteers(9)
    round = make_invited(closes=10)
    draw = drawn(round, {"25-34": 5}, answer_days=30)
    accepted, done = (accept(one) for one in invitations_of(draw)[:2])
    account = _account(done)
    attempt = begin(round, account.person)
    tell(attempt)
    send(attempt, account)
    assert max(one.expires_at for one in invitations_of(draw)) == round.engagement.closes_at
    with clock.freeze(round.engagement.closes_at):
        assert end_overdue() == 3
        assert draw.invitations.count() == 5
        assert end_rounds() == 0
    after = round.engagement.closes_at + dt.timedelta(minutes=round.engagement.grace_minutes)
    with clock.freeze(after):
        assert (end_rounds(), end_rounds()) == (1, 0)
    accepted.refresh_from_db()
    assert accepted.state == "no-show"
    client.force_login(officer_of(round), backend=BACKEND)
    with clock.freeze(after + rules.LINK_KEPT):
        assert forget_links() == 5
        page = client.get(reverse("panel:desk", args=[round.engagement.public_id]))
        assert page.status_code == 200
    assert not list(faults_of(draw))
    assert audit.verify().ok


def test_leaving_ends_what_waits_and_lets_nothing_lead_to_who_left() -> None:
    volunteers(6)
    round = make_invited()
    draw = drawn(round, {"25-34": 5})
    waiting, started = invitations_of(draw)[:2]
    person = waiting.person
    begin(round, _account(accept(started)).person)
    leave_panel(person=person)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.person) == ("left", None)
    assert len(invitations_of(draw, "waiting")) == 4
    leave_panel(person=started.person)
    started.refresh_from_db()
    assert (started.state, started.person is None) == ("started", False)
    assert not list(faults_of(draw))


def test_closing_the_account_and_merging_persons_keep_the_draw_proved() -> None:
    volunteers(6)
    round = make_invited()
    draw = drawn(round, {"25-34": 5})
    one, two, three = invitations_of(draw)[:3]
    close_account(account=_account(one))
    one.refresh_from_db()
    assert (one.state, one.person) == ("left", None)
    keep, gone = two.person, accept(three).person
    settle_all(keep=keep, gone=gone)
    found = own_invitation(round, keep)
    assert found is not None
    assert (found.pk, found.state) == (three.pk, "accepted")
    two.refresh_from_db()
    assert (two.state, two.person) == ("left", None)
    assert not list(faults_of(draw))
    assert audit.verify().ok


def test_own_data_says_to_which_rounds_somebody_was_invited() -> None:
    volunteers(5)
    round = make_invited()
    invitation = accept(invitations_of(drawn(round, {"25-34": 5}))[0])
    (said,) = export.export_of(_account(invitation))["round_invitations"]
    assert said["engagement"] == round.engagement.public_id
    assert said["invitation_state"] == "accepted"


def test_somebody_elses_invitation_is_out_of_reach() -> None:
    volunteers(5)
    round = make_invited()
    draw = drawn(round, {"25-34": 5})
    assert own_invitation(round, make_citizen().person) is None
    assert own_invitation(make_invited(), invitations_of(draw)[0].person) is None


@pytest.mark.parametrize(
    ("language", "heading", "words"),
    [
        ("en", "My invitations", ("Please answer by", "Accepted", "Not answered in time")),
        ("zh-hant", "我的邀請", ("請於", "已接受", "逾期未回覆")),
        ("zh-hans", "我的邀请", ("请于", "已接受", "逾期未回复")),
    ],
)
def test_my_page_says_where_my_invitations_stand(
    client: Any, language: str, heading: str, words: tuple[str, str, str]
) -> None:
    waits, accepted, late = words
    people, mine = volunteers(5), f"/{language}/account/"
    first, second = make_invited(), make_invited()
    drawn(first, {"25-34": 5})
    client.force_login(make_citizen(), backend=BACKEND)
    assert heading not in client.get(mine).content.decode()
    client.force_login(people[0], backend=BACKEND)
    page = client.get(mine).content.decode()
    assert heading in page
    assert waits in page
    assert f'href="/{language}/e/{first.engagement.public_id}/invitation/"' in page
    assert second.engagement.public_id not in page
    until = Invitation.objects.get(person=people[0].person).expires_at
    with clock.freeze(until):
        # At its instant, noted or not.
        page = client.get(mine).content.decode()
        assert late in page
        assert waits not in page
    accept(Invitation.objects.get(person=people[0].person))
    page = client.get(mine).content.decode()
    assert accepted in page
    assert waits not in page


def test_my_page_costs_the_same_for_one_and_for_more_invitations_than_it_shows(
    client: Any,
) -> None:
    people = volunteers(5)

    def asked() -> int:
        client.force_login(people[0], backend=BACKEND)
        client.get("/en/account/")
        with CaptureQueriesContext(connection) as caught:
            client.get("/en/account/")
        found = [one["sql"] for one in caught if "panel_invitation" in one["sql"]]
        assert len(found) == 1
        return len(caught)

    drawn(make_invited(title="The very first"), {"25-34": 5})
    one = asked()
    assert "The very first" in client.get("/en/account/").content.decode()
    for days in (1, 2, 92, 93, 94):
        with clock.travel(dt.timedelta(days=days)):
            drawn(make_invited(), {"25-34": 5})
    with clock.travel(dt.timedelta(days=95)):
        assert asked() == one
        page = client.get("/en/account/").content.decode()
    assert page.count("/invitation/") == MOST
    assert "The very first" not in page


def test_a_build_that_was_taken_back_invites_nobody_and_blames_nobody(client: Any) -> None:
    volunteers(9)
    round = make_invited(closes=10)
    coming = make_invited(closes=10)
    draw = drawn(round, {"25-34": 3}, answer_days=30)
    accepted, declining, waiting = invitations_of(draw)
    accept(accepted)
    Build.objects.filter(pk__in=[round.build_id, coming.build_id]).update(retired_at=clock.now())
    # Nobody is asked to try what cannot be tried, and nobody drawn for it.
    _decline(declining)
    assert draw.invitations.count() == 3
    with pytest.raises(Closed) as refused:
        drawn(coming, {"25-34": 3})
    assert refused.value.code == "taken_back"
    for one in (accepted, waiting):
        client.force_login(_account(one), backend=BACKEND)
        page = client.get(reverse("panel:invitation", args=[round.engagement.public_id]))
        text = page.content.decode()
        assert "The bureau has taken this build back" in text
        assert reverse("panel:accept", args=[round.engagement.public_id]) not in text
        assert reverse("products:try", args=[round.engagement.public_id]) not in text
    after = round.engagement.closes_at + dt.timedelta(minutes=round.engagement.grace_minutes)
    with clock.freeze(after):
        end_overdue()
        end_rounds()
    accepted.refresh_from_db()
    assert accepted.state == "accepted"
