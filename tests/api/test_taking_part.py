"""Voting and commenting through the API: the same rules as the pages."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.actions import close_account, reinstate_account, set_password, suspend_account
from accounts.actions.tokens import revoke_tokens
from accounts.models import ApiToken
from core import clock
from participation.actions.votes import cast_vote
from participation.models import Channel, Contribution, Vote
from tests.factories.accounts import make_account
from tests.factories.engagements import make_engagement
from tests.factories.participation import decide, make_comment, make_public_comment, whole
from tests.factories.statements import make_statement

pytestmark = pytest.mark.django_db
#: Least levels of an engagement where anybody may comment.
ANYONE_COMMENTS = {"comment": 0, "support": 1, "statement": 1, "vote": 1, "answer": 1}


def test_a_vote_gives_the_one_receipt_and_the_last_choice_counts(api):
    engagement = make_engagement()
    first, second = make_statement(engagement), make_statement(engagement)
    citizen = api(make_account())
    status, answer = citizen.ask("PUT", f"statements/{first.public_id}/vote", {"choice": "agree"})
    assert (status, answer["choice"]) == (200, "agree")
    _status, again = citizen.ask("PUT", f"statements/{first.public_id}/vote", {"choice": "pass"})
    _status, other = citizen.ask(
        "PUT", f"statements/{second.public_id}/vote", {"choice": "disagree"}
    )
    assert answer["receipt"] == again["receipt"] == other["receipt"]
    assert sorted(Vote.objects.values_list("choice", flat=True)) == [-1, 0]
    _status, own = citizen.ask("GET", f"consultations/{engagement.public_id}/votes")
    assert {row["statement"]: row["choice"] for row in own["items"]} == {
        first.public_id: "pass",
        second.public_id: "disagree",
    }
    _status, receipt = citizen.ask("GET", f"receipts/{answer['receipt']}")
    assert (receipt["kind"], receipt["statements"], receipt["text"]) == ("votes", 2, None)


@pytest.mark.parametrize("choice", ["yes", "", 1, None, True, ["agree"]])
def test_a_choice_that_is_none_is_refused_and_nothing_is_written(api, choice):
    statement = make_statement(make_engagement())
    path = f"statements/{statement.public_id}/vote"
    status, problem = api(make_account()).ask("PUT", path, {"choice": choice})
    assert (status, problem["code"]) == (422, "invalid")
    assert problem["errors"][0]["field"].endswith("choice")
    assert not Vote.objects.exists()


@pytest.mark.parametrize("public_id", ["nothing", "000000000000", "%00", "é", "a" * 300])
def test_an_unknown_statement_is_not_found(api, public_id):
    asked = api(make_account()).ask("PUT", f"statements/{public_id}/vote", {"choice": "agree"})
    assert asked[0] in {400, 404}


def test_nobody_votes_without_signing_in_and_nothing_after_the_close(api):
    engagement = make_engagement()
    statement = make_statement(engagement)
    path = f"statements/{statement.public_id}/vote"
    assert api().ask("PUT", path, {"choice": "agree"})[0] == 401
    with clock.freeze(engagement.closes_at - dt.timedelta(microseconds=1)):
        assert api(make_account()).ask("PUT", path, {"choice": "agree"})[0] == 200
    with clock.freeze(engagement.closes_at):
        status, problem = api(make_account()).ask("PUT", path, {"choice": "agree"})
    assert (status, problem["code"]) == (409, "closed")
    assert Vote.objects.count() == 1


def test_counts_are_told_live_and_not_while_sealed(api):
    for results_from, told in (("live", True), ("close", False)):
        engagement = make_engagement(results_from=results_from)
        statement = make_statement(engagement)
        api(make_account()).ask("PUT", f"statements/{statement.public_id}/vote", {"choice": "pass"})
        _status, found = api().ask("GET", f"consultations/{engagement.public_id}/statements")
        votes = found["items"][0]["votes"]
        assert votes == ({"agree": 0, "disagree": 0, "pass": 1} if told else None)


def test_a_comment_is_sent_changed_and_withdrawn(api):
    engagement = make_engagement()
    thread = whole(engagement)
    citizen = api(make_account(name="Wai"))
    path = f"consultations/{engagement.public_id}/comments"
    body = {"text": "More shade, please.", "on": thread.key, "publish": "name", "language": "en"}
    key = {"Idempotency-Key": "one form"}
    status, sent = citizen.ask("POST", path, body, **key)
    assert (status, sent["state"], sent["text"]) == (201, "held", "More shade, please.")
    assert citizen.ask("POST", path, body, **key)[1]["receipt"] == sent["receipt"]
    assert citizen.ask("POST", path, {**body, "text": "Else"}, **key)[0] == 422
    entry = Contribution.objects.get()
    assert entry.channel == Channel.API
    own = f"comments/{entry.public_id}"
    assert citizen.ask("PATCH", own, {"text": "More shade."})[1]["text"] == "More shade."
    assert citizen.ask("PATCH", own, {"text": "Old tab", "version": 1})[0] == 409
    assert api(make_account()).ask("PATCH", own, {"text": "Mine now"})[0] == 404
    assert citizen.ask("DELETE", own)[1]["state"] == "withdrawn"
    assert citizen.ask("DELETE", own)[1]["state"] == "withdrawn"
    assert Contribution.objects.get().state == "withdrawn"


def test_where_anyone_may_comment_a_program_needs_no_account(api):
    engagement, other = make_engagement(levels=ANYONE_COMMENTS), make_engagement()
    whole(engagement), whole(other)
    path = f"consultations/{engagement.public_id}/comments"
    body = {"text": "More shade, please.", "publish": "name", "display_name": "Old Wong"}
    key = {"Idempotency-Key": "5f0c2d8e-a-secret-of-the-sender"}
    assert api().ask("POST", f"consultations/{other.public_id}/comments", body)[0] == 401
    assert api().ask("POST", path, {**body, "display_name": ""})[0] == 422
    status, sent = api().ask("POST", path, body, **key)
    assert (status, sent["state"], sent["text"]) == (201, "held", None)
    assert api().ask("POST", path, body, **key)[1] == sent
    assert api().ask("POST", path, body, **{"Idempotency-Key": "short"})[0] == 422
    entry = Contribution.objects.get()
    assert (entry.person, entry.author_name, entry.channel) == (None, "Old Wong", Channel.API)
    for method, what in (("PATCH", {"text": "Else"}), ("DELETE", None)):
        assert api().ask(method, f"comments/{entry.public_id}", what)[0] == 401
    with clock.freeze(engagement.closes_at):
        status, problem = api().ask("POST", path, {**body, "text": "Too late"})
    assert (status, problem["code"]) == (409, "closed")
    assert Contribution.objects.count() == 1


def test_comments_without_an_account_are_counted_by_address(api, settings):
    settings.KAIFONG_LIMITS = {**settings.KAIFONG_LIMITS, "comment_anonymous": ((1, 10**9),)}
    engagement = make_engagement(levels=ANYONE_COMMENTS)
    whole(engagement)
    path = f"consultations/{engagement.public_id}/comments"
    sent = [api().ask("POST", path, {"text": text})[0] for text in ("One", "Two")]
    assert sent == [201, 429]
    assert api(make_account()).ask("POST", path, {"text": "Three"})[0] == 201


def test_ones_own_receipts_are_listed(api):
    engagement, other = make_engagement(), make_engagement()
    citizen, stranger = make_account(name="Wai"), make_account()
    comment = make_comment(engagement, "As I wrote it", account=citizen)
    cast_vote(ballot=make_statement(other).ballot, person=citizen.person, choice=1)
    make_comment(engagement, "Somebody else's")
    status, found = api(citizen).ask("GET", "receipts")
    votes, words = found["items"]
    assert (status, found["count"], found["next"]) == (200, 2, None)
    assert (votes["kind"], votes["statements"], votes["consultation"]) == (
        "votes",
        1,
        other.public_id,
    )
    assert (words["text"], words["contribution"]) == (
        "As I wrote it",
        comment.contribution.public_id,
    )
    assert api(citizen).ask("GET", f"receipts/{words['receipt']}")[1] == words
    only = api(citizen).ask("GET", f"receipts?consultation={other.public_id}")[1]
    assert only["items"] == [votes]
    assert api(citizen).ask("GET", "receipts?consultation=nothing")[0] == 404
    assert api(stranger).ask("GET", "receipts")[1]["count"] == 0
    assert api().ask("GET", "receipts")[0] == 401


def test_the_list_holds_public_texts_and_stubs_only(api):
    engagement = make_engagement()
    shown = make_public_comment(engagement, "Shown")
    sealed = make_comment(engagement, "Sealed away")
    decide(sealed.contribution, "withhold")
    path = f"consultations/{engagement.public_id}/comments"
    citizen = api(make_account())
    citizen.ask("POST", path, {"text": "To the bureau only", "publish": "confidential"})
    _status, found = api().ask("GET", path)
    told = {row["id"]: row for row in found["items"]}
    assert set(told) == {shown.contribution.public_id, sealed.contribution.public_id}
    stub = told[sealed.contribution.public_id]
    assert (stub["state"], stub["text"], stub["author"]) == ("withheld", "", "")
    assert stub["rule"]
    assert found["count"] == 2


def test_bad_texts_are_refused_and_nothing_is_written(api):
    engagement = make_engagement()
    whole(engagement)
    citizen = api(make_account())
    path = f"consultations/{engagement.public_id}/comments"
    for text in ("", "   ", "\u200b\u200b", "a\x00b", "x" * 4001, 7, None, {"a": 1}):
        status, problem = citizen.ask("POST", path, {"text": text})
        assert status == 422, text
        assert problem["errors"]
    assert not Contribution.objects.exists()


def test_a_body_that_is_no_json_is_malformed(api):
    engagement = make_engagement()
    path = f"/api/v1/consultations/{engagement.public_id}/comments"
    for body in (b"{", b"\xff\xfe", b'{"text": "\\ud800"}', b"[" * 5000):
        answer = Client().post(path, body, content_type="application/json")
        assert answer.status_code in {400, 401, 422}
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_token_dies_by_time_by_revoking_and_with_the_account(api):
    account = make_account()
    engagement = make_engagement()
    for _number in range(3):
        make_statement(engagement)
    program = api(account)
    path = f"consultations/{engagement.public_id}/statements?limit=1"
    status, first = program.ask("GET", path)
    assert (status, len(first["items"]), first["count"]) == (200, 1, 3)
    rest = first["next"].partition("/api/v1/")[2]
    assert program.ask("GET", rest)[0] == 200
    # In the middle of a list: the next page is refused, never given as to nobody.
    revoke_tokens(account=account, by="system")
    status, problem = program.ask("GET", rest)
    assert (status, problem["code"]) == (401, "token")
    second = api(account)
    row = ApiToken.objects.get(revoked_at=None)
    with clock.freeze(row.expires_at - dt.timedelta(microseconds=1)):
        assert second.ask("GET", "bureaux")[0] == 200
    with clock.freeze(row.expires_at):
        assert second.ask("GET", "bureaux")[0] == 401
    account.is_active = False
    account.save(update_fields=["is_active"])
    assert second.ask("GET", "bureaux")[0] == 401


def test_tokens_end_with_the_password_and_with_suspending_for_good(api):
    account = make_account()
    program = api(account)
    set_password(account=account, password="a longer word of mine", proven=True)
    assert program.ask("GET", "bureaux")[0] == 401
    program = api(account)
    suspend_account(account=account, by="system")
    reinstate_account(account=account, by="system")
    assert program.ask("GET", "bureaux")[0] == 401


def test_closing_an_account_that_had_a_token_leaves_the_audit_whole(api):
    account = make_account()
    program = api(account)
    close_account(account=account)
    assert not ApiToken.objects.exists()
    assert program.ask("GET", "bureaux")[0] == 401
    call_command("verify_audit", stdout=io.StringIO())


def test_the_command_prints_the_token_alone_and_only_its_hash_is_kept(api):
    account = make_account("program@example.hk")
    out = io.StringIO()
    call_command("create_token", "Program@example.hk", stdout=out)
    secret = out.getvalue().strip()
    assert "\n" not in secret
    row = ApiToken.objects.get(account=account)
    assert secret not in row.token_hash
    assert row.expires_at - row.created_at == dt.timedelta(days=90)
    answer = Client().get("/api/v1/bureaux", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200
    with pytest.raises(CommandError):
        call_command("create_token", "nobody@example.hk")


def test_a_session_writes_only_with_its_token_against_forged_requests(client):
    account = make_account()
    statement = make_statement(make_engagement())
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(account, backend="accounts.backends.AccountBackend")
    path = f"/api/v1/statements/{statement.public_id}/vote"
    forged = browser.put(path, {"choice": "agree"}, content_type="application/json")
    assert (forged.status_code, forged.json()["code"]) == (403, "csrf")
    assert not Vote.objects.exists()
    client.force_login(account, backend="accounts.backends.AccountBackend")
    assert client.put(path, {"choice": "agree"}, content_type="application/json").status_code == 200
    assert Vote.objects.count() == 1
