"""Files through the actions: the tray, the entry, who may, and whose they are."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from accounts import export
from accounts.actions import close_account
from core import clock
from core.exceptions import Absent, Closed, Conflict, Invalid, Refused, SignInNeeded
from participation.access import access_attachment, access_held_file
from participation.actions import attachment_sweeps as sweeps
from participation.actions.attachments import (
    attach_tray,
    change_files,
    describe_files,
    remove_file,
)
from participation.actions.contributions import withdraw_contribution
from participation.actions.merging import settle_merged
from participation.attachments import caps, holders, store
from participation.attachments.holders import Holder
from participation.attachments.names import clean_file_name
from participation.models import Attachment
from tests.factories.engagements import grant, make_account, make_bureau, make_engagement
from tests.factories.files import SOURCE, TRAY, attach, hold_file, lying, pdf, picture, readable
from tests.factories.participation import (
    decide,
    make_citizen,
    make_comment,
    make_moderator,
    make_public_comment,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folder")]


def test_a_file_lies_on_its_tray_under_a_name_that_says_nothing(folder, settings):
    row = hold_file(make_engagement(), name="My home.jpg", alt="Our staircase")
    assert (row.state, row.name, row.alt, row.scanner) == (
        "clean",
        "My home.jpg",
        "Our staircase",
        "",
    )
    assert len(lying(folder)) == 2
    assert not any("home" in name or row.public_id in name for name in lying(folder))
    assert not folder.is_relative_to(settings.MEDIA_ROOT)
    for path in folder.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(ValueError, match="no address"):
        store.storage().url(row.stored)
    assert TRAY not in str(Attachment.objects.values())


def test_u9_only_the_visit_that_holds_the_tray_sees_what_lies_on_it():
    citizen, other = make_citizen(), make_citizen()
    row = hold_file(make_engagement())
    own = hold_file(make_engagement(), account=citizen, tray="Z" * 26)
    assert readable(row, trays=[TRAY])
    for account in (None, citizen, make_moderator()):
        assert not readable(row, account)
        assert not readable(row, account, trays=["", "0" * 26, row.tray, TRAY.lower()])
    assert readable(own, citizen)
    assert not readable(own, other)
    assert not readable(own)
    for bad in ("", "x", "\0" * 12, "a" * 400, row.stored, row.sha256[:12]):
        with pytest.raises(Absent):
            access_attachment(bad, account=None, person=None, trays=[TRAY])
        with pytest.raises(Absent):
            access_held_file(bad, tray=TRAY)
    with clock.travel(dt.timedelta(hours=25)):
        assert not readable(row, trays=[TRAY])


def test_the_same_bytes_twice_are_one_file(folder):
    engagement, content = make_engagement(), picture()
    assert hold_file(engagement, content) == hold_file(engagement, content, "again.jpg")
    assert len(lying(folder)) == 2


def test_an_entry_takes_what_lies_on_the_tray_once():
    engagement, citizen = make_engagement(moderation_policy="after"), make_citizen()
    entry = make_comment(engagement, account=citizen).contribution
    # Put there before signing in.
    rows = [hold_file(engagement), hold_file(engagement, pdf(), "plan.pdf")]
    assert attach_tray(tray="", contribution=entry, person=citizen.person, account=citizen) == []
    done = attach_tray(tray=TRAY, contribution=entry, person=citizen.person, account=citizen)
    assert [row.public_id for row in done] == [row.public_id for row in rows]
    assert attach_tray(tray=TRAY, contribution=entry, person=citizen.person, account=citizen) == []
    assert [row.person for row in entry.attachments.all()] == [citizen.person] * 2
    assert all(readable(row) for row in rows)
    call_command("verify_audit", stdout=io.StringIO())


def test_somebody_elses_file_stays_on_the_tray():
    engagement, citizen, other = make_engagement(), make_citizen(), make_citizen()
    row = hold_file(engagement, account=other)
    elsewhere = hold_file(make_engagement())
    entry = make_comment(engagement, account=citizen).contribution
    assert attach_tray(tray=TRAY, contribution=entry, person=citizen.person, account=citizen) == []
    for each in (row, elsewhere):
        each.refresh_from_db()
        assert each.contribution is None


def test_a_file_that_comes_with_an_edit_waits_with_it():
    engagement, citizen = make_engagement(), make_citizen()
    entry = make_public_comment(engagement, account=citizen).contribution
    row = attach(entry, citizen)
    assert (entry.state, entry.version, entry.held_version, row.version) == ("published", 1, 2, 2)
    assert not readable(row)
    assert readable(row, citizen)
    moderator, elsewhere = make_moderator(), make_account()
    grant(elsewhere, "moderator", make_bureau("LCSD"))
    assert readable(row, moderator)
    assert not readable(row, elsewhere)
    with pytest.raises(Conflict):
        decide(entry, version=1, by=moderator)
    decide(entry, by=moderator)
    assert readable(row)
    # The next one is refused: it goes, and what was public stays.
    second = attach(entry, citizen)
    decide(entry, "withhold", sentence="Please do not show faces.")
    second.refresh_from_db()
    assert (second.stored, readable(second, citizen)) == ("", False)
    assert readable(row)
    third = attach(entry, citizen)
    decide(entry)
    assert readable(third)
    assert not readable(second)
    call_command("verify_audit", stdout=io.StringIO())


@pytest.mark.django_db(transaction=True)
def test_revoked_at_once_when_withheld_or_withdrawn(folder):
    engagement, citizen = make_engagement(moderation_policy="after"), make_citizen()
    entry = make_comment(engagement, account=citizen).contribution
    row = attach(entry, citizen)
    assert readable(row)
    decide(entry, "withhold")
    officer = make_account()
    grant(officer, "officer", engagement.owner)
    assert not readable(row)
    assert not readable(row, officer)
    assert readable(row, make_moderator())
    decide_again = make_comment(engagement, account=citizen).contribution
    other = attach(decide_again, citizen)
    withdraw_contribution(contribution=decide_again, person=citizen.person, account=citizen)
    for account in (None, officer, make_moderator()):
        assert not readable(other, account)
    assert readable(other, citizen)
    assert len(lying(folder)) == 4
    with clock.travel(dt.timedelta(days=31)):
        assert sweeps.sweep_files() == 1
        assert sweeps.sweep_files() == 0
    assert len(lying(folder)) == 2
    other.refresh_from_db()
    assert other.removed_at is not None
    call_command("verify_audit", stdout=io.StringIO())


def test_what_is_for_the_bureau_only_is_for_its_officers():
    engagement, citizen = make_engagement(), make_citizen()
    entry = make_comment(engagement, account=citizen, publish_choice="confidential").contribution
    row = attach(entry, citizen)
    officer, stranger = make_account(), make_account()
    grant(officer, "officer", engagement.owner)
    grant(stranger, "officer", make_bureau("LCSD"))
    assert readable(row, officer)
    for account in (None, stranger, make_moderator(), make_citizen()):
        assert not readable(row, account)


@pytest.mark.django_db(transaction=True)
def test_taken_away_by_its_author_until_the_close(folder):
    engagement, citizen = make_engagement(moderation_policy="after"), make_citizen()
    entry = make_comment(engagement, account=citizen).contribution
    row, late = attach(entry, citizen), attach(entry, citizen)
    other = make_citizen()
    with pytest.raises(Refused):
        remove_file(attachment=row, person=other.person, account=other, source=SOURCE)
    with pytest.raises(SignInNeeded):
        remove_file(attachment=row, person=None, account=None, source=SOURCE)
    for _time in range(2):
        remove_file(attachment=row, person=citizen.person, account=citizen, source=SOURCE)
    assert not readable(row, citizen)
    assert len(lying(folder)) == 2
    with clock.freeze(engagement.closes_at):
        for act in (
            lambda: remove_file(
                attachment=late, person=citizen.person, account=citizen, source=SOURCE
            ),
            lambda: hold_file(engagement, account=citizen),
            lambda: hold_file(engagement, account=citizen, contribution=entry),
            lambda: change_files(
                contribution=entry, tray=TRAY, person=citizen.person, account=citizen
            ),
        ):
            with pytest.raises(Closed):
                act()
    assert readable(late)
    call_command("verify_audit", stdout=io.StringIO())


@pytest.mark.django_db(transaction=True)
def test_a_file_on_a_tray_goes_without_a_trace(folder):
    row = hold_file(make_engagement())
    remove_file(attachment=row, person=None, account=None, source=SOURCE)
    remove_file(attachment=row, person=None, account=None, source=SOURCE)
    assert (Attachment.objects.count(), lying(folder)) == (0, [])


@pytest.mark.django_db(transaction=True)
def test_closing_the_account_takes_files_away_and_names_off_them(folder):
    engagement, citizen = make_engagement(moderation_policy="after"), make_citizen()
    entry = make_comment(engagement, account=citizen).contribution
    row = attach(entry, citizen, name="Kwok Mei Mei.jpg")
    hold_file(engagement, account=citizen)
    close_account(account=citizen)
    assert lying(folder) == []
    row.refresh_from_db()
    assert (row.name, row.alt, row.sha256, row.stored) == ("", "", "", "")
    assert not readable(row)
    assert Attachment.objects.count() == 1
    call_command("verify_audit", stdout=io.StringIO())


def test_own_data_has_the_files():
    engagement, citizen = make_engagement(moderation_policy="after"), make_citizen()
    entry = make_comment(engagement, account=citizen).contribution
    row = attach(entry, citizen, name="a.jpg", alt="Steps")
    held = hold_file(engagement, account=citizen)
    hold_file(engagement, account=make_citizen("Strange"), tray="S" * 26, name="theirs.jpg")
    files = export.export_of(citizen)["files"]
    assert [(one["id"], one["contribution"], one["description"]) for one in files] == [
        (row.public_id, entry.public_id, "Steps"),
        (held.public_id, None, ""),
    ]
    assert files[0]["path"] == f"/attachments/{row.public_id}/"


def test_files_follow_two_persons_who_are_one():
    engagement, citizen, other = make_engagement(), make_citizen(), make_citizen()
    hold_file(engagement, account=citizen)
    settle_merged(keep=other.person, gone=citizen.person)
    assert Attachment.objects.get().person == other.person


def test_descriptions_are_texts_like_others():
    engagement = make_engagement()
    row = hold_file(engagement, alt=" Steps \n down ")
    assert row.alt == "Steps down"
    for bad in ("\x00", "x" * (caps.ALT_LIMIT + 1)):
        with pytest.raises(Invalid):
            describe_files(tray=TRAY, words={row.public_id: bad}, source=SOURCE)
    describe_files(tray="0" * 26, words={row.public_id: "Not mine"}, source=SOURCE)
    describe_files(tray=TRAY, words={"\0": "x", row.public_id: ""}, source=SOURCE)
    row.refresh_from_db()
    assert row.alt == ""


def test_kinds_nobody_registered_hold_none():
    holders.unregister("comment")
    with pytest.raises(Absent):
        hold_file(make_engagement())
    with pytest.raises(ValueError, match="1 to 5"):
        holders.register(Holder(kind="x", verb="comment", accepts=bool, most=6))
    holders.register(Holder(kind="comment", verb="comment", accepts=lambda engagement: False))
    with pytest.raises(Absent):
        hold_file(make_engagement())
    with pytest.raises(ValueError, match="registered already"):
        holders.register(Holder(kind="comment", verb="comment", accepts=bool))


@pytest.mark.db
def test_a_row_is_on_a_tray_or_in_an_entry_never_both_or_neither():
    row = hold_file(make_engagement())
    entry = make_comment(row.engagement).contribution
    for change in ({"tray": ""}, {"contribution": entry}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Attachment.objects.filter(pk=row.pk).update(**change)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\Mei\\home.png", "home.jpg"),
        ("a\0.png", "a.jpg"),
        ("\u202egpj.exe", "gpj.jpg"),
        ("\u200b\u2060.jpg", "jpg.jpg"),
        ("<img src=x onerror=alert(1)>.png", "img src=x onerror=alert(1).jpg"),
        ("a\r\nSet-Cookie: x=1.png", "aSet-Cookie x=1.jpg"),
        ('quote".jpg', "quote.jpg"),
        ("街坊 樓梯.heic", "街坊 樓梯.jpg"),
        ("photo.jpg.exe", "photo.jpg.jpg"),
        ("CON.txt", "file CON.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("", "file.jpg"),
        (None, "file.jpg"),
        ("....", "file.jpg"),
        ("a" + "\u0301" * 300 + ".png", "á\u0301\u0301\u0301\u0301.jpg"),
        ("\ud800.png", "png.jpg"),
    ],
)
def test_u5_a_name_is_cleaned_for_showing(raw, shown):
    assert clean_file_name(raw, "jpg") == shown


def test_u5_a_long_name_is_cut_and_keeps_its_type():
    for raw in ("街" * 300 + ".jpg", "a" * 300, "🏠" * 300):
        name = clean_file_name(raw, "docx")
        assert name.endswith(".docx")
        assert len(name) <= caps.NAME_LIMIT
        assert len(name.encode()) <= 255
