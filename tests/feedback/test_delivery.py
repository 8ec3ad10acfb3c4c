"""At the close: frozen once, sent once, acknowledged once by name; the head of the list told."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.models import RoleGrant
from core import clock, jobs
from core.audit_verify import verify
from core.exceptions import Absent, Conflict, Invalid
from core.models import AuditEntry
from feedback import tasks
from feedback.actions.delivery import acknowledge, deliver
from feedback.models import Acknowledgement, Delivery, Making, Snapshot
from notifications.models import Notice
from tests.factories.participation import make_comment
from tests.factories.reports import make_response
from tests.feedback.conftest import PLANTED, Case, make_case

pytestmark = pytest.mark.django_db
BACKEND = "accounts.backends.AccountBackend"


def close(case: Case, *, after: dt.timedelta = dt.timedelta(minutes=31)) -> None:
    """What the schedule does once it has closed."""
    with clock.freeze(case.engagement.closes_at + after):
        tasks.begin_closed_reports()
        jobs.drain()


@pytest.fixture
def closing(tree) -> Case:
    """Closes in a minute from now, with a comment and a response."""
    made = make_case(closes=dt.timedelta(minutes=1))
    make_comment(made.engagement, "The bags are too small for a family of six.")
    make_comment(made.engagement, PLANTED)
    make_response(made.questionnaire, {"one": "one-yes"})
    return made


def sent(case: Case) -> Delivery:
    return Delivery.objects.select_related("snapshot").get(snapshot__engagement=case.engagement)


def test_nothing_is_frozen_before_the_grace_is_over(closing):
    close(closing, after=dt.timedelta(minutes=29, seconds=59))
    assert not Snapshot.objects.exists()
    close(closing, after=dt.timedelta(minutes=30))
    assert Snapshot.objects.get().reason == "close"


def test_frozen_and_sent_once_however_often_the_schedule_runs(closing, pango):
    close(closing)
    making = Making.objects.get(reason="close")
    with clock.freeze(closing.engagement.closes_at + dt.timedelta(hours=2)):
        tasks.begin_closed_reports()
        tasks.close_report(making.pk)
        tasks.close_report(making.pk)
        tasks.retry_failed_reports()
        jobs.drain()
    delivery = sent(closing)
    assert Snapshot.objects.count() == 1
    told = Notice.objects.filter(kind="report-delivered")
    assert set(told.values_list("account", flat=True)) == {
        closing.officer.pk,
        closing.approver.pk,
        closing.partner.pk,
    }
    assert told.count() == 3 == delivery.recipients
    assert delivery.snapshot.files.count() == 3 * len({"pdf", "xlsx", "csv", "json"})
    assert verify().faults == []


def test_the_mail_is_a_link_behind_sign_in_without_a_figure_or_a_text(closing):
    close(closing)
    path = f"/reports/{closing.engagement.public_id}/"
    letters = [one for one in mail.outbox if path in one.body]
    assert len(letters) == 3
    digest = sent(closing).snapshot.sha256
    for letter in letters:
        for secret in (PLANTED[:20], "bags are too small", "one-yes", digest):
            assert secret not in letter.body
            assert secret not in str(letter.message())
    opened = Client().get(f"/en/reports/{closing.engagement.public_id}/")
    assert opened.status_code == 302
    assert "/account/sign-in/" in opened["Location"]


def test_a_job_that_dies_after_freezing_delivers_the_same_version(closing, monkeypatch):
    from feedback.actions import delivery as module

    with monkeypatch.context() as broken:
        broken.setattr(module, "notify", lambda **words: 1 / 0)
        close(closing)
    assert Snapshot.objects.count() == 1
    assert not Delivery.objects.exists()
    with clock.freeze(closing.engagement.closes_at + dt.timedelta(hours=3)):
        jobs.drain()
    assert sent(closing).snapshot.version == 1
    assert Snapshot.objects.count() == 1


def test_one_acknowledges_by_name_and_the_second_sees_who_did(closing):
    close(closing)
    first, second = Client(), Client()
    first.force_login(closing.partner, backend=BACKEND)
    second.force_login(closing.officer, backend=BACKEND)
    path = f"/en/reports/{closing.engagement.public_id}/acknowledge/"
    assert first.post(path, {"name": "  "}).status_code == 422
    assert first.post(path, {"name": "Chan Tai Man, SEO"}).status_code == 302
    received = Acknowledgement.objects.get()
    assert (received.name, received.bureau.code) == ("Chan Tai Man, SEO", "LCSD")
    refused = second.post(path, {"name": "Somebody Else"})
    assert refused.status_code == 409
    assert "Chan Tai Man" in refused.content.decode()
    assert Acknowledgement.objects.count() == 1
    assert "Chan Tai Man" in second.get(path).content.decode()
    entry = AuditEntry.objects.get(verb="report.acknowledge")
    assert entry.actor == closing.partner.public_id
    assert verify().faults == []


def test_only_the_bureau_acknowledges(closing):
    close(closing)
    for account in (closing.foreign, closing.administrator):
        with pytest.raises(Absent):
            acknowledge(delivery=sent(closing), name="Mallory", by=account)
    with pytest.raises(Invalid):
        acknowledge(delivery=sent(closing), name="x\x00y", by=closing.officer)
    acknowledge(delivery=sent(closing), name="Chan", by=closing.officer)
    with pytest.raises(Conflict):
        acknowledge(delivery=sent(closing), name="Lee", by=closing.approver)


def test_after_five_working_days_the_approvers_are_told_once(closing):
    close(closing)
    delivery = sent(closing)
    last = dt.datetime.combine(
        delivery.owed_by, dt.time(23, 59, 59), tzinfo=dt.timezone(dt.timedelta(hours=8))
    )
    with clock.freeze(last):
        tasks.chase_deliveries()
    assert not Notice.objects.filter(kind="report-unreceived").exists()
    with clock.freeze(last + dt.timedelta(seconds=1)):
        tasks.chase_deliveries()
        tasks.chase_deliveries()
    told = Notice.objects.filter(kind="report-unreceived")
    assert list(told.values_list("account", flat=True)) == [closing.approver.pk]


def test_nobody_is_told_once_it_was_acknowledged(closing):
    close(closing)
    acknowledge(delivery=sent(closing), name="Chan", by=closing.officer)
    with clock.travel(dt.timedelta(days=30)):
        tasks.chase_deliveries()
    assert not Notice.objects.filter(kind="report-unreceived").exists()


def test_a_body_without_officers_is_not_forgotten(closing):
    RoleGrant.objects.filter(bureau__isnull=False).delete()
    close(closing)
    told = Notice.objects.filter(kind="report-delivered").values_list("account", flat=True)
    assert list(told) == [closing.administrator.pk]
    with clock.travel(dt.timedelta(days=30)):
        tasks.chase_deliveries()
    told = Notice.objects.filter(kind="report-unreceived").values_list("account", flat=True)
    assert list(told) == [closing.administrator.pk]


def test_delivering_twice_is_delivering_once(closing):
    close(closing)
    snapshot = sent(closing).snapshot
    assert deliver(snapshot=snapshot).pk == deliver(snapshot=snapshot).pk
    assert Notice.objects.filter(kind="report-delivered").count() == 3


def test_the_public_paper_says_delivered_received_and_due(tree):
    from tests.factories.consultations import make_paper

    page, engagement = make_paper(closes=3, by=None)
    case = make_case()
    case.engagement = engagement
    path = f"/en/consultations/{engagement.owner.slug}/{page.slug}/"
    assert "What went to the bureau" not in Client().get(path).content.decode()
    with clock.freeze(engagement.closes_at + dt.timedelta(days=1)):
        tasks.begin_closed_reports()
        jobs.drain()
        delivery = sent(case)
        # What is purged after the commit, which no test has.
        cache.clear()
        shown = Client().get(path).content.decode()
        assert delivery.snapshot.sha256 in shown
        assert "Not acknowledged yet" in shown
        acknowledge(delivery=delivery, name="Chan Tai Man", by=case.officer)
        cache.clear()
        shown = Client().get(path).content.decode()
        assert "Received by the bureau" in shown
        assert "Not acknowledged yet" not in shown
        assert "Chan Tai Man" not in shown
