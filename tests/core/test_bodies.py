"""Bodies over the limit, against the real server: refused before they are read (U3)."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from django.conf import settings
from django.test import Client

from config.asgi import application
from core import bodies
from core.bodies import limit_for

LIMIT = 100_000
FORM = "Content-Type: application/x-www-form-urlencoded"


@pytest.fixture(params=["h11", "httptools"])
def port(request: pytest.FixtureRequest, settings) -> Iterator[int]:
    """Where our application is served, with a small limit."""
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = LIMIT
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    options = {"http": request.param, "lifespan": "off", "log_level": "error"}
    server = uvicorn.Server(uvicorn.Config(application, **options))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()
    assert not thread.is_alive()


class Visit:
    """One connection, its bytes sent by hand."""

    def __init__(self, port: int, path: str, *headers: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        lines = [f"POST {path} HTTP/1.1", "Host: testserver", *headers, "", ""]
        self.socket.sendall("\r\n".join(lines).encode())

    def send(self, body: bytes) -> Visit:
        self.socket.sendall(body)
        return self

    def chunk(self, body: bytes) -> Visit:
        return self.send(b"%x\r\n%s\r\n" % (len(body), body))

    def answer(self) -> tuple[int, dict[str, str], str]:
        """Status, headers and body, as soon as they are whole."""
        found = b""
        while b"\r\n\r\n" not in found:
            found += self._more()
        head, _gap, body = found.partition(b"\r\n\r\n")
        status, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        while len(body) < int(headers["content-length"]):
            body += self._more()
        return int(status.split()[1]), headers, body.decode()

    def first_line(self) -> int:
        """The status alone."""
        return int(self._more().split()[1])

    def ended(self) -> bool:
        """Whether the server closes the connection once we stop sending."""
        self.socket.shutdown(socket.SHUT_WR)
        return self.socket.recv(1000) == b""

    def _more(self) -> bytes:
        more = self.socket.recv(65536)
        assert more, "The connection ended before the answer."
        return more


@pytest.mark.parametrize(
    ("path", "lang", "words"),
    [
        ("/en/e/x/comment/", "en", "larger than this form can take"),
        ("/zh-hant/e/x/comment/", "zh-Hant-HK", None),
        ("/zh-hans/account/sign-in/", "zh-Hans", None),
    ],
)
def test_an_announced_length_is_refused_before_a_byte_of_it_came(port, path, lang, words):
    visit = Visit(port, path, FORM, f"Content-Length: {2 * 1024**3}")
    status, headers, page = visit.answer()
    assert status == 413
    assert f'<html lang="{lang}"' in page
    assert headers["connection"] == "close"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"
    if words:
        assert words in page
    assert visit.ended()


def test_who_asks_before_sending_is_not_told_to_go_on(port):
    visit = Visit(port, "/en/e/x/comment/", FORM, "Content-Length: 900000", "Expect: 100-continue")
    assert visit.answer()[0] == 413


def test_a_body_without_a_length_is_cut_off_at_the_limit(port):
    visit = Visit(port, "/en/e/x/comment/", FORM, "Transfer-Encoding: chunked")
    for _number in range(3):
        visit.chunk(b"x" * 40_000)
    # Its end was never sent: the answer did not wait for it.
    status, headers, page = visit.answer()
    assert status == 413
    assert headers["connection"] == "close"
    assert "larger than this form can take" in page
    assert visit.ended()


def test_a_sender_who_goes_on_still_gets_the_answer(port):
    visit = Visit(port, "/en/e/x/comment/", FORM, "Content-Length: 3000000")
    visit.send(b"x" * 3_000_000)
    assert visit.answer()[0] == 413


def test_a_server_that_stood_still_reads_on(monkeypatch):
    """Its own pause is one quiet wait, however long; the sender's bytes are there after it."""
    monkeypatch.setattr(bodies, "QUIET_SECONDS", 0.01)
    monkeypatch.setattr(bodies, "QUIET_WAITS", 2)
    read = []

    async def standing_still() -> dict[str, object]:
        # The loop does nothing else for longer than all quiet waits together.
        threading.Event().wait(0.05)
        read.append(1)
        return {"type": "http.request", "body": b"x", "more_body": len(read) < 4}

    asyncio.run(bodies._drain(standing_still))
    assert len(read) == 4


