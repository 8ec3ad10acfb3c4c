"""The board: states, who is told, duplicates and their way back, lists that stay quick."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consultations.actions.paper import publish_paper
from core import audit, clock
from core.exceptions import Absent, Conflict, Invalid
from crowdtasks.findings import report
from crowdtasks.findings.access import findings_of
from crowdtasks.findings.actions.merging import merge_findings, unmerge_finding
from crowdtasks.findings.actions.reporting import report_finding
from crowdtasks.findings.actions.triage import decide_finding, ship_findings
from crowdtasks.findings.models import Finding
from crowdtasks.findings.reading import figures_of, in_another_language, similar_to
from crowdtasks.products.actions.claiming import claim_reward
from notifications.delivery import deliver
from notifications.models import Notice
from participation.actions.contributions import withdraw_contribution
from tests.factories.accounts import make_officer
from tests.factories.findings import find, make_tested, triage
from tests.factories.participation import decide, make_citizen
from tests.factories.products import (
    begin,
    build,
    builds_of,
    code_for,
    edit,
    make_product,
    make_rewarded,
    send,
    tell,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]

BACKEND = "accounts.backends.AccountBackend"


def _officer(row: Any) -> Any:
    return make_officer(row.engagement.owner.code)


def _told(account: Any, kind: str = "") -> list[str]:
    rows = Notice.objects.filter(account=account, kind__startswith="finding-").order_by("pk")
    return [row.kind for row in rows if not kind or row.kind == kind]


@pytest.mark.parametrize(
    ("language", "claims"),
    [
        ("en", "then stand under My findings"),
        ("zh-hant", "會列於「我匯報的問題」"),
        ("zh-hans", "会列于“我汇报的问题”"),
    ],
)
def test_who_takes_the_points_later_by_code_hears_what_became_of_what_was_found(
    client, language, claims
) -> None:
    _page, product = make_product(builds=[build("1"), build("2")])
    first, second = builds_of(product)
    _page, row = make_rewarded(build=first)
    officer, citizen, other = _officer(row), make_citizen(), make_citizen()
    # Two try it without an account, and each reports something on the way.
    finding, codes = None, []
    for _each in range(2):
        attempt = begin(row)
        found = find(row, attempt=attempt)
        tell(attempt)
        codes.append(code_for(send(attempt)))
        finding = finding or found
    assert finding is not None
    assert not findings_of(citizen.person).exists()
    claim_reward(code=codes[0], person=citizen.person)
    claim_reward(code=codes[1], person=other.person)
    assert list(findings_of(citizen.person)) == [finding]
    triage(finding, officer, "confirmed")
    triage(finding, officer, "mended", version=second.version)
    assert _told(citizen) == ["finding-decided", "finding-shipped"]
    assert _told(other) == []
    client.force_login(citizen, backend=BACKEND)
    assert finding.title in client.get(f"/{language}/account/findings/").content.decode()
    assert claims in client.get(f"/{language}/account/points/claim/").content.decode()
    # The bureau learns nothing of whose it is.
    finding.contribution.refresh_from_db()
    assert finding.contribution.person is None
    client.force_login(officer, backend=BACKEND)
    path = f"/en/e/{row.engagement.public_id}/findings/desk/"
    board = client.get(path)
    item = client.get(f"{path}{finding.public_id}/")
    file = client.get(f"{path}findings.json")
    assert {board.status_code, item.status_code, file.status_code} == {200}
    said = b"".join([board.content, item.content, b"".join(file.streaming_content)]).decode()
    assert finding.title in said
    for word in (citizen.email, citizen.public_id, citizen.person.public_id):
        assert word not in said


def test_each_step_is_told_and_a_public_build_ships_at_once() -> None:
    row, _first, second = make_tested()
    officer, citizen = _officer(row), make_citizen()
    finding = find(row, citizen)
    triage(finding, officer, "confirmed")
    triage(finding, officer, "planned", reason="Next month.")
    # What is as it was writes nothing.
    triage(finding, officer, "planned", reason="Next month.")
    triage(finding, officer, "mended", version=second.version)
    assert finding.mended_in == second
    assert _told(citizen) == ["finding-decided", "finding-decided", "finding-shipped"]
    shipped = Notice.objects.get(account=citizen, kind="finding-shipped")
    assert shipped.params["build"] == "2"
    assert shipped.mail_wanted
    assert finding.contribution.receipt.code in shipped.path
    assert [one.state for one in finding.changes.all()] == ["confirmed", "planned", "mended"]
    assert audit.verify().ok


def test_a_build_that_is_not_public_yet_is_told_of_when_it_is(
    django_capture_on_commit_callbacks,
) -> None:
    page, product = make_product(builds=[build("13")])
    citizen = make_citizen()
    receipt = report_finding(
        product=product.product,
        build=builds_of(product)[0],
        happened="It stops.",
        severity="stopped",
        language="zh-hant",
        person=citizen.person,
        account=citizen,
    )
    finding = Finding.objects.get(contribution=receipt.contribution)
    officer = make_officer(product.owner.code)
    triage(finding, officer, "mended", version="14")
    assert finding.mended_in is None
    assert _told(citizen) == ["finding-decided"]
    edit(page, builds=[build("13"), build("14")])
    with django_capture_on_commit_callbacks(execute=True):
        publish_paper(page=page, by=None)
    # The job does it; a second run tells nobody twice.
    ship_findings(product=product.pk)
    ship_findings(product=product.pk)
    finding.refresh_from_db()
    assert finding.mended_in.version == "14"
    assert _told(citizen) == ["finding-decided", "finding-shipped"]


def test_the_mail_says_it_in_the_readers_language() -> None:
    row, _first, second = make_tested()
    citizen = make_citizen()
    citizen.language = "zh-hant"
    citizen.save(update_fields=["language"])
    finding = find(row, citizen, language="zh-hant", happened="座位表是空的。")
    triage(finding, _officer(row), "mended", version=second.version)
    notice = Notice.objects.get(account=citizen, kind="finding-shipped")
    mail.outbox.clear()
    assert deliver(notice.pk)
    assert "版本2修正" in mail.outbox[-1].subject
    assert "座位表是空的。" in mail.outbox[-1].body


@pytest.mark.parametrize(
    ("state", "how", "field"),
    [
        ("mended", {}, "version"),
        ("mended", {"version": "1"}, "version"),
        ("mended", {"version": "x" * 41}, "version"),
        ("declined", {}, "reason"),
        ("declined", {"reason": "x" * 501}, "reason"),
        ("solved", {}, "state"),
    ],
)
def test_what_an_officer_must_say(state, how, field) -> None:
    row, _first, _second = make_tested()
    finding = find(row)
    with pytest.raises(Invalid) as refused:
        triage(finding, _officer(row), state, **how)
    assert refused.value.field == field
    finding.refresh_from_db()
    assert finding.state == "new"


def test_two_officers_at_once_and_strangers() -> None:
    row, _first, _second = make_tested()
    finding, officer = find(row), _officer(row)
    triage(finding, officer, "confirmed")
    with pytest.raises(Conflict):
        decide_finding(finding=finding, state="planned", by=officer, language="en", known="new")
    other = make_officer("LCSD" if row.engagement.owner.code == "EPD" else "EPD")
    for stranger in (other, make_citizen()):
        with pytest.raises(Absent):
            triage(finding, stranger, "planned")
        with pytest.raises(Absent):
            merge_findings(finding=finding, into=find(row), by=stranger)


def test_everybody_who_reported_the_same_is_told_and_a_merge_goes_back() -> None:
    row, _first, second = make_tested()
    officer = _officer(row)
    people = [make_citizen() for _each in range(3)]
    first, middle, last = (find(row, one) for one in people)
    merge_findings(finding=first, into=middle, by=officer)
    # The chain is flat: what leads the other one leads both.
    merge_findings(finding=middle, into=last, by=officer)
    for one in (first, middle):
        one.refresh_from_db()
        assert one.lead == last
    assert first.merged_into == middle
    with pytest.raises(Invalid) as refused:
        merge_findings(finding=last, into=first, by=officer)
    assert refused.value.code == "circle"
    with pytest.raises(Invalid):
        triage(first, officer, "confirmed")
    triage(last, officer, "mended", version=second.version)
    for one in people:
        assert "finding-shipped" in _told(one)
    assert figures_of(row.engagement).distinct == 1
    assert figures_of(row.engagement).reported == 3
    # Taken apart it stands where it stood, with what was put to it before.
    unmerge_finding(finding=middle, by=officer)
    for one in (first, middle):
        one.refresh_from_db()
    assert (middle.lead, middle.state) == (None, "new")
    assert first.lead == middle
    unmerge_finding(finding=middle, by=officer)
    assert audit.verify().ok


def test_who_withdraws_takes_nobody_along() -> None:
    row, _first, second = make_tested()
    officer = _officer(row)
    author, other = make_citizen(), make_citizen()
    lead, led = find(row, author), find(row, other)
    merge_findings(finding=led, into=lead, by=officer)
    triage(lead, officer, "mended", version="9")
    withdraw_contribution(contribution=lead.contribution, person=author.person, account=author)
    led.refresh_from_db()
    assert (led.lead, led.state, led.mended_version) == (None, "mended", "9")
    assert figures_of(row.engagement).reported == 1
    assert second.version == "2"


def test_the_same_in_other_words_is_suggested_in_any_script() -> None:
    row, _first, _second = make_tested()
    known = find(row, happened="按「預約」之後畫面一直是白色", step=1)
    find(row, happened="地圖上的字太小，看不清楚", step=1)
    english = find(row, happened="The map of seats is empty after I sign in")
    same = find(row, happened="按预约之后画面一直白色。", step=1)
    assert similar_to(same)[0] == known
    other = find(row, happened="After signing in the map of the seats is empty")
    assert similar_to(other)[0] == english


def test_those_in_another_language_are_named_by_step_and_severity(client) -> None:
    row, _first, _second = make_tested()
    mine = find(row, happened="The button stays grey.", step=1)
    foreign = find(row, happened="按鈕一直是灰色", step=1, language="zh-hant")
    simplified = find(row, happened="按钮一直是灰色", step=1, language="zh-hans")
    find(row, happened="按鈕太細", step=1, severity="small", language="zh-hant")
    find(row, happened="按鈕太細", step=2, language="zh-hant")
    find(row, happened="按鈕太細", language="zh-hant")
    assert in_another_language(mine) == [simplified, foreign]
    # The two scripts are one language, whose words are compared.
    assert in_another_language(foreign) == [mine]
    assert in_another_language(find(row, happened="Nowhere in particular.")) == []
    client.force_login(_officer(row), backend=BACKEND)
    page = client.get(_board(row, f"{mine.public_id}/")).content.decode()
    assert "In another language, on the same step and as serious" in page
    assert f'lang="zh-Hant-HK">{foreign.title}' in page
    merged = client.get(_board(row, f"{mine.public_id}/merge/")).content.decode()
    assert foreign.public_id in merged
    # What was merged is not offered again.
    merge_findings(finding=foreign, into=mine, by=_officer(row))
    merge_findings(finding=simplified, into=mine, by=_officer(row))
    assert in_another_language(mine) == []


def _board(row: Any, rest: str = "") -> str:
    return f"/en/e/{row.engagement.public_id}/findings/desk/{rest}"


def test_the_board_is_worked_through_with_a_form(client) -> None:
    row, _first, second = make_tested()
    client.force_login(_officer(row), backend=BACKEND)
    rows = [find(row, severity=one, step=1) for one in ("small", "stopped")]
    find(row, publish_choice="alias")
    text = client.get(_board(row)).content.decode()
    assert all(one.title in text for one in rows)
    assert "1 more waits for a moderator." in text
    narrowed = client.get(_board(row, "?severity=stopped&step=find")).content.decode()
    assert rows[0].title not in narrowed
    assert rows[1].title in narrowed
    path = _board(row, f"{rows[1].contribution.public_id}/?state=new")
    shown = client.get(path).content.decode()
    assert "1 of 2" in shown
    typed = {
        "state": "mended",
        "build": second.version,
        "version": "",
        "reason": "",
        "known": "new",
        "after": rows[0].contribution.public_id,
    }
    refused = client.post(path, {**typed, "build": "", "reason": "Typed already."})
    assert refused.status_code == 422
    assert "Typed already." in refused.content.decode()
    done = client.post(path, typed)
    assert rows[0].contribution.public_id in done.headers["Location"]
    assert done.headers["Location"].endswith("?state=new#item")
    stale = client.post(path, {**typed, "state": "confirmed", "build": ""})
    assert stale.status_code == 409
    # The product's board has them too.
    product = row.build.product.engagement
    assert rows[0].title in client.get(f"/en/e/{product.public_id}/findings/desk/").content.decode()


def test_an_officer_writes_down_what_was_seen(client) -> None:
    row, _first, _second = make_tested()
    officer = _officer(row)
    client.force_login(officer, backend=BACKEND)
    path = _board(row, "new/")
    assert path in client.get(_board(row)).content.decode()
    typed = {"happened": "She looked for the map.", "severity": "hindered", "step": "1"}
    refused = client.post(path, {**typed, "severity": ""})
    assert refused.status_code == 422
    assert "She looked for the map." in refused.content.decode()
    assert client.post(path, {**typed, "key": "seen"}).status_code == 302
    finding = Finding.objects.get()
    assert finding.observer == officer
    assert (finding.contribution.state, finding.contribution.channel) == ("confidential", "event")


def test_merged_by_a_number_on_the_page(client) -> None:
    row, _first, _second = make_tested()
    client.force_login(_officer(row), backend=BACKEND)
    one, two = find(row), find(row)
    path = _board(row, f"{one.contribution.public_id}/merge/")
    assert client.post(path, {"into": "nothing"}).status_code == 422
    client.post(path, {"into": two.contribution.public_id})
    one.refresh_from_db()
    assert one.lead == two
    assert one.title in client.get(_board(row, f"{two.contribution.public_id}/")).content.decode()
    item = client.get(_board(row, f"{one.contribution.public_id}/")).content.decode()
    assert "unmerge" in item
    client.post(_board(row, f"{one.contribution.public_id}/unmerge/"))
    one.refresh_from_db()
    assert one.lead is None


def _queries(client: Any, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def test_lists_ask_as_often_for_one_as_for_fifty(client) -> None:
    row, _first, second = make_tested()
    officer, citizen = _officer(row), make_citizen()
    for one in (officer, citizen):
        client.force_login(one, backend=BACKEND)
    public = f"/en/e/{row.engagement.public_id}/findings/"

    def fill(number: int) -> None:
        for _each in range(number):
            # More than anybody reports in a minute.
            cache.clear()
            finding = find(row, citizen, publish_choice="alias", step=1)
            decide(finding.contribution)
            triage(finding, officer, "mended", version=second.version)

    found = []
    for number in (1, 49):
        fill(number)
        cache.clear()
        client.force_login(officer, backend=BACKEND)
        board = _queries(client, _board(row))
        client.force_login(citizen, backend=BACKEND)
        mine = _queries(client, "/en/account/findings/")
        cache.clear()
        found.append((board, mine, _queries(client, public)))
    assert found[0] == found[1]
    assert found[0][0] <= 20


def test_a_spreadsheet_runs_nothing(client) -> None:
    row, _first, _second = make_tested()
    client.force_login(_officer(row), backend=BACKEND)
    find(row, happened="=1+1", device="@SUM(A1)")
    answer = client.get(_board(row, "findings.csv"))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    (line,) = list(csv.DictReader(io.StringIO(text)))
    assert line["What happened"] == "'=1+1"
    assert line["Device and browser"] == "'@SUM(A1)"
    assert client.get(_board(row, "findings.exe")).status_code == 404


def test_the_public_reads_what_was_found_and_which_build_mended_it(
    client, django_capture_on_commit_callbacks
) -> None:
    row, _first, second = make_tested()
    officer = _officer(row)
    public = find(row, publish_choice="alias", happened="Everybody may read this.")
    secret = find(row, happened="For the bureau alone.", device="Android 14")
    decide(public.contribution)
    for one in (public, secret):
        triage(one, officer, "mended", version=second.version)
    product = row.build.product.engagement
    for engagement in (row.engagement, product):
        page = client.get(engagement.paths["en"]).content.decode()
        assert "Build 2 mended 2 findings." in page
        listed = client.get(f"/en/e/{engagement.public_id}/findings/").content.decode()
        assert "Everybody may read this." in listed
        assert "For the bureau alone." not in listed
        assert "Android 14" not in listed
        told = client.get(f"/api/v1/products/{engagement.public_id}/findings").json()
        assert [each["happened"] for each in told["items"]] == ["Everybody may read this."]
        assert told["items"][0]["shipped"] is True
        counted = client.get(f"/api/v1/products/{engagement.public_id}/findings/figures").json()
        assert counted["mended"] == [{"build": "2", "findings": 2}]
        assert counted["states"] == {"mended": 2}
    # A page that was kept is made anew when something changes.
    with django_capture_on_commit_callbacks(execute=True):
        triage(public, officer, "declined", reason="It is meant so.")
    listed = client.get(f"/en/e/{product.public_id}/findings/").content.decode()
    assert "It is meant so." in listed


def test_the_report_says_what_became_of_them() -> None:
    row, _first, second = make_tested()
    assert report.live(row.engagement, clock.now()) is None
    officer = _officer(row)
    finding = find(row, step=1)
    find(row)
    triage(finding, officer, "mended", version=second.version)
    data = report.build(row.engagement, clock.now(), lambda done: None)
    assert data.figures["findings_reported"] == 2
    assert data.figures["findings_mended"] == 1
    tables = {table.key: list(table.rows) for table in data.tables}
    assert tables["findings-mended"] == [["2", 1]]
    assert [cells[1] for cells in tables["findings-step"]] == [1, 1]
    assert len(tables["findings"]) == 2
