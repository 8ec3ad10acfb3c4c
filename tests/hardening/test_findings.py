"""Faults that were found by attacking the platform; each failed before it was mended."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from consultations.actions.approval import approve_paper, submit_paper
from consultations.actions.extension import extend_paper
from consultations.actions.outcome import send_outcome
from consultations.actions.paper import versions_of
from consultations.actions.translation import save_translations
from consultations.models import Statement
from consultations.translation import sentences
from core import clock
from core.exceptions import Conflict, Invalid, Refused, TooMany
from core.models import AuditEntry, PlatformSettings
from core.page_cache import PageCacheMiddleware, keep
from moderation import actions as moderation
from moderation.models import Item
from notifications.models import Notice
from participation.actions.contributions import edit_contribution
from participation.actions.engagement import Schedule, publish_engagement
from participation.actions.follows import confirm_follow, follow_engagement
from participation.actions.outcomes import save_outcome
from participation.models import Contribution, Outcome
from participation.policies import can_see_results
from tests.factories.consultations import make_paper, make_paper_draft, today
from tests.factories.desk import make_administrator, make_approver, make_officer
from tests.factories.engagements import make_account, make_engagement
from tests.factories.participation import (
    decide,
    make_comment,
    make_moderator,
    make_receipt,
)

pytestmark = pytest.mark.django_db
BACKEND = "accounts.backends.AccountBackend"


def test_extending_publishes_no_translation_that_nobody_approved():
    officer = make_officer()
    page, engagement = make_paper(by=officer)
    first = next(row for row in sentences(page) if row.field_name == "summary")
    save_translations(
        page=page, language="zh-hant", texts={first.key: "無人批准的字句"}, by=officer
    )
    extend_paper(
        page=page,
        last_day=today() + dt.timedelta(days=50),
        response_due=today() + dt.timedelta(days=120),
        reason={"en": "Asked for."},
        by=officer,
    )
    live = versions_of(page)["zh-hant"]
    live.refresh_from_db()
    assert "無人批准" not in live.summary
    engagement.refresh_from_db()
    assert "無人批准" not in str(engagement.summary)
    assert engagement.closes_at > clock.now() + dt.timedelta(days=45)


def test_sealed_results_stay_sealed_once_it_has_opened():
    sealed = make_engagement(results_from="outcome")

    def again(results_from: str) -> None:
        publish_engagement(
            engagement=sealed,
            schedule=Schedule(
                opens_at=sealed.opens_at,
                closes_at=sealed.closes_at,
                title=sealed.title,
                results_from=results_from,
            ),
            by=None,
        )

    for other in ("live", "close"):
        with pytest.raises(Invalid) as caught:
            again(other)
        assert caught.value.field == "results_from"
    again("outcome")
    sealed.refresh_from_db()
    assert sealed.results_from == "outcome"


def test_results_that_are_shown_are_not_hidden_again():
    shown = make_engagement(results_from="live")
    for later in ("close", "outcome"):
        with pytest.raises(Invalid) as caught:
            publish_engagement(
                engagement=shown,
                schedule=Schedule(
                    opens_at=shown.opens_at,
                    closes_at=shown.closes_at,
                    title=shown.title,
                    moderation_policy=shown.moderation_policy,
                    results_from=later,
                    rules_reason={"en": "They disturb."},
                ),
                by=None,
            )
        assert caught.value.field == "results_from"
    shown.refresh_from_db()
    assert can_see_results(engagement=shown, now=clock.now()).allowed


def test_one_person_with_two_accounts_is_not_two_officers():
    officer, approver, third = make_officer(), make_approver(), make_approver()
    approver.person = officer.person
    approver.save(update_fields=["person"])
    submission = submit_paper(page=make_paper_draft(by=officer), by=officer)
    with pytest.raises(Refused):
        approve_paper(submission=submission, by=approver)
    assert approve_paper(submission=submission, by=third).approved_by == third


def test_one_person_with_two_accounts_does_not_pass_both_gates():
    settings = PlatformSettings.load()
    settings.central_gate = True
    settings.save()
    officer, approver, administrator = make_officer(), make_approver(), make_administrator()
    administrator.person = approver.person
    administrator.save(update_fields=["person"])
    submission = submit_paper(page=make_paper_draft(by=officer), by=officer)
    submission = approve_paper(submission=submission, by=approver)
    assert submission.state == "gate"
    with pytest.raises(Refused):
        approve_paper(submission=submission, by=administrator)
    assert approve_paper(submission=submission, by=make_administrator()).state == "published"


def test_the_only_approver_is_not_the_own_second_account():
    officer, approver = make_officer(), make_approver()
    approver.person = officer.person
    approver.save(update_fields=["person"])
    with pytest.raises(Conflict) as caught:
        submit_paper(page=make_paper_draft(by=officer), by=officer)
    assert caught.value.code == "no_approver"


def test_an_outcome_that_nobody_could_approve_is_not_sent():
    writer = make_approver()
    engagement = make_engagement(opens=-dt.timedelta(days=9), closes=-dt.timedelta(days=1))
    text = {"en": "Bags come first.", "zh-hant": "先處理膠袋。"}
    save_outcome(engagement=engagement, text=text, by=writer)
    with pytest.raises(Conflict) as caught:
        send_outcome(engagement=engagement, by=writer)
    assert caught.value.code == "no_approver"
    assert Outcome.objects.get().submitted_at is None
    other = make_approver()
    assert send_outcome(engagement=engagement, by=writer).submitted_at
    assert Notice.objects.get(kind="outcome-wanted").account == other


def test_whoever_wrote_a_translation_does_not_approve_it():
    officer, approver = make_officer(), make_approver()
    other = make_approver()
    page = make_paper_draft(by=officer)
    row = next(row for row in sentences(page) if row.field_name == "summary")
    save_translations(page=page, language="zh-hant", texts={row.key: "改過的摘要"}, by=approver)
    page.refresh_from_db()
    submission = submit_paper(page=page, by=officer)
    with pytest.raises(Refused):
        approve_paper(submission=submission, by=approver)
    assert approve_paper(submission=submission, by=other).approved_by == other


@pytest.mark.django_db(transaction=True)
def test_a_withheld_statement_leaves_the_kept_home_page_at_once(tree):
    from consultations.actions.statements import propose_statement

    engagement = make_engagement(moderation_policy="after")
    author = make_account(display_name="Neighbour")
    propose_statement(
        engagement=engagement,
        person=author.person,
        account=author,
        text="Words that go against a rule.",
        language="en",
    )
    statement = Statement.objects.get()
    client = Client()
    assert "Words that go against" in client.get("/en/").content.decode()
    decide(statement.contribution, "withhold")
    assert "Words that go against" not in client.get("/en/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_words_edited_away_leave_the_kept_list_at_once(tree):
    engagement = make_engagement(moderation_policy="after")
    author = make_account(display_name="Neighbour")
    comment = make_comment(engagement, "My number is 9123 4567.", account=author)
    path = f"/en/e/{engagement.public_id}/comments/?on=whole"
    client = Client()
    assert "9123 4567" in client.get(path).content.decode()
    edit_contribution(
        contribution=comment.contribution,
        person=author.person,
        account=author,
        text="Call the hotline.",
        version=1,
    )
    page = client.get(path).content.decode()
    assert "9123 4567" not in page
    assert "Call the hotline." in page


def test_a_withheld_name_is_not_taken_again_on_the_account_page():
    engagement = make_engagement()
    account = make_account()
    make_comment(engagement, account=account, display_name="Rude Name")
    item = Item.objects.get(kind="name")
    moderation.decide(
        item=item, verdict="withhold", rule="r1", version=item.version, by=make_moderator()
    )
    client = Client()
    client.force_login(account, backend=BACKEND)
    for again in ("Rude Name", "rude name", "Ｒude\u200b Name"):
        answer = client.post("/en/account/name/", {"name": again})
        assert answer.status_code == 422
        assert again[1:3] in answer.content.decode()
        with pytest.raises(Invalid):
            make_receipt(engagement, account=account, display_name=again)
        account.refresh_from_db()
        assert account.display_name == ""
    assert not Contribution.objects.filter(name_withheld=False).exists()


def test_asking_to_follow_tells_nobody_who_follows():
    engagement = make_engagement()
    known, stranger = "known@example.org", "stranger@example.org"
    follow = follow_engagement(engagement=engagement, email=known, source="address:192.0.2.1")
    confirm_follow(token=follow.token)
    cache.clear()

    def asked(email: str) -> int:
        for number in range(20):
            try:
                follow_engagement(engagement=engagement, email=email, source="address:192.0.2.9")
            except TooMany:
                return number
        return 20

    assert asked(known) == asked(stranger)


def test_taking_out_of_the_queue_names_who_did_it():
    engagement = make_engagement()
    comment = make_comment(engagement)
    by = make_moderator()
    moderation.drop(kind="comment", target_id=comment.contribution.public_id, by=by)
    entry = AuditEntry.objects.filter(verb="moderation.drop").latest("pk")
    assert by.public_id in entry.actor


def test_a_version_the_cache_forgot_brings_no_purged_page_back():
    now = timezone.now()
    middleware = PageCacheMiddleware(lambda request: keep(HttpResponse("old"), tags=["t"], now=now))
    request = RequestFactory().get("/en/")
    middleware(request)
    # Purged, and then the purge itself falls out of a full cache.
    cache.delete_many(["kaifong-tag:t", "kaifong-tag:*"])
    fresh = PageCacheMiddleware(lambda request: HttpResponse("new"))
    assert fresh(request).content == b"new"


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/en/?q=%00", {}),
        ("/en/", {"HTTP_HOST": "evil.example"}),
        ("/tc/", {}),
        ("/en/consultations", {}),
        ("/en/nothing/", {}),
        ("/en/account/", {"HTTP_COOKIE": 'sessionid="abcdefgh\\000"'}),
    ],
)
def test_every_answer_may_not_be_framed(tree, path, headers):
    answer = Client(raise_request_exception=False).get(path, **headers)
    assert answer.status_code < 500
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_cookie_with_nul_is_refused():
    answer = Client().get("/en/account/", HTTP_COOKIE='sessionid="abcdefgh\\000"')
    assert answer.status_code == 400


def test_the_way_back_of_an_error_page_stays_here(tree):
    answer = Client().get("/en/nothing/", HTTP_REFERER="http://testserver//evil.example/")
    assert answer.status_code == 404
    assert "evil.example" not in answer.content.decode()


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_days_at_the_ends_of_the_calendar_are_refused(day):
    officer = make_officer()
    _page, engagement = make_paper(by=officer)
    client = Client(raise_request_exception=False)
    client.force_login(officer, backend=BACKEND)
    answer = client.post(
        f"/cms/desk/{engagement.public_id}/extend/", {"closes_on": day, "reason_en": "Asked for."}
    )
    assert answer.status_code == 422
    new = {"title": "Kept", "bureau": officer.grants.get().bureau_id, "source_language": "en"}
    for name in ("opens_on", "closes_on", "response_due"):
        days = {"opens_on": "2027-01-01", "closes_on": "2027-02-01", "response_due": "2027-03-01"}
        answer = client.post("/cms/desk/new/", {**new, **days, name: day})
        assert answer.status_code == 422
        assert "Kept" in answer.content.decode()


@pytest.mark.parametrize("text", ["字" * 256, "&" * 60])
def test_a_translated_title_is_no_longer_than_a_title(text):
    # Kept escaped in a column of 255 characters, which PostgreSQL holds to.
    officer = make_officer()
    page = make_paper_draft(by=officer)
    row = next(row for row in sentences(page) if row.field_name == "title")
    with pytest.raises(Invalid) as caught:
        save_translations(page=page, language="zh-hant", texts={row.key: text}, by=officer)
    assert caught.value.field == row.key
