"""Statement cards and results over the real addresses, without JavaScript."""

import csv
import datetime as dt
import io
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from consultations.statements import SORTS
from core import clock
from participation import live
from participation.models import Engagement, Receipt, Vote, VoteEvent
from tests.factories.engagements import grant, make_account, make_bureau, make_engagement
from tests.factories.statements import make_statement, make_votes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(tree):
    return tree


@pytest.fixture
def engagement():
    return make_engagement(title="Bags")


def page(engagement: Engagement, name: str = "statements") -> str:
    return reverse(f"consultations:{name}", args=[engagement.public_id])


def shown(response) -> str:
    """The statement on the card."""
    found = re.search(r'name="statement" value="(\w+)"', response.content.decode())
    return found.group(1) if found else ""


def answer(client: Client, engagement: Engagement, statement: str, choice: str = "agree"):
    return client.post(page(engagement), {"statement": statement, "choice": choice}, follow=True)


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_a_visitor_goes_through_cards_at_once(client, engagement, language):
    made = {make_statement(engagement).public_id for _number in range(3)}
    path = page(engagement).replace("/en/", f"/{language}/")
    seen = []
    for _number in range(3):
        response = client.get(path)
        assert response.status_code == 200
        assert "no-store" in response.headers["Cache-Control"]
        seen.append(shown(response))
        response = client.post(path, {"statement": seen[-1], "choice": "agree"})
        assert response.status_code == 302
    assert set(seen) == made
    assert shown(client.get(path)) == ""
    assert not Vote.objects.exists()
    assert not Receipt.objects.exists()


def test_uncounted_choices_say_so_and_are_counted_by_signing_in(client, engagement):
    made = [make_statement(engagement) for _number in range(4)]
    for statement, choice in zip(made, ("agree", "disagree", "pass"), strict=False):
        response = answer(client, engagement, statement.public_id, choice)
    html = response.content.decode()
    assert "3 choices not counted yet" in html
    assert ": confirm your e-mail to count them." in html
    assert f"/en/account/sign-in/?next=%2Fen%2Fe%2F{engagement.public_id}%2Fstatements%2F" in html
    made[1].state = "withheld"
    made[1].save()
    account = make_account()
    client.force_login(account)
    assert dict(Vote.objects.values_list("ballot__statement", "choice")) == {
        made[0].pk: 1,
        made[2].pk: 0,
    }
    html = client.get(page(engagement)).content.decode()
    assert "2 choices counted." in html
    assert "1 statement takes no votes any more." in html
    assert "not counted yet" not in html
    # It is told once.
    assert "2 choices counted." not in client.get(page(engagement)).content.decode()


def test_choices_held_past_the_close_are_not_counted_and_the_reader_hears_it(client, engagement):

    statement = make_statement(engagement)
    answer(client, engagement, statement.public_id)
    account = make_account()
    with clock.freeze(engagement.closes_at):
        client.force_login(account)
        html = client.get(page(engagement)).content.decode()
    assert not Vote.objects.exists()
    assert "Not counted:" in html
    assert "This has closed." in html


def test_a_level_that_is_missing_keeps_the_choices(client):
    strict = make_engagement(levels={"vote": 3, "statement": 1})
    statement = make_statement(strict)
    answer(client, strict, statement.public_id)
    account = make_account()
    client.force_login(account)
    html = client.get(page(strict)).content.decode()
    assert "1 choice not counted yet" in html
    assert "This asks for a verified person." in html
    account.person.level = 3
    account.person.save()
    html = client.get(page(strict)).content.decode()
    assert "Count my choices" in html
    client.post(page(strict, "count_choices"))
    assert Vote.objects.get().level == 3
    assert "not counted yet" not in client.get(page(strict)).content.decode()


