"""My points: page, file and API; what they cost; whose they are."""

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions.closing import close_account
from accounts.actions.verification import merge_persons
from core import audit, clock
from crowdtasks.ledger.actions import earn, spend, take_back
from crowdtasks.ledger.models import Entry, Proposal
from crowdtasks.ledger.reading import budget_of
from crowdtasks.rewards.actions.refunds import refund_redemption
from tests.api.conftest import Api
from tests.factories import rewards
from tests.factories.accounts import make_account, make_administrator, make_bureau
from tests.factories.ledger import fill_budget, key, make_funded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
PAGE = "/en/account/points/"


@pytest.fixture
def mei():
    """Somebody with points to spend, held and taken back."""
    account = make_account(name="Mei")
    engagement = make_funded(1_000, title="Library seats")
    later = clock.now() + dt.timedelta(days=7)
    earn(engagement=engagement, person=account.person, points=300, key="free")
    earn(engagement=engagement, person=account.person, points=20, key="held", hold_until=later)
    earn(engagement=engagement, person=account.person, points=40, key="copied", review=True)
    spend(person=account.person, points=50, key="spent")
    take_back(entry_key="copied", key="back", by="system", reason="=1+1 copied")
    return account


def test_the_page_explains_every_point(client, mei):
    client.force_login(mei)
    page = client.get(PAGE).content.decode()
    for words in ("<strong>250</strong>", "Library seats", "+300", "−50", "=1+1 copied"):
        assert words in page
    assert "250 points can be spent until" in page
    # In the list of what is held, and at its line.
    assert page.count("Yours to spend from") == 2
    assert (
        "You have <strong>250</strong> points to spend."
        in client.get("/en/account/").content.decode()
    )
    assert "我的積分" in client.get("/zh-hant/account/points/").content.decode()
    assert "我的积分" in client.get("/zh-hans/account/points/").content.decode()


def test_nobody_reads_the_points_of_others(client, mei):
    client.force_login(make_account())
    assert "Library seats" not in client.get(PAGE).content.decode()
    assert "my-points" not in client.get("/en/account/").content.decode()
    close_account(account=mei)
    assert "Library seats" not in client.get(PAGE).content.decode()


def ledger_queries(found: CaptureQueriesContext) -> list[str]:
    """The statements that read the ledger's tables."""
    return [each["sql"] for each in found.captured_queries if "ledger_" in each["sql"]]


def test_a_long_history_costs_what_a_short_one_costs(client, mei):
    client.force_login(mei)
    costs = []
    engagement = make_funded(100)
    for _round in range(2):
        with CaptureQueriesContext(connection) as found:
            page = client.get(PAGE).content.decode()
        costs.append(len(ledger_queries(found)))
        for _each in range(20):
            earn(engagement=engagement, person=mei.person, points=1, key=key("more"))
    assert costs[0] == costs[1] <= 4
    page = client.get(PAGE).content.decode()
    older = page.partition('href="?before=')[2].partition('"')[0]
    second = client.get(f"{PAGE}?before={older}").content.decode()
    assert "+300" in second
    assert "+300" not in page
    for strange in ("x", "-1", "９", "9" * 40):
        assert client.get(PAGE, {"before": strange}).status_code == 200