def test_a_sender_who_falls_silent_is_let_go(monkeypatch):
    monkeypatch.setattr(bodies, "QUIET_SECONDS", 0.01)

    async def silent() -> dict[str, object]:
        return await asyncio.Future()

    asyncio.run(bodies._drain(silent))


@pytest.mark.parametrize("chunked", [False, True])
def test_what_is_within_the_limit_reaches_the_view(port, chunked):
    if chunked:
        visit = Visit(port, "/healthz", FORM, "Transfer-Encoding: chunked")
        visit.chunk(b"x" * LIMIT).send(b"0\r\n\r\n")
    else:
        visit = Visit(port, "/healthz", FORM, f"Content-Length: {LIMIT}").send(b"x" * LIMIT)
    # Past the guard, as far as the form token that it lacks.
    assert visit.answer()[0] == 403


def test_uploads_of_the_cms_have_a_limit_of_their_own(port, settings):
    settings.CMS_BODY_MAX_BYTES = 2 * LIMIT
    settings.UPLOAD_BODY_MAX_BYTES = 4 * LIMIT
    length = 3 * LIMIT
    for path, status in (("/cms/documents/multiple/add/", 403), ("/cms/pages/1/edit/", 413)):
        visit = Visit(port, path, FORM, f"Content-Length: {length}").send(b"x" * length)
        assert visit.answer()[0] == status
    over = Visit(port, "/cms/images/chooser/create/", FORM, f"Content-Length: {5 * LIMIT}")
    assert over.answer()[0] == 413


def test_the_limits_stand_in_order():
    public, cms, upload = (limit_for(path) for path in ("/en/", "/cms/pages/", "/cms/images/1/"))
    assert public < cms < upload
    # Wagtail takes pictures and documents up to this size; their form comes on top.
    from wagtail.documents.fields import WagtailDocumentField
    from wagtail.images.fields import WagtailImageField

    assert WagtailImageField().max_upload_size < upload
    assert WagtailDocumentField().max_upload_size < upload
    assert public == settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def test_under_wsgi_the_announced_length_is_refused_unread(settings):
    """Files of a multipart form count for nothing in Django's own limit."""
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = LIMIT

    class Unread:
        def read(self, *_size: int) -> bytes:
            raise AssertionError("The body was read.")

        readline = read

    response = Client().generic(
        "POST",
        "/zh-hant/e/x/comment/",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(LIMIT + 1),
        **{"wsgi.input": Unread()},
    )
    assert response.status_code == 413
    assert response.headers["Content-Language"] == "zh-hant"


FILES = "/en/contributions/bcdfghjkmnpq/files/"


def test_u3_a_form_that_takes_files_has_a_limit_of_its_own(port, settings):
    settings.FILE_BODY_MAX_BYTES = 300_000
    assert limit_for(FILES) == 300_000
    for path in (FILES + "x", FILES[3:], "/cms" + FILES, "/en/e/x/files/", FILES.upper()):
        assert limit_for(path) != 300_000
    kind = "Content-Type: multipart/form-data; boundary=b"
    # Announced, and announced falsely: what is told first is what counts, then what comes.
    assert Visit(port, FILES, kind, f"Content-Length: {2 * 1024**3}").answer()[0] == 413
    visit = Visit(port, FILES, kind, "Transfer-Encoding: chunked")
    for _number in range(4):
        visit.chunk(b"x" * 90_000)
    status, headers, _page = visit.answer()
    assert (status, headers["connection"]) == (413, "close")
    # Below it the form itself answers: it has no token, so it is refused without being kept.
    inside = Visit(port, FILES, kind, "Content-Length: 200000").send(b"x" * 200_000)
    assert inside.answer()[0] in {400, 403}


def test_u3_more_bytes_than_announced_are_not_the_forms(port, settings):
    settings.FILE_BODY_MAX_BYTES = 300_000
    kind = "Content-Type: multipart/form-data; boundary=b"
    visit = Visit(port, FILES, kind, "Content-Length: 10", "Connection: close")
    assert visit.send(b"x" * 400_000).first_line() in {400, 403}
