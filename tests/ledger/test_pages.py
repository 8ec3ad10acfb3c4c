"""My points: page, file and API; what they cost; whose they are."""

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions.closing import close_account
from core import audit, clock
from crowdtasks.ledger.actions import earn, spend, take_back
from crowdtasks.ledger.models import Entry, Proposal
from crowdtasks.ledger.reading import budget_of
from tests.api.conftest import Api
from tests.factories.accounts import make_account, make_administrator, make_bureau
from tests.factories.ledger import key, make_funded

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
    assert "Yours to spend from" in page
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
    assert [row[4] for row in rows] == ["0", "-50", "0", "0", "300"]


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
    assert client.post(decide, {"verdict": "agree"}).status_code == 302
    assert client.post(decide, {"verdict": "decline"}).status_code == 409
    assert budget_of(bureau) == 205_000
    entry = Entry.objects.get(points=200_000)
    assert (entry.by, entry.second) == (first.person, second.person)
    page = client.get(books, {"key": entry.key}).content.decode()
    assert entry.public_id in page
    assert first.email in page
    assert "205,000" in page
    assert "There is no entry" in client.get(books, {"key": "nothing\x01"}).content.decode()
    assert audit.verify().ok
