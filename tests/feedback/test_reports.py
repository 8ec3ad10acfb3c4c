"""Who reads a report, what it holds and when: sealed, empty, moved, planted, counted."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import RoleGrant
from core import clock, jobs
from core.audit_verify import verify
from core.exceptions import Conflict
from core.models import AuditEntry
from feedback.actions.delivery import begin_closed
from feedback.actions.snapshots import ask_report, snapshots_agree
from feedback.collecting import canonical, digest_of, live_document
from feedback.models import Making, Snapshot
from feedback.section_register import figures_of
from feedback.summary import summary
from participation.models import Outcome
from participation.policies import can_see_results
from questionnaires.actions.counting import keep_figures
from questionnaires.models import AboutYou
from tests.factories.engagements import make_bureau
from tests.factories.participation import make_comment, make_many_comments
from tests.factories.reports import make_response, take
from tests.feedback.conftest import PLANTED, Case, make_case

pytestmark = pytest.mark.django_db
BACKEND = "accounts.backends.AccountBackend"
STATES = ("published", "held", "withheld", "withdrawn", "confidential")


def browser(account) -> Client:
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


def routes(case: Case, snapshot: Snapshot) -> list[str]:
    base = f"/en/reports/{case.engagement.public_id}/"
    making = Making.objects.filter(engagement=case.engagement).first()
    frozen = f"{base}{snapshot.version}/"
    return [
        base,
        frozen,
        f"{base}making/{making.public_id}/",
        *(f"{frozen}en.{name}" for name in snapshot.files.values_list("format", flat=True)),
    ]


def section(data, key):
    return next(one for one in data["sections"] if one["key"] == key)


def table(data, key):
    return next(
        one for part in data["sections"] for one in part.get("tables", []) if one["key"] == key
    )


def test_the_register_reconciles_in_every_table(case):
    data = take(case.engagement, case.officer).data
    figures = section(data, "register")["figures"]
    assert figures == figures_of(case.engagement)
    assert figures["received"] == sum(figures[state] for state in STATES) == 20
    assert figures == {
        "received": 20,
        "published": 14,
        "held": 1,
        "withheld": 1,
        "withdrawn": 2,
        "confidential": 2,
    }
    for key in ("kind", "channel", "language", "level", "capacity"):
        rows = table(data, f"register-{key}")["rows"]
        sums = [sum(row[at] for row in rows) for at in range(1, 7)]
        assert sums == [figures["received"], *(figures[state] for state in STATES)]
        assert all(row[1] == sum(row[2:]) for row in rows)


def test_questions_are_counted_over_live_responses(case):
    data = take(case.engagement, case.officer).data
    figures = section(data, "questions")["figures"]
    assert figures["responses"] == 3
    by_kind = {one["kind"]: one for one in figures["questions"]}
    assert [(one["id"], one["count"]) for one in by_kind["one"]["options"]] == [
        ("one-yes", 2),
        ("one-no", 1),
        ("one-other", 0),
    ]
    assert by_kind["one"]["n"] == 3
    assert by_kind["one"]["options"][0]["share"] == 66.7
    assert by_kind["several"]["n"] == 2
    assert [(one["step"], one["count"]) for one in by_kind["scale"]["steps"]] == [
        (1, 1),
        (2, 0),
        (3, 0),
        (4, 2),
        (5, 0),
    ]
    assert by_kind["scale"]["statistics"]["mean"] == 3
    assert by_kind["number"]["statistics"] == {
        "n": 2,
        "mean": 9.75,
        "median": 9.75,
        "lower_quartile": 8.375,
        "upper_quartile": 11.125,
        "least": 7,
        "most": 12.5,
    }
    assert by_kind["date"]["statistics"]["earliest"] == "2026-02-28"
    assert by_kind["consent"]["options"][0]["count"] == 2
    assert by_kind["long"]["texts"] == {"received": 3, "worded": 2, "distinct": 2, "largest": 2}
    assert "information" not in by_kind
    texts = [row[-1]["text"] for row in table(data, "question-q-long-texts")["rows"]]
    assert texts == ["Collect on Sundays too.", "collect on sundays, too!"]
    assert "Kept back" not in json.dumps(data)


def test_officers_read_what_was_sent_to_them_only_and_no_address(case):
    snapshot = take(case.engagement, case.officer)
    text = snapshot.document
    assert "For the bureau only." in text
    for sealed in ("Rude words about a neighbour.", "I take this back.", "Waits for a moderator."):
        assert sealed not in text
    assert "@example.com" not in text
    assert "We shall look at it." not in text


def test_the_document_is_canonical_and_its_digest_holds(case):
    snapshot = take(case.engagement, case.officer)
    assert canonical(json.loads(snapshot.document)) == snapshot.document
    assert digest_of(snapshot.document) == snapshot.sha256
    assert list(snapshots_agree()) == []
    assert [fault for fault in verify().faults if "eport" in fault] == []
    Snapshot.objects.filter(pk=snapshot.pk).update(
        document=snapshot.document.replace('"received":20', '"received":21')
    )
    assert len(list(snapshots_agree())) == 1
    assert any("report" in str(fault).lower() for fault in verify().faults)


def test_rows_of_long_tables_are_proved_too(case):
    snapshot = take(case.engagement, case.officer)
    snapshot.parts.filter(table="comments-texts").delete()
    assert len(list(snapshots_agree())) == 1


def test_a_second_version_is_a_new_row_and_the_first_stays(case):
    first = take(case.engagement, case.officer)
    make_comment(case.engagement, "One more.")
    second = take(case.engagement, case.officer, "zh-hant")
    assert (first.version, second.version) == (1, 2)
    first.refresh_from_db()
    assert section(first.data, "register")["figures"]["received"] == 20
    assert section(second.data, "register")["figures"]["received"] == 21
    assert set(second.files.values_list("language", flat=True)) == {"zh-hant"}


def test_officers_of_other_bodies_find_nothing_at_any_address(case):
    snapshot = take(case.engagement, case.officer)
    for account in (case.officer, case.approver, case.partner, case.administrator):
        for path in routes(case, snapshot):
            assert browser(account).get(path).status_code in {200, 302}, path
    for path in [
        *routes(case, snapshot),
        f"/en/reports/{case.engagement.public_id}/acknowledge/",
    ]:
        assert browser(case.foreign).get(path).status_code == 404, path
    for act in ("make/", "1/make/", "acknowledge/"):
        path = f"/en/reports/{case.engagement.public_id}/{act}"
        assert browser(case.foreign).post(path, {"name": "x"}).status_code == 404, path
    listed = browser(case.foreign).get("/en/reports/").content.decode()
    assert case.engagement.public_id not in listed
    assert case.engagement.public_id in browser(case.partner).get("/en/reports/").content.decode()


def test_what_is_not_there_and_what_is_hidden_look_the_same(case):
    take(case.engagement, case.officer)
    hidden = browser(case.foreign).get(f"/en/reports/{case.engagement.public_id}/1/en.pdf")
    absent = browser(case.foreign).get("/en/reports/0123456789bc/1/en.pdf")
    assert hidden.status_code == absent.status_code == 404
    for path in ("99/", "99999999999999999999/", "1/fr.pdf", "1/en.exe", "1/%00.pdf"):
        found = browser(case.officer).get(f"/en/reports/{case.engagement.public_id}/{path}")
        assert found.status_code in {400, 404}, path


def test_administrators_reading_is_written_down_and_officers_is_not(case):
    snapshot = take(case.engagement, case.officer)
    path = f"/en/reports/{case.engagement.public_id}/{snapshot.version}/en.csv"
    browser(case.officer).get(path)
    assert not AuditEntry.objects.filter(verb="report.read").exists()
    browser(case.administrator).get(path)
    entry = AuditEntry.objects.get(verb="report.read")
    assert (entry.actor, entry.subject) == (case.administrator.public_id, "v1.csv")


def test_nothing_is_written_down_of_a_version_that_is_not_there(case):
    client = browser(case.administrator)
    path = f"/en/reports/{case.engagement.public_id}"
    for number in ("7", "9" * 200):
        for rest in ("", "en.csv"):
            assert client.get(f"{path}/{number}/{rest}").status_code == 404
        assert client.post(f"{path}/{number}/make/").status_code == 404
    assert not AuditEntry.objects.filter(verb="report.read").exists()


def test_an_officer_who_moves_while_it_is_made_finds_nothing(case):
    making = ask_report(engagement=case.engagement, by=case.officer, language="en")
    client = browser(case.officer)
    path = f"/en/reports/{case.engagement.public_id}/"
    assert client.get(f"{path}making/{making.public_id}/").status_code == 200
    RoleGrant.objects.filter(account=case.officer).update(bureau=make_bureau("HD"))
    jobs.drain()
    snapshot = Snapshot.objects.get()
    for found in routes(case, snapshot):
        assert client.get(found).status_code == 404, found


def test_one_at_a_time_and_the_button_pressed_twice_leads_to_the_same(case):
    client = browser(case.officer)
    path = f"/en/reports/{case.engagement.public_id}/make/"
    first, second = client.post(path), client.post(path)
    assert first["Location"] == second["Location"]
    assert Making.objects.count() == 1
    with pytest.raises(Conflict):
        ask_report(engagement=case.engagement, by=case.officer, language="en")
    shown = client.get(first["Location"])
    assert "0% done" in shown.content.decode()
    jobs.drain()
    done = client.get(first["Location"])
    assert done.status_code == 302
    part = client.get(first["Location"], headers={"HX-Request": "true"})
    assert "open it" in part.content.decode()
    assert "<html" not in part.content.decode()


def test_a_limit_stops_a_loop(case):
    client = browser(case.officer)
    path = f"/en/reports/{case.engagement.public_id}/make/"
    for _try in range(6):
        assert client.post(path).status_code == 302
    assert client.post(path).status_code == 429


@pytest.mark.parametrize("results_from", ["live", "close", "outcome"])
def test_sealed_is_sealed_for_staff_while_it_is_open_and_the_register_is_not(tree, results_from):
    made = make_case(results_from=results_from, closes=dt.timedelta(hours=1))
    make_response(made.questionnaire, {"one": "one-yes", "long": "A sealed word."})
    client = browser(made.officer)
    path = f"/en/reports/{made.engagement.public_id}/"
    sealed = results_from != "live"
    data = take(made.engagement, made.officer).data
    assert ("sealed" in section(data, "questions")) is sealed
    assert ("A sealed word." in json.dumps(data)) is not sealed
    assert section(data, "register")["figures"]["received"] == 1
    page = client.get(path).content.decode()
    assert ("sealed" in page) is sealed
    assert "one-yes" not in page or not sealed
    with clock.travel(dt.timedelta(hours=2)):
        data = take(made.engagement, made.approver).data
        assert "sealed" not in section(data, "questions"), "the answer is written from it"


def test_results_with_the_outcome_are_the_owner_s_from_the_close_and_nobody_else_s(tree):
    made = make_case(results_from="outcome", closes=dt.timedelta(hours=1))
    make_response(made.questionnaire, {"one": "one-yes", "long": "A sealed word."})
    public_id = made.engagement.public_id
    with clock.travel(dt.timedelta(hours=2)):
        begin_closed()
        jobs.drain()
        taken = Snapshot.objects.get(reason="close")
        assert "A sealed word." in json.dumps(section(taken.data, "questions"))
        paths = [f"/en/reports/{public_id}/", f"/en/reports/{public_id}/1/"]
        kept = taken.files.first()
        file = f"{paths[1]}{kept.language}.{kept.format}"
        for account in (made.officer, made.approver):
            client = browser(account)
            for path in paths:
                page = client.get(path).content.decode()
                assert "A sealed word." in page
                assert "Results are sealed" not in page
            assert client.get(file).status_code == 200
        for account in (made.partner, made.administrator):
            client = browser(account)
            for path in paths:
                page = client.get(path).content.decode()
                assert "A sealed word." not in page
                assert "Question of kind one" not in page
                assert "Results are sealed" in page
                assert "The files hold results" in page
            assert client.get(file).status_code == 409
        mine = summary(made.engagement, now=clock.now(), for_owner=True)
        theirs = summary(made.engagement, now=clock.now())
        assert (mine["responses"], mine["sealed"]) == (1, [])
        assert (theirs["responses"], theirs["questions"]) == (None, None)
        assert theirs["sealed"] == ["questions"]
        assert theirs["register"] == mine["register"]
        assert not can_see_results(engagement=made.engagement, now=clock.now()).allowed
        said = Client().get(f"/en/e/{public_id}/said/").content.decode()
        assert "Question of kind one" not in said
        Outcome.objects.create(
            engagement=made.engagement,
            published_at=clock.now(),
            updated_at=clock.now(),
            written_by=made.officer,
            approved_by=made.approver,
        )
        page = browser(made.partner).get(paths[0]).content.decode()
        assert "A sealed word." in page
        assert browser(made.partner).get(file).status_code == 200


def test_a_report_of_nothing(tree):
    made = make_case()
    snapshot = take(made.engagement, made.officer)
    assert set(section(snapshot.data, "register")["figures"].values()) == {0}
    assert set(snapshot.files.values_list("format", flat=True)) >= {"json", "csv", "xlsx"}
    page = browser(made.officer).get(f"/en/reports/{made.engagement.public_id}/1/")
    assert "Nothing was received here." in page.content.decode()


def test_a_report_of_one_response(tree):
    made = make_case()
    make_response(made.questionnaire, {"one": "one-yes", "number": "1", "long": "Only me."})
    snapshot = take(made.engagement, made.officer, "zh-hant")
    figures = section(snapshot.data, "questions")["figures"]
    assert figures["responses"] == 1
    assert figures["questions"][0]["options"][0] == {
        "id": "one-yes",
        "label": {"en": "Yes", "zh-hant": "選項1"},
        "count": 1,
        "share": 100.0,
    }


def test_planted_markup_is_text_everywhere(case):
    snapshot = take(case.engagement, case.officer)
    page = browser(case.officer).get(f"/en/reports/{case.engagement.public_id}/1/")
    html = page.content.decode()
    assert PLANTED not in html
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html
    from feedback.files.as_pdf import html as printed

    assert "&lt;script&gt;alert(1)" in printed(snapshot, "en")
    assert PLANTED not in printed(snapshot, "en")


def test_the_live_page_asks_as_much_for_many_as_for_one(case):
    client = browser(case.officer)
    path = f"/en/reports/{case.engagement.public_id}/"
    keep_figures(questionnaire=case.questionnaire)
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    make_many_comments(case.engagement, 300)
    for _each in range(5):
        make_response(case.questionnaire, {"one": "one-no", "number": "3"})
    with CaptureQueriesContext(connection) as many:
        client.get(path)
    assert len(few) == len(many)
    assert len(many) <= 20, [one["sql"][:120] for one in many.captured_queries]


def test_live_and_frozen_say_the_same_of_the_register(case):
    live = live_document(case.engagement, now=clock.now())
    frozen = take(case.engagement, case.officer).data
    assert section(live, "register")["figures"] == section(frozen, "register")["figures"]
    assert section(live, "statements") == section(frozen, "statements")


def test_the_report_reads_in_three_languages(case):
    take(case.engagement, case.officer)
    words = {"en": "The register", "zh-hant": "登記總數", "zh-hans": "登记总数"}
    for language, word in words.items():
        page = browser(case.officer).get(f"/{language}/reports/{case.engagement.public_id}/1/")
        assert word in page.content.decode()


def test_programs_get_the_same_figures_as_the_report(case):
    found = summary(case.engagement, now=clock.now())
    data = take(case.engagement, case.officer).data
    assert found["register"] == section(data, "register")["figures"]
    assert found["statements"] == section(data, "statements")["figures"]["statements"]
    assert found["version"] is None
    assert found["sealed"] == []


def test_what_people_told_about_themselves_is_counted_fact_by_fact(case):
    for age in ("25-34", "25-34", "prefer-not"):
        response = make_response(case.questionnaire, {"one": "one-yes"})
        AboutYou.objects.create(response=response, facts={"age": age}, at=clock.now())
    rows = table(take(case.engagement, case.officer).data, "about-you-age")["rows"]
    found = {row[0]["en"]: row[1] for row in rows}
    assert found["25 to 34"] == 2
    assert found["Prefer not to say"] == 1
    assert sum(found.values()) == 3
    assert rows[2][2] == 66.7