def test_a_signed_in_person_is_counted_at_once_and_can_change(client, engagement):
    statement, other = make_statement(engagement), make_statement(engagement)
    account = make_account()
    client.force_login(account)
    html = answer(client, engagement, statement.public_id, "agree").content.decode()
    assert "Counted: you agree." in html
    assert shown(client.get(page(engagement))) == other.public_id
    again = client.get(page(engagement), {"statement": statement.public_id})
    assert shown(again) == statement.public_id
    mine = client.get(page(engagement, "own_choices")).content.decode()
    assert "You agree" in mine
    response = client.post(
        page(engagement),
        {
            "statement": statement.public_id,
            "choice": "disagree",
            "next": page(engagement, "own_choices"),
        },
    )
    assert response.headers["Location"] == page(engagement, "own_choices")
    assert Vote.objects.get().choice == -1
    assert VoteEvent.objects.count() == 2


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_next_leads_nowhere_else(client, engagement, to):
    data = {"statement": make_statement(engagement).public_id, "choice": "pass", "next": to}
    response = client.post(page(engagement), data)
    assert response.headers["Location"].startswith(page(engagement))


@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.parametrize(
    "choice", ["", "1", "true", "agree ", "AGREE", "NaN", "[1]", "1e9", "\x00", None]
)
def test_what_is_no_choice_changes_nothing(client, engagement, choice, signed_in):
    if signed_in:
        client.force_login(make_account())
    data = {"statement": make_statement(engagement).public_id, "weight": "9", "level": "3"}
    if choice is not None:
        data["choice"] = choice
    assert client.post(page(engagement), data).status_code == 422
    assert not Vote.objects.exists()
    assert "held_votes" not in client.session


@pytest.mark.parametrize("signed_in", [True, False])
def test_what_takes_no_votes_looks_absent(client, engagement, signed_in):
    if signed_in:
        client.force_login(make_account())
    wrong = [
        make_statement(engagement, state="held").public_id,
        make_statement(engagement, state="withheld").public_id,
        make_statement(make_engagement()).public_id,
        "nothing",
        "",
        "-1",
        "x" * 5000,
        "\x00",
    ]
    for statement in wrong:
        data = {"statement": statement, "choice": "agree"}
        assert client.post(page(engagement), data).status_code == 404, statement
    assert client.get("/en/e/unknown/statements/").status_code == 404
    assert not Vote.objects.exists()
    assert "held_votes" not in client.session


@pytest.mark.parametrize("signed_in", [True, False])
def test_a_closed_consultation_says_so_and_takes_nothing(client, signed_in):

    closed = make_engagement(opens=dt.timedelta(days=-9), closes=dt.timedelta(days=-1))
    statement = make_statement(closed)
    if signed_in:
        client.force_login(make_account())
    html = client.get(page(closed)).content.decode()
    assert "This has closed." in html
    assert 'name="choice"' not in html
    data = {"statement": statement.public_id, "choice": "agree"}
    assert client.post(page(closed), data).status_code == 409
    assert not Vote.objects.exists()


def test_reading_never_votes(engagement):
    statement = make_statement(engagement)
    client = Client()
    client.force_login(make_account())
    query = {"statement": statement.public_id, "choice": "agree"}
    for method in (client.get, client.head):
        assert method(page(engagement), query).status_code == 200
    html = client.get(page(engagement), query).content.decode()
    assert "You chose Agree. Press it once more to answer." in html
    for method in (client.put, client.delete, client.patch):
        assert method(page(engagement)).status_code == 405
    assert client.get(page(engagement, "count_choices")).status_code == 405
    assert not Vote.objects.exists()


def test_a_vote_needs_the_form_s_own_token(engagement):
    statement = make_statement(engagement)
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_account())
    data = {"statement": statement.public_id, "choice": "agree"}
    html = client.get(page(engagement)).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html).group(1)
    other = Client(enforce_csrf_checks=True)
    foreign = other.get(page(engagement)).content.decode()
    foreign = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', foreign).group(1)
    refused = [
        client.post(page(engagement), data),
        client.post(page(engagement), {**data, "csrfmiddlewaretoken": foreign}),
        client.post(page(engagement), '{"choice": "agree"}', content_type="text/plain"),
        client.post(
            page(engagement),
            {**data, "csrfmiddlewaretoken": token},
            headers={"origin": "https://evil.example"},
        ),
        client.post(
            page(engagement), {**data, "csrfmiddlewaretoken": token}, headers={"origin": "null"}
        ),
    ]
    assert [each.status_code for each in refused] == [403] * 5
    assert not Vote.objects.exists()
    assert client.post(page(engagement), {**data, "csrfmiddlewaretoken": token}).status_code == 302
    assert Vote.objects.count() == 1


