"""The desk's pages, driven over HTTP as an officer and an approver do."""

import datetime as dt
import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.users.models import UserProfile

from consultations.actions.approval import approve_paper, submit_paper
from consultations.calendars import LUNAR_NEW_YEAR, share_in_quiet_times
from consultations.models import ConsultationPage, Submission
from consultations.translation import sentences
from core import clock
from notifications.models import Notice
from participation.actions.outcomes import version_of
from participation.models import Engagement, Outcome
from tests.factories.consultations import make_paper, make_paper_draft, today
from tests.factories.desk import make_administrator, make_approver, make_officer
from tests.factories.engagements import make_bureau

pytestmark = pytest.mark.django_db


def test_the_first_page_is_the_desk(client: Client) -> None:
    officer = make_officer()
    make_paper_draft(by=officer, title="Waste charging")
    client.force_login(officer)
    body = client.get("/cms/").content.decode()
    assert "Waste charging" in body
    assert "/cms/desk/new/" in body
    assert "New consultation" in body


@pytest.mark.parametrize(
    ("source", "reader", "lang"), [("en", "zh-hant", "en"), ("zh-hant", "en", "zh-Hant-HK")]
)
def test_a_title_in_another_language_than_the_cms_says_so(
    client: Client, source: str, reader: str, lang: str
) -> None:
    officer, approver = make_officer(), make_approver()
    for one in (officer, approver):
        UserProfile.objects.update_or_create(user=one, defaults={"preferred_language": reader})
    title = "Waste charging" if source == "en" else "都市固體廢物收費"
    page = make_paper_draft(by=officer, title=title, language=source)
    engagement = page.engagement
    assert engagement is not None
    marked = re.compile(rf'<(?:span|h1) lang="{lang}">{title}</')
    here = f"/cms/desk/{engagement.public_id}/"
    target = "zh-hant" if source == "en" else "en"
    client.force_login(officer)
    for path in ("/cms/", here, f"{here}words/{target}/"):
        _says_its_language(client, path, title, marked)
    # The titles in both languages are there once it is public; a draft has the source's alone.
    submission = submit_paper(page=page, by=officer)
    client.force_login(approver)
    for path in ("/cms/", f"/cms/desk/review/{submission.public_id}/"):
        _says_its_language(client, path, title, marked)
    with clock.freeze(clock.now()):
        approve_paper(submission=submission, by=approver)
    Engagement.objects.filter(pk=engagement.pk).update(title={source: title})
    client.force_login(officer)
    for name in ("received", "extend", "outcome"):
        _says_its_language(client, f"{here}{name}/", title, marked)


def _says_its_language(client: Client, path: str, title: str, marked: re.Pattern[str]) -> None:
    """Every place of a page's body that prints the title marks its language."""
    body = client.get(path).content.decode().partition("<main")[2]
    shown = re.sub(r'<article class="kf-paper".*?</article>', "", body, flags=re.DOTALL)
    shown = re.sub(r'<p lang="[^"]+" id="source-.*?</p>|<textarea.*?</textarea>', "", shown)
    assert marked.search(shown), path
    assert title not in marked.sub("", shown), path


def test_a_new_paper_needs_title_bureau_and_dates_and_keeps_what_was_typed(client: Client) -> None:
    officer = make_officer()
    client.force_login(officer)
    proposed = client.get("/cms/desk/new/").content.decode()
    opens = today() + dt.timedelta(weeks=2)
    assert f'value="{opens:%Y-%m-%d}"' in proposed
    assert f'value="{opens + dt.timedelta(days=55):%Y-%m-%d}"' in proposed
    typed = {
        "title": "都市固體廢物收費",
        "bureau": str(make_bureau().pk),
        "source_language": "zh-hant",
        "opens_on": "2027-05-01",
        "closes_on": "2027-04-01",
        "response_due": "2027-09-01",
    }
    refused = client.post("/cms/desk/new/", typed)
    assert refused.status_code == 422
    assert "都市固體廢物收費" in refused.content.decode()
    assert not Engagement.objects.exists()
    response = client.post("/cms/desk/new/", {**typed, "closes_on": "2027-06-30"})
    engagement = Engagement.objects.get()
    assert response.headers["Location"] == f"/cms/desk/{engagement.public_id}/"
    assert engagement.source_language == "zh-hant"
    assert ConsultationPage.objects.count() == 3


@pytest.mark.parametrize("title", ["", "\u200b", "a\x00b", "x" * 5000])
def test_bad_titles_are_refused_with_a_sentence(client: Client, title: str) -> None:
    client.force_login(make_officer())
    day = today()
    response = client.post(
        "/cms/desk/new/",
        {
            "title": title,
            "bureau": str(make_bureau().pk),
            "source_language": "en",
            "opens_on": day.isoformat(),
            "closes_on": (day + dt.timedelta(days=40)).isoformat(),
            "response_due": (day + dt.timedelta(days=90)).isoformat(),
        },
    )
    assert response.status_code == 422
    assert not Engagement.objects.exists()


