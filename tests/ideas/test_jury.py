"""Jurors: asked by an officer, conflicts first, blind marks, one submission."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.actions.invitations import accept_invitation, invite
from accounts.actions.roles import revoke_role
from accounts.merging import settle_all
from accounts.models import Invitation, Role
from core import clock
from core.exceptions import Absent, Closed, Conflict, Invalid, Refused
from ideas.access import access_judged, access_seat, seats_of
from ideas.actions.judging import declare_interests, save_judgement, submit_sheet
from ideas.actions.jury import appoint_juror, end_seat
from ideas.juries import Judging, barred_ideas, judging
from ideas.models import Interest, Judgement, Juror, Mark
from notifications.models import Notice
from tests.factories.desk import make_officer
from tests.factories.engagements import make_account, make_bureau
from tests.factories.ideas import make_contest, make_public_idea
from tests.factories.juries import make_judged, make_juror, make_juror_account, score, scoring_day
from tests.factories.participation import make_citizen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
BACKEND = "accounts.backends.AccountBackend"


def _client(account):
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


def _mark(juror, account, idea, **marks):
    return save_judgement(juror=juror, idea=idea, marks=marks, language="en", by=account)


# --- seats --------------------------------------------------------------------------------------


def test_a_juror_by_role_gets_the_seat_at_once_and_is_told():
    engagement, _ideas = make_judged("One")
    officer = make_officer(engagement.owner)
    account = make_juror_account(engagement)
    juror = appoint_juror(engagement=engagement, email=account.email, by=officer, language="en")
    assert juror.person == account.person
    assert Notice.objects.get(kind="jury-seat").account == account
    again = appoint_juror(engagement=engagement, email=account.email, by=officer, language="en")
    assert again.pk == juror.pk
    assert Juror.objects.count() == 1


def test_somebody_else_is_invited_and_sits_once_the_invitation_is_accepted():
    engagement, _ideas = make_judged("One")
    second, _more = make_judged("Two")
    officer = make_officer(engagement.owner)
    account = make_account("judge@people.example")
    first = appoint_juror(engagement=engagement, email=account.email, by=officer, language="en")
    appoint_juror(engagement=second, email=account.email, by=officer, language="en")
    invitation = Invitation.objects.waiting(clock.now()).get()
    assert (invitation.role, invitation.bureau) == (Role.JUROR, engagement.owner)
    assert seats_of(account) == []
    accept_invitation(invitation=invitation, account=account)
    # Both juries of the bureau waited for this address.
    assert {seat.contest_id for seat in seats_of(account)} == {engagement.pk, second.pk}
    assert access_seat(engagement.public_id, account).pk == first.pk


def test_officers_invite_jurors_of_their_own_bureau_and_nobody_else():
    officer = make_officer()
    other = make_bureau("LCSD")
    for role, bureau in (
        (Role.OFFICER, officer.grants.get().bureau),
        (Role.JUROR, other),
        (Role.JUROR, None),
        (Role.ADMINISTRATOR, None),
    ):
        with pytest.raises(Refused):
            invite(email="a@people.example", role=role, bureau=bureau, by=officer)
    engagement, _ideas = make_judged("One")
    with pytest.raises(Refused):
        appoint_juror(
            engagement=engagement,
            email="a@people.example",
            by=make_officer(other),
            language="en",
        )
    # Who has ceased to be officer lets nobody in any more.
    account = make_account("a@people.example")
    appoint_juror(engagement=engagement, email=account.email, by=officer, language="en")
    revoke_role(account=officer, role=Role.OFFICER, bureau=engagement.owner, by="system")
    with pytest.raises(Refused):
        accept_invitation(invitation=Invitation.objects.get(), account=account)


def test_a_seat_that_ends_takes_its_right_and_its_invitation_with_it():
    engagement, _ideas = make_judged("One")
    officer = make_officer(engagement.owner)
    juror, account = make_juror(engagement, by=officer)
    waiting = appoint_juror(
        engagement=engagement, email="new@people.example", by=officer, language="en"
    )
    for seat in (juror, waiting):
        end_seat(juror=seat, by=officer)
    assert not Invitation.objects.waiting(clock.now()).exists()
    with pytest.raises(Absent):
        access_seat(engagement.public_id, account)
    revoked, judge = make_juror(engagement, by=officer)
    revoke_role(account=judge, role=Role.JUROR, bureau=engagement.owner, by="system")
    with pytest.raises(Absent):
        access_seat(engagement.public_id, judge)
    assert revoked.ended_at is None


def test_without_a_jury_or_after_it_nobody_is_appointed():
    _page, plain = make_contest()
    officer = make_officer(plain.owner)
    with pytest.raises(Conflict):
        appoint_juror(engagement=plain, email="a@people.example", by=officer, language="en")
    engagement, _ideas = make_judged("One")
    with clock.travel(dt.timedelta(days=30)), pytest.raises(Conflict):
        appoint_juror(engagement=engagement, email="a@people.example", by=officer, language="en")


def test_two_persons_that_are_one_keep_one_seat():
    engagement, _ideas = make_judged("One")
    first, one = make_juror(engagement)
    second, two = make_juror(engagement)
    with transaction.atomic():
        settle_all(keep=one.person, gone=two.person)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.ended_at is None, second.ended_at is None) == (True, False)
    assert second.person == one.person


# --- conflicts ----------------------------------------------------------------------------------


def test_conflicts_come_first_and_bar_the_idea():
    engagement, (one, two) = make_judged("One", "Two")
    juror, account = make_juror(engagement)
    with clock.freeze(scoring_day()):
        with pytest.raises(Conflict, match="conflicts"):
            _mark(juror, account, one, k1=5)
        declare_interests(juror=juror, ideas=[], by=account)
        assert _mark(juror, account, one, k1=5)
        # More may come to mind while reading; what was scored of it goes.
        declare_interests(
            juror=juror, ideas=[one.contribution.public_id], reason="My cousin.", by=account
        )
        assert not Judgement.objects.exists()
        assert Interest.objects.get().reason == "My cousin."
        with pytest.raises(Absent):
            _mark(juror, account, one, k1=5)
        seat = access_seat(engagement.public_id, account)
        with pytest.raises(Absent):
            access_judged(one.contribution.public_id, seat)
        assert access_judged(two.contribution.public_id, seat) == two


def test_an_author_never_judges_the_own_idea_whatever_the_account():
    engagement, _ideas = make_judged("Another")
    author = make_citizen()
    idea = make_public_idea(engagement, "Own", account=author)
    second = make_juror_account(engagement, "second@people.example")
    second.person = author.person
    second.save(update_fields=["person"])
    juror, account = make_juror(engagement, second)
    assert barred_ideas(juror) == {idea.pk}
    with clock.freeze(scoring_day()):
        declare_interests(juror=juror, ideas=[], by=account)
        with pytest.raises(Absent):
            _mark(juror, account, idea, k1=10)
        path = f"/en/e/{engagement.public_id}/jury/ideas/{idea.contribution.public_id}/"
        assert _client(account).get(path).status_code == 404


def test_only_ideas_of_the_contest_can_be_declared_or_scored():
    engagement, (one,) = make_judged("One")
    _other, (strange,) = make_judged("Strange")
    juror, account = make_juror(engagement)
    with clock.freeze(scoring_day()):
        with pytest.raises(Invalid):
            declare_interests(juror=juror, ideas=[strange.contribution.public_id], by=account)
        assert not Juror.objects.filter(declared_at__isnull=False).exists()
        declare_interests(juror=juror, ideas=[], by=account)
        with pytest.raises(Absent):
            _mark(juror, account, strange, k1=5)
        assert one.engagement_id == engagement.pk


# --- marks --------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [-1, 11, True, 4.5, "7", float("nan")])
def test_a_mark_off_the_scale_writes_nothing(value):
    engagement, (one,) = make_judged("One")
    juror, account = make_juror(engagement)
    with clock.freeze(scoring_day()):
        declare_interests(juror=juror, ideas=[], by=account)
        with pytest.raises(Invalid) as error:
            _mark(juror, account, one, k1=5, k2=value)
        assert error.value.field == "mark_k2"
        with pytest.raises(Invalid):
            _mark(juror, account, one, beauty=5)
    assert not Judgement.objects.exists()


def test_drafts_save_and_a_mark_is_one_for_each_juror_idea_and_criterion():
    engagement, (one,) = make_judged("One")
    juror, account = make_juror(engagement)
    with clock.freeze(scoring_day()):
        declare_interests(juror=juror, ideas=[], by=account)
        _mark(juror, account, one, k1=5, k2=None)
        _mark(juror, account, one, k1=7, k2=0)
        assert sorted(Mark.objects.values_list("value", flat=True)) == [0, 7]
        _mark(juror, account, one, k1=None, k2=3)
    mark = Mark.objects.get()
    assert mark.value == 3
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.create(judgement=mark.judgement, criterion=mark.criterion, value=4)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.filter(pk=mark.pk).update(value=11)
    with pytest.raises(IntegrityError), transaction.atomic():
        Judgement.objects.create(juror=juror, idea=one, language="en", saved_at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Juror.objects.create(
            contest=engagement.contest, person=account.person, appointed_at=clock.now()
        )


def test_submitting_needs_every_mark_and_is_for_good():
    engagement, (one, two) = make_judged("One", "Two")
    juror, account = make_juror(engagement)
    with clock.freeze(scoring_day()):
        score(juror, account, {one: (5, 6)}, submit=False)
        with pytest.raises(Invalid, match="Not every idea"):
            submit_sheet(juror=juror, by=account)
        _mark(juror, account, two, k1=1, k2=2)
        submit_sheet(juror=juror, by=account)
        for act in (
            lambda: _mark(juror, account, one, k1=10),
            lambda: declare_interests(juror=juror, ideas=[], by=account),
            lambda: submit_sheet(juror=juror, by=account),
        ):
            with pytest.raises(Conflict, match="submitted"):
                act()
    assert sorted(Mark.objects.values_list("value", flat=True)) == [1, 2, 5, 6]


def test_nothing_is_written_outside_the_phase_or_for_somebody_else():
    engagement, (one,) = make_judged("One")
    juror, account = make_juror(engagement)
    phase = engagement.phases.get(key="jury")
    with pytest.raises(Closed):
        declare_interests(juror=juror, ideas=[], by=account)
    with clock.freeze(scoring_day()):
        score(juror, account, {one: (5, 6)}, submit=False)
        with pytest.raises(Absent):
            _mark(juror, make_juror_account(engagement), one, k1=0)
    # The end is exclusive: at that instant it is over.
    with clock.freeze(phase.closes_at - dt.timedelta(microseconds=1)):
        assert judging(juror, clock.now()) == Judging.OPEN
    with clock.freeze(phase.closes_at):
        with pytest.raises(Closed):
            _mark(juror, account, one, k1=0)
        with pytest.raises(Closed):
            submit_sheet(juror=juror, by=account)
    assert sorted(Mark.objects.values_list("value", flat=True)) == [5, 6]


# --- pages --------------------------------------------------------------------------------------


def test_a_juror_walks_from_the_declaration_to_the_submission_without_scripts():
    engagement, (one, two) = make_judged("One", "Two")
    juror, account = make_juror(engagement)
    desk = f"/en/e/{engagement.public_id}/jury/"
    with clock.freeze(scoring_day()):
        client = _client(account)
        assert "Declare conflicts" in client.get(desk).content.decode()
        unsure = client.post(desk + "conflicts/", {})
        assert unsure.status_code == 422
        client.post(desk + "conflicts/", {"ideas": [two.contribution.public_id], "sure": "on"})
        page = desk + f"ideas/{one.contribution.public_id}/"
        barred = desk + f"ideas/{two.contribution.public_id}/"
        assert client.get(barred).status_code == 404
        assert client.post(barred, {"mark_k1": "10", "mark_k2": "10"}).status_code == 404
        assert client.get(page).status_code == 200
        off = client.post(page, {"mark_k1": "11", "mark_k2": "x", "comment": "Kept."})
        assert off.status_code == 422
        assert off.content.decode().count("whole number from 0 to 10") >= 2
        assert "Kept." in off.content.decode()
        saved = client.post(page, {"mark_k1": "8", "mark_k2": "", "note": "Look again"})
        assert saved["Location"] == desk
        assert "still lacks a mark" in client.get(desk + "submit/").content.decode()
        assert client.post(desk + "submit/").status_code == 422
        client.post(page, {"mark_k1": "8", "mark_k2": "6", "comment": "Cheap and soon."})
        assert "Submit for good" in client.get(desk + "submit/").content.decode()
        assert client.post(desk + "submit/").status_code == 302
        assert client.post(page, {"mark_k1": "0"}).status_code == 409
        read = client.get(page).content.decode()
        assert "Cheap and soon." in read
        assert '<form method="post" id="judgement"' not in read
    juror.refresh_from_db()
    assert juror.submitted_at is not None
    assert sorted(Mark.objects.values_list("value", flat=True)) == [6, 8]


def test_the_desk_names_neither_authors_nor_other_jurors_nor_their_scores():
    engagement, _none = make_judged()
    author = make_citizen()
    idea = make_public_idea(engagement, "One", account=author)
    name = idea.contribution.author_name
    assert name
    juror, account = make_juror(engagement)
    other, second = make_juror(engagement)
    with clock.freeze(scoring_day()):
        score(other, second, {idea: (9, 9)})
        declare_interests(juror=juror, ideas=[], by=account)
        client = _client(account)
        desk = f"/en/e/{engagement.public_id}/jury/"
        for path in ("", f"ideas/{idea.contribution.public_id}/", "conflicts/", "submit/"):
            shown = client.get(desk + path).content.decode()
            assert name not in shown
            assert "On One." not in shown
            assert f"/en/ideas/{idea.contribution.public_id}/" not in shown
            assert second.email not in shown


def test_everybody_else_finds_no_jury_desk():
    engagement, (idea,) = make_judged("One")
    _juror, account = make_juror(engagement)
    desk = f"/en/e/{engagement.public_id}/jury/"
    strangers = (make_citizen(), make_juror_account(engagement), make_officer(engagement.owner))
    with clock.freeze(scoring_day()):
        for stranger in strangers:
            client = _client(stranger)
            for path in (
                "/en/jury/",
                desk,
                desk + "conflicts/",
                desk + "submit/",
                desk + f"ideas/{idea.contribution.public_id}/",
            ):
                assert client.get(path).status_code == 404, path
        assert Client().get(desk)["Location"].startswith("/en/account/sign-in/")
        assert _client(account).get("/en/jury/").status_code == 200


def test_the_chair_sees_who_is_how_far_and_never_a_score():
    engagement, (one, _two) = make_judged("One", "Two")
    officer = make_officer(engagement.owner)
    juror, account = make_juror(engagement, by=officer)
    page = f"/en/e/{engagement.public_id}/jury/chair/"
    client = _client(officer)
    sent = client.post(page, {"email": "new@people.example"})
    assert sent["Location"] == page
    with clock.freeze(scoring_day()):
        score(juror, account, {one: (9, 9)}, submit=False)
        shown = client.get(page).content.decode()
    assert "1 of 2 scored" in shown
    assert "new@people.example" in shown
    assert "On One." not in shown
    assert ">9<" not in shown
    assert client.post(page, {"email": "nonsense"}).status_code == 422
    waiting = Juror.objects.get(person=None)
    client.post(f"{page}{waiting.public_id}/end/")
    waiting.refresh_from_db()
    assert waiting.ended_at is not None
    # Another bureau's officer finds nothing.
    other = _client(make_officer(make_bureau("LCSD")))
    assert other.get(page).status_code == 404
