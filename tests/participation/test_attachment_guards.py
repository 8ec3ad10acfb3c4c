"""Files at their limits: how many, a full disk, a scanner, and what is swept."""

from __future__ import annotations

import datetime as dt
import io
import os

import pytest
from django.core.management import call_command

from core import clock, jobs, limits
from core.exceptions import Invalid, TooMany
from participation.actions import attachment_sweeps as sweeps
from participation.actions.attachments import (
    attach_tray,
    change_files,
)
from participation.attachments import caps, scanners
from participation.attachments.examining import Busy
from participation.models import Attachment
from tests.factories.engagements import make_engagement
from tests.factories.files import TRAY, attach, hold_file, lying, pdf, picture, readable
from tests.factories.participation import (
    make_citizen,
    make_comment,
    make_moderator,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folder")]


def test_five_files_an_entry_the_tray_and_the_entry_together():
    engagement, citizen = make_engagement(moderation_policy="after"), make_citizen()
    entry = make_comment(engagement, account=citizen).contribution
    for _number in range(3):
        attach(entry, citizen)
    for _number in range(2):
        hold_file(engagement, account=citizen, contribution=entry)
    with pytest.raises(Invalid, match="at most 5"):
        hold_file(engagement, account=citizen, contribution=entry)
    # A form that did not name the entry cannot bring more either.
    hold_file(engagement, account=citizen)
    with pytest.raises(Invalid, match="at most 5"):
        change_files(contribution=entry, tray=TRAY, person=citizen.person, account=citizen)
    assert entry.attachments.count() == 3


def test_u10_ten_thousand_small_files(monkeypatch, folder):
    engagement, citizen = make_engagement(), make_citizen()
    with clock.freeze(clock.now()):
        for number in range(20):
            hold_file(engagement, account=citizen, tray=f"{number:026d}")
        with pytest.raises(TooMany):
            hold_file(engagement, account=citizen)
    monkeypatch.setattr(limits, "spend", lambda *args, **how: None)
    monkeypatch.setattr(caps, "PERSON_FILES", 21)
    hold_file(engagement, account=citizen)
    with pytest.raises(Invalid, match="space a person has"):
        hold_file(engagement, account=citizen)
    monkeypatch.setattr(caps, "PERSON_FILES", 999)
    has = sum(Attachment.objects.values_list("size", flat=True))
    monkeypatch.setattr(caps, "PERSON_BYTES", has + 100)
    with pytest.raises(Invalid, match="space a person has"):
        hold_file(engagement, picture("PNG", (300, 300)), account=citizen, tray="Q" * 26)
    assert Attachment.objects.count() == 21
    assert len(lying(folder)) == 42


def test_u10_visitors_are_counted_by_their_address(monkeypatch):
    engagement = make_engagement()
    monkeypatch.setattr(
        "django.conf.settings.KAIFONG_LIMITS",
        {"attach_file_address": ((2, 3600),), "attach_file": ((9, 60),)},
    )
    with clock.freeze(clock.now()):
        for number in range(2):
            hold_file(engagement, tray=f"{number:026d}")
        with pytest.raises(TooMany):
            hold_file(engagement, tray="Q" * 26)


def test_u10_a_visitors_files_count_once_they_are_a_persons(monkeypatch):
    engagement, citizen = make_engagement(), make_citizen()
    entry = make_comment(engagement, account=citizen).contribution
    hold_file(engagement)
    monkeypatch.setattr(caps, "PERSON_BYTES", 10)
    with pytest.raises(Invalid, match="space a person has"):
        attach_tray(tray=TRAY, contribution=entry, person=citizen.person, account=citizen)


def test_u8_a_full_disk_refuses_politely_and_leaves_nothing(monkeypatch, folder):
    engagement = make_engagement()
    monkeypatch.setattr(caps, "FREE_BYTES", 1 << 60)
    with pytest.raises(Busy) as caught:
        hold_file(engagement)
    assert caught.value.status == 503
    monkeypatch.undo()
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("a file where the folder should be")
    with pytest.raises(Busy):
        hold_file(engagement)
    assert Attachment.objects.count() == 0


def test_u8_a_scanner_that_is_down_refuses_politely(folder):
    scanners.register(scanners.Scanner("dead", lambda: False, lambda file: True))
    with pytest.raises(Busy):
        hold_file(make_engagement())
    assert (Attachment.objects.count(), lying(folder)) == (0, [])


def test_a_row_that_cannot_be_written_leaves_no_bytes(monkeypatch, folder):
    def broken(*args: object, **how: object) -> None:
        raise RuntimeError("The database went away.")

    monkeypatch.setattr(Attachment, "save", broken)
    with pytest.raises(RuntimeError):
        hold_file(make_engagement())
    assert lying(folder) == []


def test_with_a_scanner_nobody_gets_a_file_before_its_verdict(folder):
    said: list[bytes] = []

    def scan(file: io.BytesIO) -> bool:
        said.append(file.read())
        return b"EICAR" not in said[-1]

    scanners.register(scanners.Scanner("test", lambda: True, scan))
    engagement, citizen = make_engagement(moderation_policy="after"), make_citizen()
    entry = make_comment(engagement, account=citizen).contribution
    good = attach(entry, citizen)
    bad = attach(entry, citizen, content=pdf("<< /Kind (EICAR) >>"), name="plan.pdf")
    for row in (good, bad):
        assert row.state == "received"
        assert not readable(row)
        assert not readable(row, citizen)
    jobs.drain()
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.state, good.scanner, bad.state) == ("clean", "test", "quarantined")
    assert readable(good)
    for account in (None, citizen, make_moderator()):
        assert not readable(bad, account)
    assert len(said) == 2
    sweeps.scan_file(bad.pk)
    assert len(said) == 2
    with clock.travel(dt.timedelta(days=31)):
        assert sweeps.sweep_files() == 1
    call_command("verify_audit", stdout=io.StringIO())


