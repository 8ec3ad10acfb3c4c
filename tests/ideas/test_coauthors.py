"""Co-authors: invited by e-mail, seated by their own acceptance, named, told, free to leave."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.actions import close_account
from accounts.actions.verification import merge_persons
from core import clock
from core.exceptions import Absent, Closed, Conflict, Invalid, Refused
from ideas.access import access_coauthor_invitation, access_written_idea
from ideas.actions.coauthors import (
    INVITATION_LIFE,
    MOST,
    accept_coauthor,
    end_coauthor,
    invite_coauthor,
    sweep_invitations,
)
from ideas.actions.ideas import edit_idea
from ideas.actions.merging import merge_ideas
from ideas.actions.status import change_status
from ideas.juries import barred_ideas
from ideas.models import CoAuthor, Idea
from ideas.tasks import tell_status
from moderation import actions as moderation
from moderation.models import Item
from notifications.models import Notice
from participation.actions.contributions import withdraw_contribution
from participation.models import Engagement
from tests.factories.desk import make_officer
from tests.factories.engagements import make_account
from tests.factories.ideas import (
    invite_to,
    link_of,
    make_contest,
    make_idea,
    make_public_idea,
    seat_coauthor,
)
from tests.factories.juries import make_judged, make_juror, scoring_day
from tests.factories.participation import decide, make_citizen, make_moderator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
BACKEND = "accounts.backends.AccountBackend"


@pytest.fixture
def contest() -> Engagement:
    return make_contest(moderation_policy="after")[1]


def _client(account) -> Client:
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


def _edit(idea: Idea, account, title: str, version: int) -> Idea:
    return edit_idea(
        idea=access_written_idea(idea.contribution.public_id, account.person),
        person=account.person,
        account=account,
        title=title,
        text=idea.text,
        version=version,
    )


def test_a_friend_accepts_by_a_button_is_named_and_writes_it_on(contest):
    author = make_citizen("Mei")
    idea = make_public_idea(contest, account=author)
    team = reverse("ideas:coauthors", args=[idea.contribution.public_id])
    mine = _client(author)
    assert mine.post(team, {"email": "friend@example.org"}).headers["Location"] == team
    seat = CoAuthor.objects.get()
    notice = Notice.objects.get(address="friend@example.org")
    # A stranger's box is not filled with somebody's words.
    assert idea.title not in str(notice.params)
    assert "friend@example.org" in mine.get(team).content.decode()
    address = reverse("ideas:coauthor-invitation", args=[link_of(seat)])
    nobody = Client().get(address).content.decode()
    assert "Mei" in nobody
    assert idea.title not in nobody
    friend = make_account("friend@example.org")
    theirs = _client(friend)
    assert idea.title in theirs.get(address).content.decode()
    # The name is chosen here when there is none yet.
    assert theirs.post(address, {}).status_code == 422
    assert theirs.post(address, {"display_name": "Ah Fong"}).headers["Location"] == team
    seat.refresh_from_db()
    assert (seat.person, seat.email, seat.token_hash) == (friend.person, "", None)
    assert theirs.get(address).status_code == 404
    page = reverse("ideas:idea", args=[idea.contribution.public_id])
    assert "Ah Fong" in Client().get(page).content.decode()
    assert idea.title in theirs.get("/en/account/").content.decode()
    edit = reverse("ideas:edit", args=[idea.contribution.public_id])
    assert theirs.get(edit).status_code == 200
    sent = {"title": "Together", "text": idea.text, "version": "1"}
    assert theirs.post(edit, sent).headers["Location"] == team
    # The author wrote from the older version: nothing is overwritten.
    refused = mine.post(edit, {**sent, "title": "Alone"})
    assert refused.status_code == 409
    assert "co-author" in refused.content.decode()
    assert theirs.get(team).status_code == 200
    assert Notice.objects.filter(kind="co-author-changed", account=author).count() == 1
    call_command("verify_audit", stdout=io.StringIO())


def test_somebody_else_with_the_link_is_refused_and_nothing_changes(contest):
    idea = make_public_idea(contest)
    seat = invite_to(idea)
    address = reverse("ideas:coauthor-invitation", args=[link_of(seat)])
    stranger = make_citizen("Stranger")
    client = _client(stranger)
    shown = client.get(address).content.decode()
    assert "another address" in shown
    assert idea.title not in shown
    answer = client.post(address, {"display_name": "Stranger"})
    assert answer.status_code == 403
    assert "another e-mail address" in answer.content.decode()
    seat.refresh_from_db()
    assert (seat.person, seat.accepted_at, seat.ended_at) == (None, None, None)
    # It still opens for whom it was meant.
    friend = make_citizen(email="friend@example.org")
    assert accept_coauthor(seat=seat, account=friend).person == friend.person
    with pytest.raises(Absent):
        accept_coauthor(seat=seat, account=friend)


def test_one_person_is_author_or_coauthor_once(contest):
    author = make_citizen()
    idea = make_public_idea(contest, account=author)
    with pytest.raises(Invalid):
        invite_to(idea, author.email)
    friend = make_citizen()
    seat = seat_coauthor(idea, friend)
    with pytest.raises(Conflict):
        seat_coauthor(idea, friend)
    row = {
        "idea": idea,
        "author": author.person,
        "invited_at": seat.invited_at,
        "expires_at": seat.expires_at,
        "accepted_at": seat.invited_at,
    }
    for person in (friend.person, author.person):
        with pytest.raises(IntegrityError), transaction.atomic():
            CoAuthor.objects.create(person=person, **row)
    # Two who turn out to be one person keep one place.
    merge_persons(keep=author.person, gone=friend.person, by="system")
    assert not CoAuthor.objects.seated().exists()


def test_links_end_by_time_by_the_author_and_by_a_newer_one(contest, settings):
    author = make_citizen()
    idea = make_public_idea(contest, account=author)
    first = invite_to(idea)
    old = link_of(first)
    second = invite_to(idea)
    with pytest.raises(Absent):
        access_coauthor_invitation(old)
    assert access_coauthor_invitation(link_of(second)) == second
    end_coauthor(seat=second, person=author.person, account=author)
    with pytest.raises(Absent):
        access_coauthor_invitation(link_of(second))
    third = invite_to(idea)
    with clock.travel(INVITATION_LIFE), pytest.raises(Absent):
        access_coauthor_invitation(link_of(third))
    with clock.travel(INVITATION_LIFE):
        assert sweep_invitations() == 1
    assert not CoAuthor.objects.exclude(email="").exists()
    other = make_public_idea(contest)
    for number in range(MOST):
        invite_to(other, f"friend{number}@example.org")
    settings.KAIFONG_LIMITS = {**settings.KAIFONG_LIMITS, "coauthor_invite": ((100, 60),)}
    with pytest.raises(Invalid):
        invite_to(other, "sixth@example.org")


def test_a_coauthor_may_leave_and_the_author_removes_only_during_the_call(contest):
    author, friend, other = make_citizen(), make_citizen("Fong"), make_citizen()
    idea = make_public_idea(contest, account=author)
    seat, theirs = seat_coauthor(idea, friend), seat_coauthor(idea, other)
    for stranger in (make_citizen(), other):
        with pytest.raises(Refused):
            end_coauthor(seat=seat, person=stranger.person, account=stranger)
    with pytest.raises(Refused):
        withdraw_contribution(contribution=idea.contribution, person=friend.person, account=friend)
    with pytest.raises(Refused):
        invite_coauthor(
            idea=idea, email="x@example.org", person=friend.person, account=friend, language="en"
        )
    end_coauthor(seat=theirs, person=author.person, account=author)
    assert Notice.objects.filter(account=other, kind="co-author-changed").exists()
    with pytest.raises(Absent):
        _edit(idea, other, "Mine after all", 1)
    with clock.travel(dt.timedelta(days=60)):
        with pytest.raises(Closed):
            end_coauthor(seat=seat, person=author.person, account=author)
        with pytest.raises(Closed):
            _edit(idea, friend, "Too late", 1)
        end_coauthor(seat=seat, person=friend.person, account=friend)
    assert not CoAuthor.objects.seated().exists()


def test_coauthors_hear_what_becomes_of_it_and_no_withheld_idea_takes_more(contest):
    friend = make_citizen()
    idea = make_public_idea(contest)
    seat_coauthor(idea, friend)
    officer = make_officer(contest.owner)
    step = change_status(
        idea=idea, status="adopted", sentence="Good.", language="en", by=officer, known="received"
    )
    tell_status(step.pk)
    assert Notice.objects.filter(account=friend, kind="idea-status").count() == 1
    waiting = invite_to(idea, "late@example.org")
    decide(idea.contribution, "withhold")
    assert Notice.objects.filter(account=friend, kind="decision").count() == 1
    with pytest.raises(Closed):
        accept_coauthor(seat=waiting, account=make_citizen(email="late@example.org"))


def test_a_merged_idea_credits_its_coauthors_and_the_lead_names_its_own(contest):
    Engagement.objects.filter(pk=contest.pk).update(moderation_policy="after")
    idea, lead = make_public_idea(contest), make_public_idea(contest)
    seat_coauthor(idea, make_citizen("Fong"))
    seat_coauthor(lead, make_citizen("Kit"))
    merge_ideas(idea=idea, into=lead, by=make_officer(contest.owner))
    page = Client().get(reverse("ideas:idea", args=[lead.contribution.public_id]))
    assert "Fong" in page.content.decode()
    assert "Kit" in page.content.decode()


def test_who_writes_it_too_neither_moderates_nor_judges_it(contest):
    moderator = make_moderator()
    moderator.display_name = "Mo"
    moderator.save()
    idea = make_idea(contest)
    seat_coauthor(idea, moderator)
    item = Item.objects.get(target_id=idea.contribution.public_id)
    with pytest.raises(Refused):
        moderation.decide(item=item, verdict="publish", version=1, by=moderator)
    judged, (theirs, _other) = make_judged("A", "B")
    juror, account = make_juror(judged)
    account.display_name = "Ju"
    account.save()
    seat_coauthor(theirs, account)
    with clock.travel(scoring_day() - clock.now()):
        assert barred_ideas(juror) == {theirs.pk}


def test_a_closed_account_leaves_its_seats_and_takes_back_what_it_sent(contest):
    author, friend = make_citizen("Mei"), make_citizen("Fong")
    idea = make_public_idea(contest, account=author)
    seat_coauthor(idea, friend)
    invite_to(idea)
    close_account(account=friend)
    assert not CoAuthor.objects.seated().exists()
    page = reverse("ideas:idea", args=[idea.contribution.public_id])
    assert "Fong" not in Client().get(page).content.decode()
    close_account(account=author)
    assert not CoAuthor.objects.filter(ended_at=None).exists()