def test_another_bureaus_name_cannot_be_taken(client: Client) -> None:
    client.force_login(make_officer())
    day = today()
    response = client.post(
        "/cms/desk/new/",
        {
            "title": "Taken",
            "bureau": str(make_bureau("LCSD").pk),
            "source_language": "en",
            "opens_on": day.isoformat(),
            "closes_on": (day + dt.timedelta(days=40)).isoformat(),
            "response_due": (day + dt.timedelta(days=90)).isoformat(),
        },
    )
    assert response.status_code == 422
    assert not Engagement.objects.exists()


def test_an_administrator_reads_but_writes_nothing(client: Client) -> None:
    page = make_paper_draft(by=make_officer())
    engagement = page.engagement
    assert engagement is not None
    client.force_login(make_administrator())
    assert client.get(f"/cms/desk/{engagement.public_id}/").status_code == 200
    assert client.get("/cms/desk/new/").status_code == 403
    assert client.post(f"/cms/desk/{engagement.public_id}/", {"note": ""}).status_code == 404
    assert client.get(f"/cms/desk/{engagement.public_id}/words/zh-hant/").status_code == 404
    assert not Submission.objects.exists()


def test_steps_link_what_is_missing_to_its_field(client: Client) -> None:
    officer = make_officer()
    make_approver()
    page = make_paper_draft(by=officer, summary="", closes=10, translate=False)
    engagement = page.engagement
    assert engagement is not None
    client.force_login(officer)
    body = client.get(f"/cms/desk/{engagement.public_id}/").content.decode()
    assert f"/cms/pages/{page.pk}/edit/#id_summary" in body
    assert f"/cms/desk/{engagement.public_id}/words/zh-hant/" in body
    assert "28 days" in body
    refused = client.post(f"/cms/desk/{engagement.public_id}/", {"note": ""})
    assert refused.status_code == 422
    assert not Submission.objects.exists()


def test_from_sending_to_approval_over_http(client: Client) -> None:
    officer, approver = make_officer(), make_approver()
    page = make_paper_draft(by=officer)
    engagement = page.engagement
    assert engagement is not None
    client.force_login(officer)
    client.post(f"/cms/desk/{engagement.public_id}/", {"note": "Please look at 1.2."})
    submission = Submission.objects.get()
    url = f"/cms/desk/review/{submission.public_id}/"
    own = client.get(url).content.decode()
    assert "approve/" not in own
    client.post(f"{url}approve/")
    submission.refresh_from_db()
    assert submission.state == "waiting"
    body = client.get(f"/cms/desk/{engagement.public_id}/").content.decode()
    assert str(submission.get_state_display()) in unescape(body)
    client.force_login(approver)
    assert submission.public_id in client.get("/cms/").content.decode()
    body = client.get(url).content.decode()
    assert "Please look at 1.2." in body
    assert "First point." in body
    assert "譯：First point." in body
    empty = client.post(url, {"note": " "})
    assert empty.status_code == 422
    client.post(f"{url}approve/")
    submission.refresh_from_db()
    assert submission.state == "published"
    assert ConsultationPage.objects.live().count() == 3


def test_words_are_saved_and_a_bad_one_keeps_all_that_was_typed(client: Client) -> None:
    officer = make_officer()
    page = make_paper_draft(by=officer, translate=False)
    engagement = page.engagement
    assert engagement is not None
    client.force_login(officer)
    url = f"/cms/desk/{engagement.public_id}/words/zh-hant/"
    rows = sentences(page)
    bad = client.post(
        url, {f"s-{rows[0].key}": "好\x00", f"s-{rows[1].key}": "這一句是好的。", "s-0-0": "x"}
    )
    assert bad.status_code == 422
    assert "這一句是好的。" in bad.content.decode()
    assert sentences(page)[1].versions["zh-hant"].is_missing
    good = client.post(url, {f"s-{rows[0].key}": "標題", f"s-{rows[1].key}": "這一句是好的。"})
    assert good.status_code == 302
    assert sentences(page)[1].versions["zh-hant"].text == "這一句是好的。"
    assert client.get(f"/cms/desk/{engagement.public_id}/words/en/").status_code == 404


def test_the_editor_refuses_shortening_and_says_so(client: Client) -> None:
    officer, approver = make_officer(), make_approver()
    page = make_paper_draft(by=officer)
    approve_paper(submission=submit_paper(page=page, by=officer), by=approver)
    page.refresh_from_db()
    form_class = ConsultationPage.get_edit_handler().get_form_class()
    draft = page.get_latest_revision_as_object()
    form = form_class(instance=draft, for_user=officer, parent_page=page.get_parent())
    data = {name: form[name].value() or "" for name in form.fields}
    data.update(
        {
            "closes_on": (today() + dt.timedelta(days=5)).isoformat(),
            "body-count": "0",
            "statements-count": "0",
            "questions-count": "0",
            "key_dates-count": "0",
        }
    )
    bound = form_class(data, instance=draft, for_user=officer, parent_page=page.get_parent())
    assert not bound.is_valid()
    assert "closes_on" in bound.errors


