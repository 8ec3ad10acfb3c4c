"""The API as a contract: the committed schema, its page, and that answers keep to it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import schemathesis
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.actions.tokens import create_token
from accounts.models import Bureau
from config.api import api as ninja_api
from ideas.tasks import count_votes
from questionnaires.actions.responses import submit_response
from tests.factories.accounts import make_account
from tests.factories.engagements import make_engagement
from tests.factories.ideas import make_public_idea
from tests.factories.outcomes import close, make_desk, make_item, publish
from tests.factories.participation import make_public_comment, whole
from tests.factories.questionnaires import answers_for, make_questionnaire, many
from tests.factories.statements import make_statement
from tests.factories.votes import cast, key, make_voting, open_now

SNAPSHOT = Path(settings.BASE_DIR) / "docs" / "openapi.json"


def current() -> str:
    return json.dumps(ninja_api.get_openapi_schema(), indent=1, sort_keys=True) + "\n"


def test_the_committed_schema_is_the_api_as_it_is():
    """A change of the API shows in the diff: `scripts/api-schema` writes the file anew."""
    assert SNAPSHOT.read_text() == current()


def test_every_operation_says_what_it_does_and_how_it_refuses():
    for path, operations in json.loads(current())["paths"].items():
        for method, found in operations.items():
            assert found.get("description"), (method, path)
            assert any(str(status).startswith("2") for status in found["responses"])


@pytest.mark.django_db
def test_the_schema_and_its_page_are_served_in_three_languages(client):
    assert client.get("/api/v1/openapi.json").json() == json.loads(current())
    sent = client.get("/api/v1/docs", headers={"Accept-Language": "zh-HK"})
    assert sent.headers["Location"] == "/zh-hant/api/v1/docs/"
    for language in ("en", "zh-hant", "zh-hans"):
        page = client.get(f"/{language}/api/v1/docs/").content.decode()
        for path in json.loads(current())["paths"]:
            assert path in page
        assert "<script>" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["", "nothing", "consultations/", "consultations/x/y"])
def test_other_addresses_below_it_are_problems_too(client, path):
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
def test_a_method_that_is_not_taken_is_a_problem_and_head_is_taken_where_get_is(client):
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        answer = client.generic(method, "/api/v1/bureaux")
        assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["Allow"] == "GET, HEAD"
    answer = client.patch("/api/v1/consultations/x/comments")
    assert answer.headers["Allow"] == "GET, HEAD, POST"
    answer = client.head("/api/v1/bureaux")
    assert (answer.status_code, answer.content) == (200, b"")
    assert client.head("/api/v1/statements/x/vote").status_code == 405
    assert client.head("/api/v1/consultations/x").status_code == 404


def _generated(operation):
    """A few requests for an operation, the same at each run."""
    found = []

    @hypothesis_settings(
        max_examples=8,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def collect(case):
        found.append(case)

    collect()
    return found


@pytest.fixture
def kept_connection():
    """A request from outside closes its connection; here it is the test's own."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.django_db
@pytest.mark.usefixtures("kept_connection")
def test_answers_keep_to_the_schema_whatever_is_asked():
    """Generated requests, ours among them: never a server's fault, always what is documented."""
    account = make_account(name="Wai")
    engagement = make_engagement()
    ids = {
        "engagement": engagement.public_id,
        "statement": make_statement(engagement).public_id,
        "comment": make_public_comment(engagement, "One").contribution.public_id,
    }
    whole(engagement)
    survey = make_questionnaire(engagement, many(3))
    receipt = submit_response(
        questionnaire=survey, answers=answers_for(many(3)), person=account.person, account=account
    )
    ids["response"] = receipt.contribution.public_id
    desk = make_desk()
    close(desk.engagement)
    make_item(desk)
    publish(desk)
    vote, ideas = make_voting("stars", results_from="live")[1:]
    ids["own"] = key(make_public_idea(vote.ballot.engagement, account=account))
    open_now(vote)
    cast(vote, ideas[:1], by=account)
    count_votes()
    ids["contest"], ids["idea"] = vote.ballot.engagement.public_id, key(ideas[0])
    _row, secret = create_token(account=account, by="system")
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    checks = (
        not_a_server_error,
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )
    seen: set[tuple[str, int]] = set()

    for result in schema.get_all_operations():
        operation = result.ok()
        ours = ids["statement"] if "/statements/{" in operation.path else ids["engagement"]
        if "/contests/{" in operation.path:
            ours = ids["contest"]
        if "/ideas/{" in operation.path:
            ours = ids["idea"]
        if "/comments/{" in operation.path:
            ours = ids["comment"]
        if "/responses/{" in operation.path:
            ours = ids["response"]
        if operation.path.endswith(("/own", "/files", "/files/{file_id}")):
            ours = ids["own"]
        if operation.path.endswith("/outcome"):
            ours = desk.engagement.public_id
        for case in _generated(operation):
            if "public_id" in (case.path_parameters or {}):
                case.path_parameters["public_id"] = ours
            answer = case.call(headers={"Authorization": f"Bearer {secret}"})
            case.validate_response(answer, checks=checks)
            seen.add((operation.label, answer.status_code))
    assert {label for label, _status in seen} == {
        f"{method.upper()} {path}"
        for path, operations in json.loads(current())["paths"].items()
        for method in operations
    }
    for label in ("outcome", "questions", "comments"):
        assert (f"GET /api/v1/consultations/{{public_id}}/{label}", 200) in seen
    for method in ("GET", "DELETE"):
        assert (f"{method} /api/v1/responses/{{public_id}}", 200) in seen
    for label in ("", "/ideas", "/facets", "/vote", "/votes", "/standings"):
        assert (f"GET /api/v1/contests/{{public_id}}{label}", 200) in seen
    for label in ("", "/comments", "/own"):
        assert (f"GET /api/v1/ideas/{{public_id}}{label}", 200) in seen


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["bureaux", "consultations"])
def test_a_list_asks_as_much_for_one_as_for_fifty(client, path):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(f"/api/v1/{path}?limit=100").status_code == 200
        return len(found)

    bureau = make_engagement().owner
    few = queries()
    for number in range(49):
        make_engagement(bureau=bureau)
        Bureau.objects.create(
            code=f"B{number}", slug=f"b{number}", name={"en": "B"}, sort_order=number, in_use=True
        )
    assert queries() == few
    assert few <= 5