def test_a_quarantined_file_is_never_attached():
    scanners.register(scanners.Scanner("test", lambda: True, lambda file: False))
    engagement, citizen = make_engagement(), make_citizen()
    entry = make_comment(engagement, account=citizen).contribution
    hold_file(engagement, account=citizen)
    jobs.drain()
    assert attach_tray(tray=TRAY, contribution=entry, person=citizen.person, account=citizen) == []


def test_a_scan_that_was_never_answered_is_asked_for_again():
    down = scanners.ScannerDown

    def dead(file: object) -> bool:
        raise down("No answer.")

    scanners.register(scanners.Scanner("test", lambda: True, dead))
    row = hold_file(make_engagement())
    with pytest.raises(down):
        sweeps.scan_file(row.pk)
    assert sweeps.scan_waiting() == 0
    with clock.travel(dt.timedelta(hours=2)):
        assert sweeps.scan_waiting() == 1
    scanners.unregister()
    sweeps.scan_file(row.pk)
    row.refresh_from_db()
    assert (row.state, row.scanner) == ("clean", "")


@pytest.mark.django_db(transaction=True)
def test_trays_are_forgotten_after_a_day_without_a_touch(folder):
    engagement = make_engagement()
    hold_file(engagement)
    with clock.travel(dt.timedelta(hours=23)):
        later = hold_file(engagement, tray="L" * 26)
    with clock.travel(dt.timedelta(hours=25)):
        assert sweeps.sweep_files() == 1
    assert list(Attachment.objects.all()) == [later]
    assert len(lying(folder)) == 2


def test_orphans_are_swept_and_nothing_else(folder):
    row = hold_file(make_engagement())
    orphan = folder / "ab" / "abcd"
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"left behind")
    young = folder / "ab" / "young"
    young.write_bytes(b"being written")
    two_days_ago = clock.now().timestamp() - 2 * 86400
    for path in [orphan, *(folder / name for name in lying(folder) if row.stored in name)]:
        os.utime(path, (two_days_ago, two_days_ago))
    assert sweeps.sweep_orphans() == 1
    assert not orphan.exists()
    assert young.exists()
    assert len(lying(folder)) == 3
    assert sweeps.sweep_orphans() == 0