def test_extending_on_the_desk_asks_a_reason(client: Client) -> None:
    officer = make_officer()
    _page, engagement = make_paper(by=officer)
    client.force_login(officer)
    url = f"/cms/desk/{engagement.public_id}/extend/"
    later = (today() + dt.timedelta(days=70)).isoformat()
    assert client.post(url, {"closes_on": later, "reason_en": ""}).status_code == 422
    sooner = (today() + dt.timedelta(days=7)).isoformat()
    assert client.post(url, {"closes_on": sooner, "reason_en": "No"}).status_code == 422
    due = (today() + dt.timedelta(days=150)).isoformat()
    client.post(url, {"closes_on": later, "response_due": due, "reason_en": "Asked for."})
    assert engagement.public_notices.get().text == {"en": "Asked for."}


def test_an_outcome_is_written_by_one_and_approved_by_another(client: Client) -> None:
    officer, approver = make_officer(), make_approver()
    _page, engagement = make_paper(by=officer, opens=-40, closes=1)
    with clock.travel(dt.timedelta(days=10)):
        client.force_login(officer)
        url = f"/cms/desk/{engagement.public_id}/outcome/"
        client.post(url, {"text_en": "We did.", "text_zh_hant": "我們做了綫上。", "send": "1"})
        outcome = Outcome.objects.get()
        assert outcome.submitted_at is not None
        assert outcome.text["zh-hans"] == "我们做了线上。"
        client.post(f"{url}approve/", {"version": version_of(outcome)})
        outcome.refresh_from_db()
        assert outcome.published_at is None
        read = version_of(outcome)
        client.force_login(approver)
        assert "Outcome:" in client.get("/cms/").content.decode()
        client.post(f"{url}review/", {"note": "Say when."})
        client.force_login(officer)
        assert "Say when." in client.get(url).content.decode()
        client.post(url, {"text_en": "We did in May.", "text_zh_hant": "五月。", "send": "1"})
        client.force_login(approver)
        # Rewritten since it was read: the old page approves nothing.
        for stale in ({"version": read}, {}):
            client.post(f"{url}approve/", stale)
            outcome.refresh_from_db()
            assert outcome.published_at is None
        assert version_of(outcome) in client.get(f"{url}review/").content.decode()
        client.post(f"{url}approve/", {"version": version_of(outcome)})
    outcome.refresh_from_db()
    assert outcome.published_at is not None
    assert outcome.approved_by == approver
    told = Notice.objects.order_by("pk").values_list("kind", "account")
    assert [row for row in told if row[0] != "outcome"] == [
        ("outcome-wanted", approver.pk),
        ("outcome-sent-back", officer.pk),
        ("outcome-wanted", approver.pk),
        ("outcome-approved", officer.pk),
    ]


def test_previews_show_each_state_in_each_language(client: Client) -> None:
    officer = make_officer()
    page = make_paper_draft(by=officer)
    client.force_login(officer)
    for one in ConsultationPage.objects.filter(translation_key=page.translation_key):
        for mode in ("upcoming", "open", "closed", "outcome"):
            response = client.get(f"/cms/pages/{one.pk}/view_draft/?mode={mode}")
            assert response.status_code == 200
            assert "First point." in response.content.decode()


def test_quiet_times() -> None:
    august = share_in_quiet_times(dt.date(2026, 8, 1), dt.date(2026, 8, 31))
    assert august == 1.0
    assert share_in_quiet_times(dt.date(2026, 5, 1), dt.date(2026, 5, 31)) == 0.0
    assert share_in_quiet_times(dt.date(2026, 2, 17), dt.date(2026, 2, 17)) == 1.0


def test_the_table_of_lunar_new_years_reaches_far_enough() -> None:
    assert max(LUNAR_NEW_YEAR) >= clock.now().year + 3


def test_sealed_numbers_stay_sealed_on_the_desk(client: Client) -> None:
    officer = make_officer()
    make_paper(by=officer, results_from="close")
    client.force_login(officer)
    assert "sealed" in client.get("/cms/").content.decode()


def test_the_desk_asks_the_same_of_the_database_for_one_paper_and_for_five(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    officer = make_officer()
    make_paper_draft(by=officer, translate=False)
    client.force_login(officer)
    client.get("/cms/")
    with CaptureQueriesContext(connection) as one:
        client.get("/cms/")
    for _number in range(4):
        make_paper_draft(by=officer, translate=False)
    with django_assert_max_num_queries(len(one)):
        client.get("/cms/")