def test_a_card_page_takes_as_many_queries_with_two_hundred_statements(
    client, engagement, django_assert_max_num_queries
):

    client.force_login(make_account())
    numbers = []
    for number in (1, 199):
        for _index in range(number):
            make_statement(engagement)
        with CaptureQueriesContext(connection) as captured:
            client.get(page(engagement))
        numbers.append(len(captured))
    assert numbers[0] >= numbers[1]
    assert max(numbers) <= 15
    statement = shown(client.get(page(engagement)))
    with django_assert_max_num_queries(17):
        client.post(page(engagement), {"statement": statement, "choice": "agree"})


# --- results ----------------------------------------------------------------------------------


@pytest.fixture
def answered(engagement):
    made = {
        name: make_statement(engagement, text=f"Statement {name}.")
        for name in ("agreed", "divided", "few")
    }
    make_votes(made["agreed"], {1: 40, -1: 2, 0: 3})
    make_votes(made["divided"], {1: 30, -1: 30})
    make_votes(made["few"], {1: 1})
    made["withheld"] = make_statement(engagement, text="Secret words.", state="withheld")
    make_votes(made["withheld"], {-1: 5})
    made["held"] = make_statement(engagement, text="Held words.", state="held")
    return made


def order_of(html: str) -> list[str]:
    return re.findall(r'id="s-(\w+)"', html)


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("agreement", ["agreed", "divided", "few", "withheld"]),
        ("division", ["divided", "agreed", "withheld", "few"]),
        ("votes", ["divided", "agreed", "withheld", "few"]),
    ],
)
def test_results_are_sorted_and_withheld_ones_are_stubs(client, engagement, answered, sort, names):
    response = client.get(page(engagement, "statement_results"), {"sort": sort})
    html = response.content.decode()
    assert order_of(html) == [answered[name].public_id for name in names]
    assert "Agree 40 (89%)" in html
    assert "Disagree 30 (50%)" in html
    assert "Secret words" not in html
    assert "Held words" not in html
    assert "Withheld by the moderators under the house rules." in html
    assert "111 people have answered." in html
    assert "csrfmiddlewaretoken" not in html
    assert 'style="' not in html


def test_the_public_results_are_the_same_for_everyone(client, engagement, answered):

    with clock.freeze(clock.now()):
        anonymous = client.get(page(engagement, "statement_results")).content
        client.force_login(make_account())
        assert client.get(page(engagement, "statement_results")).content == anonymous


def test_officers_of_the_bureau_read_withheld_statements(client, engagement, answered):
    path = page(engagement, "statement_results_all")
    stranger, officer = make_account(), make_account()
    grant(stranger, Role.OFFICER, make_bureau("LCSD"))
    grant(officer, Role.OFFICER, engagement.owner)
    for account, status in ((None, 404), (stranger, 404), (officer, 200)):
        if account:
            client.force_login(account)
        assert client.get(path).status_code == status
    html = client.get(path).content.decode()
    assert "Secret words" in html
    assert "Held words" in html


@pytest.mark.parametrize("results_from", ["close", "outcome"])
def test_sealed_results_are_nowhere(client, results_from):

    sealed = make_engagement(results_from=results_from)
    statement = make_statement(sealed, text="Sealed one.")
    make_votes(statement, {1: 191, -1: 157})
    officer = make_account()
    grant(officer, Role.OFFICER, sealed.owner)
    client.force_login(officer)
    for name in ("statement_results", "statement_results_all", "statements", "own_choices"):
        html = client.get(page(sealed, name)).content.decode()
        assert not re.search(r"\b(191|157)\b", html), name
    html = client.get(page(sealed, "statement_results")).content.decode()
    assert "348 people have answered." in html
    for sort in SORTS:
        response = client.get(page(sealed, "statement_csv"), {"sort": sort})
        assert response.status_code == 409
    # Kept pages are dropped by the web's clock, which no test moves.
    cache.clear()
    with clock.freeze(sealed.closes_at):
        html = client.get(page(sealed, "statement_results")).content.decode()
        assert ("Agree 191" in html) == (results_from == "close")


