"""Errors are pages: the right status, the reader's language, a way on, the text kept."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.shell.error_urls")]

TYPED = "我寫了很久 <b>的</b>意見"


@pytest.fixture
def client() -> Iterator[Client]:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("invalid", 422, "Use fewer words."),
        ("refused", 403, "Only the author may do this."),
        ("sign-in", 401, "Sign in first."),
        ("absent", 404, "There is nothing at this address."),
        ("conflict", 409, "Somebody decided already."),
        ("closed", 409, "This closed yesterday."),
        ("too-many", 429, "Too many attempts."),
        ("too-large", 413, "What you sent is too large."),
        ("gone", 410, "This was taken down."),
        ("404", 404, "There is no page at this address."),
        ("403", 403, "Your account does not have the right"),
        ("400", 400, "Something in the address"),
        ("500", 500, "Nothing you sent was counted twice."),
    ],
)
def test_every_refusal_is_a_page_with_a_way_on(
    client: Client, kind: str, status: int, words: str
) -> None:
    response = client.post(f"/en/fail/{kind}/", {"text": TYPED})
    html = response.content.decode()
    assert response.status_code == status
    assert words in html
    assert "secret detail" not in html
    assert 'href="/en/"' in html
    assert "no-store" in response.headers["Cache-Control"]
    assert "<b>的</b>" not in html
    assert "我寫了很久 &lt;b&gt;的&lt;/b&gt;意見</textarea>" in html
    assert "hreflang" not in html.split("<body")[0]
    assert "default-src 'none'" in response.headers.get("Content-Security-Policy", "")


@pytest.mark.parametrize(
    ("language", "title"),
    [("zh-hant", "請稍候"), ("zh-hans", "请稍候")],
)
def test_limits_say_when_to_come_back_in_the_readers_language(
    client: Client, language: str, title: str
) -> None:
    response = client.post(f"/{language}/fail/too-many/", {"body": "甲", "statement": "乙"})
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "42"
    html = response.content.decode()
    assert title in html
    assert "甲</textarea>" in html
    assert "乙</textarea>" in html


def test_scripts_get_problem_json(client: Client) -> None:
    response = client.post(
        "/en/fail/closed/", {"text": "x"}, headers={"accept": "application/json"}
    )
    problem = json.loads(response.content)
    assert response.status_code == 409
    assert response.headers["Content-Type"] == "application/problem+json"
    assert (problem["code"], problem["detail"]) == ("closed", "This closed yesterday.")


def test_sign_in_leads_back(client: Client) -> None:
    came_from = "http://testserver/en/e/abc/?on=p1"
    response = client.post("/en/fail/sign-in/", headers={"referer": came_from})
    html = response.content.decode()
    assert 'href="/en/account/sign-in/?next=/en/e/abc/%3Fon%3Dp1"' in html
    foreign = client.post("/en/fail/sign-in/", headers={"referer": "https://evil.example/x"})
    assert "evil.example" not in foreign.content.decode()


def test_too_much_is_a_413_and_nothing_else(client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = client.post(
        "/en/read/", "text=" + "x" * 2000, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 413
    assert "larger than this form can take" in response.content.decode()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("&".join(f"a{n}=1" for n in range(10_001)), "application/x-www-form-urlencoded"),
        ("--x\r\nbroken", "multipart/form-data"),
        ("--x\r\nbroken", "multipart/form-data; boundary=\x01"),
    ],
)
def test_malformed_bodies_are_400(client: Client, body: str, content_type: str) -> None:
    response = client.generic("POST", "/en/read/", body, content_type=content_type)
    assert response.status_code == 400


@pytest.mark.parametrize("query", ["%ED%A0%80", "%FF%FE", "%F4%90%80%80", "%E8%A1", "%%%"])
def test_bad_unicode_in_a_query_is_never_a_fault(client: Client, query: str) -> None:
    response = client.get(f"/en/fail/404/?q={query}")
    assert response.status_code == 404


def test_an_unknown_host_is_a_400(client: Client) -> None:
    assert client.get("/en/fail/404/", headers={"host": "evil.example"}).status_code == 400


def test_a_lost_token_keeps_the_text() -> None:
    response = Client(enforce_csrf_checks=True).post("/zh-hant/guarded/", {"text": TYPED})
    html = response.content.decode()
    assert response.status_code == 403
    assert "表格開啟時間過長" in html
    assert "我寫了很久" in html


def test_the_500_page_needs_no_database(client: Client) -> None:
    def refuse(*_args: Any) -> Any:
        raise AssertionError("the error page asked the database")

    from django.test import RequestFactory

    from core.views import server_error

    with connection.execute_wrapper(refuse):
        response = server_error(RequestFactory().get("/zh-hant/x/"))
    assert response.status_code == 500
    assert b"hk-header" in response.content