def test_the_file_has_every_line_and_no_formula(client, mei):
    client.force_login(mei)
    answer = client.get(f"{PAGE}points.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="points.csv"'
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    heads, *rows = csv.reader(io.StringIO(text))
    assert heads[1:4] == ["What", "What for", "Reason"]
    assert [row[1] for row in rows] == ["Taken back", "Spent", "Earned", "Earned", "Earned"]
    assert rows[0][3] == "'=1+1 copied"
    held = heads.index("Held until")
    assert [bool(row[held]) for row in rows] == [False, False, False, True, False]
    assert [row[4] for row in rows] == ["0", "-50", "0", "0", "300"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Another account of yours, joined with this one"),
        ("zh-hant", "你的另一個帳戶，已與此帳戶合併"),
        ("zh-hans", "你的另一个帐户，已与此帐户合并"),
    ],
)
def test_the_file_has_the_lines_of_an_account_that_was_joined(client, mei, language, words):
    keep = make_account()
    earn(engagement=make_funded(10), person=keep.person, points=10, key=key("own"))
    merge_persons(keep=keep.person, gone=mei.person, by="system")
    client.force_login(keep)
    assert "are in the file of all lines" in client.get(PAGE).content.decode()
    answer = client.get(f"{PAGE.replace('/en/', f'/{language}/', 1)}points.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    _heads, *rows = csv.reader(io.StringIO(text))
    assert [row[8] for row in rows] == ["", "", *[words] * 5]
    assert [row[4] for row in rows][2:] == ["0", "-50", "0", "0", "300"]


def test_programs_read_the_same(mei):
    program = Api(mei)
    status, found = program.ask("GET", "points")
    assert (status, found["available"], found["pending"]) == (200, 250, 20)
    assert [one["points"] for one in found["held"]] == [20]
    page = program.ask("GET", "points/statement?limit=2")[1]
    assert [line["kind"] for line in page["items"]] == ["take_back", "spend"]
    rest = program.ask("GET", f"points/statement?before={page['older']}")[1]
    assert [line["available"] for line in rest["items"]] == [0, 0, 300]
    assert rest["older"] is None
    assert program.ask("GET", "points/statement?limit=1000")[0] == 422
    assert Api().ask("GET", "points")[0] == 401


def test_administrators_grant_with_four_eyes_and_find_an_entry(client):
    """P11: above the limit nothing moves until a second administrator agrees."""
    first, second = make_administrator(), make_administrator()
    bureau = make_bureau()
    books = "/en/points/books/"

    def send(points: str, key: str = "fourfourfour"):
        fields = {"bureau": bureau.pk, "points": points, "reason": "The year.", "key": key}
        return client.post(books, fields)

    client.force_login(first)
    for _twice in range(2):
        assert send("5000").status_code == 302
    assert budget_of(bureau) == 5_000
    assert "５０" in send("５０", "fivefivefive").content.decode()
    assert send("1e5", "sixsixsixsix").status_code == 422
    assert send("200000", "other").status_code == 302
    proposal = Proposal.objects.get()
    decide = f"{books}{proposal.public_id}/decide/"
    assert 'value="agree"' not in client.get(books).content.decode()
    assert client.post(decide, {"verdict": "agree"}).status_code == 403
    assert budget_of(bureau) == 5_000
    client.force_login(second)
    assert 'value="agree"' in client.get(books).content.decode()
    for unknown in ({}, {"verdict": ""}, {"verdict": "agreed"}, {"verdict": "AGREE"}):
        assert client.post(decide, unknown).status_code == 422
    proposal.refresh_from_db()
    assert (proposal.verdict, proposal.decided_by) == ("", None)
    assert client.post(decide, {"verdict": "agree"}).status_code == 302
    assert client.post(decide, {"verdict": "decline"}).status_code == 409
    assert budget_of(bureau) == 205_000
    entry = Entry.objects.get(points=200_000)
    assert (entry.by, entry.second) == (first.person, second.person)
    page = client.get(books, {"key": entry.key}, follow=True).content.decode()
    assert entry.public_id in page
    assert first.email in page
    assert "205,000" in page
    assert "There is no entry" in client.get(books, {"key": "nothing\x01"}).content.decode()
    assert audit.verify().ok


def test_an_administrator_corrects_points_in_the_books(client, mei):
    """Found by address, added, taken, reversed; a bad amount is told and nothing is lost."""
    by, second = make_administrator(), make_administrator()
    bureau = make_bureau()
    fill_budget(bureau, 5_000)
    client.force_login(by)
    find = "/en/points/books/people/"
    assert client.post(find, {"email": "nobody@example.org"}).status_code == 422
    answer = client.post(find, {"email": mei.email})
    assert (answer.status_code, "@" in answer["Location"]) == (302, False)
    whose = answer["Location"]
    page = client.get(whose).content.decode()
    for words in (mei.email, "<strong>250</strong>", "Library seats", "=1+1 copied"):
        assert words in page

    def send(what: str, points: str, key: str, **more: object):
        fields = {"what": what, "points": points, "reason": "It came late.", "key": key, **more}
        return client.post(whose, fields)

    for number, wrong in enumerate(
        ["0", "-1", "1e309", "9223372036854775808", "1.5", "０１２", ""]
    ):
        refused = send("award", wrong, f"wrong{number}", bureau=bureau.pk)
        assert refused.status_code == 422
        assert "It came late." in refused.content.decode()
    assert "Choose the bureau" in send("award", "20", "nobudget").content.decode()
    for _twice in range(2):
        assert send("award", "20", "twentytwenty", bureau=bureau.pk).status_code == 302
    assert send("deduct", "70", "seventyseven").status_code == 302
    assert send("deduct", "201", "toomuchtoomu").status_code == 409
    assert "<strong>200</strong>" in client.get(whose).content.decode()
    assert send("award", "900", "ninehundred", bureau=bureau.pk).status_code == 302
    assert "waits until another" in client.get(whose).content.decode()
    taken = Entry.objects.get(kind="deduct")
    entry = f"/en/points/books/entries/{taken.public_id}/"
    page = client.get(entry).content.decode()
    assert "Reverse this entry" in page
    assert "−70" in page
    assert client.post(entry, {"reason": "", "key": "reverse"}).status_code == 422
    assert client.post(entry, {"reason": "It was once.", "key": "reverse"}).status_code == 302
    page = client.get(entry).content.decode()
    assert "Reverse this entry" not in page
    assert Entry.objects.get(kind="reversal").public_id in page
    client.force_login(second)
    books = client.get("/en/points/books/").content.decode()
    assert "Add points by a correction" in books
    assert mei.email in books
    decide = f"/en/points/books/{Proposal.objects.get().public_id}/decide/"
    assert client.post(decide, {"verdict": "agree"}).status_code == 302
    client.force_login(mei)
    page = client.get(PAGE).content.decode()
    assert "<strong>1,170</strong>" in page
    assert "It came late." in page
    for path in (find, whose, entry):
        assert client.get(path).status_code in {403, 404}
    assert audit.verify().ok


def test_a_statement_names_what_points_were_spent_on(client):
    """The reward's name, with the way to it; whoever keeps the ledger knows none of it."""
    account = rewards.rich()
    row = rewards.redeem(rewards.make_reward(), account)
    refund_redemption(redemption=row, by=rewards.manager(), reason="It did not work.")
    client.force_login(account)
    with CaptureQueriesContext(connection) as found:
        page = client.get(PAGE).content.decode()
    assert len(ledger_queries(found)) <= 4
    assert page.count("Ferry voucher") == 2
    assert f'href="/en/rewards/mine/{row.public_id}/"' in page
    assert "渡輪換領券" in client.get("/zh-hant/account/points/").content.decode()
    lines = Api(account).ask("GET", "points/statement")[1]["items"]
    assert [line["title"].get("en", "") for line in lines[:2]] == ["Ferry voucher"] * 2
    text = b"".join(client.get(f"{PAGE}points.csv").streaming_content).decode("utf-8-sig")
    assert text.count("Ferry voucher") == 2