def test_the_file_holds_what_the_page_shows_and_runs_no_formula(client, engagement):

    bad = make_statement(engagement, text="=HYPERLINK(1)")
    make_votes(bad, {1: 2})
    hidden = make_statement(engagement, text="\u200b;=HYPERLINK(2)")
    make_votes(hidden, {1: 1})
    make_statement(engagement, texts={"zh-hant": "第一行\n第二行"})
    make_statement(engagement, text="Secret", state="withheld")
    response = client.get(page(engagement, "statement_csv"))
    assert response.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0][:4] == ["id", "state", "language", "statement"]
    assert rows[1] == [bad.public_id, "published", "en", "'=HYPERLINK(1)", "2", "0", "0", "2"]
    assert rows[2][3] == "'\u200b;=HYPERLINK(2)"
    assert sorted(row[3] for row in rows[3:]) == ["", "第一行\n第二行"]


@pytest.mark.parametrize("name", ["statement_results", "statement_csv"])
def test_page_and_file_are_kept_until_something_changes(
    client, engagement, name, django_capture_on_commit_callbacks
):
    statement = make_statement(engagement, text="Words that go")
    make_votes(statement, {1: 5})
    first = client.get(page(engagement, name))
    with CaptureQueriesContext(connection) as captured:
        again = client.get(page(engagement, name))
    assert len(captured) == 0
    assert again.content == first.content
    for header in ("Content-Type", "Content-Disposition"):
        assert again.headers.get(header) == first.headers.get(header)
    statement.state = "withheld"
    statement.save(update_fields=["state"])
    with django_capture_on_commit_callbacks(execute=True):
        live.changed(engagement)
    assert b"Words that go" not in client.get(page(engagement, name)).content


def test_unknown_orders_and_pages(client, engagement, answered):
    path = page(engagement, "statement_results")
    assert client.get(path, {"sort": "name"}).status_code == 404
    assert client.get(page(engagement, "statement_csv"), {"sort": "-x"}).status_code == 404
    for number in ("0", "99", "x", "-1", "1e9"):
        assert client.get(path, {"page": number}).status_code == 200


def test_counts_are_kept_a_while_but_what_may_be_read_is_asked_each_time(
    client, engagement, answered
):
    # A page that is not kept: the view is asked each time.
    path = f"{page(engagement, 'statement_results')}?x=1"
    with clock.freeze(clock.now()):
        before = client.get(path).content.decode()
    make_votes(answered["agreed"], {1: 5})
    answered["divided"].state = "withheld"
    answered["divided"].save()
    new = make_statement(engagement, text="Put a moment ago.")
    with clock.travel(dt.timedelta(seconds=10)), CaptureQueriesContext(connection) as captured:
        html = client.get(path).content.decode()
    assert not [query for query in captured if "participation_vote" in query["sql"]]
    assert "Agree 40 (89%)" in html
    assert "Statement divided." in before
    assert "Statement divided." not in html
    assert order_of(html)[-1] == new.public_id
    when = re.compile(r'As at <time datetime="([^"]+)"')
    assert when.findall(html) == when.findall(before)
    cache.clear()
    assert "Agree 45 (90%)" in client.get(path).content.decode()


def test_results_take_as_many_queries_with_two_hundred_statements(client, engagement):

    numbers = []
    for number in (1, 199):
        for _index in range(number):
            make_votes(make_statement(engagement), {1: 1})
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            client.get(page(engagement, "statement_results"))
        numbers.append(len(captured))
    assert numbers[0] == numbers[1]
    assert numbers[0] <= 12
