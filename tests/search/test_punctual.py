"""Requests to Elasticsearch end in their time, whatever the other side does."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from elastic_transport import ConnectionTimeout, NodeConfig

from search import punctual
from search.punctual import PunctualNode

PIECES = 20


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        if self.path != "/dripping/endless":
            self.send_header("content-length", str(PIECES))
        if self.path in {"/dripping/last", "/dripping/endless"}:
            # Also what ends the line: whoever asks lets go of it before the answer is read.
            self.send_header("connection", "close")
        self.end_headers()
        for _ in range(PIECES):
            # Each sooner than any limit of a step; all together two seconds.
            if self.path.startswith("/dripping") and self.server.over.wait(0.1):
                return
            try:
                self.wfile.write(b".")
            except OSError:
                self.close_connection = True
                return

    def log_message(self, *_said: object) -> None:
        """Nothing on the screen."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 50

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.over = threading.Event()


@pytest.fixture(scope="module")
def server() -> Iterator[_Server]:
    with _Server() as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.over.set()
        made.shutdown()


@pytest.fixture
def node(server) -> Iterator[PunctualNode]:
    made = PunctualNode(NodeConfig("http", "127.0.0.1", server.server_port))
    yield made
    made.close()


def ask(node: PunctualNode, path: str = "/", seconds: float = 30) -> int:
    meta, body = node.perform_request("GET", path, request_timeout=seconds)
    assert len(body) == PIECES
    return meta.status


@pytest.mark.parametrize("how", ["", "/last", "/endless"])
def test_an_answer_that_drips_is_cut_and_the_next_one_comes(node, how):
    assert ask(node) == 200
    with pytest.raises(ConnectionTimeout) as late:
        ask(node, f"/dripping{how}", 0.3)
    assert late.value.message == "No whole answer came in time"
    assert ask(node) == 200


def test_only_the_late_one_is_cut(node):
    with ThreadPoolExecutor(4) as pool:
        late = pool.submit(ask, node, "/dripping", 0.3)
        others = [pool.submit(ask, node, "/dripping", 30) for _ in range(2)]
        assert all(other.result() == 200 for other in others)
        with pytest.raises(ConnectionTimeout):
            late.result()


def test_more_at_once_than_lines_are_kept_wait_for_none(node):
    with ThreadPoolExecutor(30) as pool:
        late = [pool.submit(ask, node, "/dripping", 0.5) for _ in range(15)]
        assert all(status == 200 for status in pool.map(ask, [node] * 15))
        for each in late:
            with pytest.raises(ConnectionTimeout):
                each.result()


def test_a_name_that_is_never_resolved_holds_nobody(server, monkeypatch):
    resolved, found = threading.Event(), socket.getaddrinfo

    def resolve(host, *asked, **more):
        if host == "search.example":
            resolved.wait(30)
        return found("127.0.0.1", *asked, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    node = PunctualNode(NodeConfig("http", "search.example", server.server_port))
    with pytest.raises(ConnectionTimeout):
        ask(node, seconds=0.2)
    left = [each for each in threading.enumerate() if each.name == "elasticsearch-line"]
    assert left
    resolved.set()
    # The line that was made too late is given up by whoever made it.
    for each in left:
        each.join(10)
        assert not each.is_alive()
    assert ask(node, seconds=30) == 200
    node.close()


def test_a_child_has_a_watch_of_its_own(node):
    with pytest.raises(ConnectionTimeout):
        ask(node, "/dripping", 0.2)
    child = os.fork()
    if not child:
        own = PunctualNode(node.config)
        try:
            ask(own, "/dripping", 0.2)
        except ConnectionTimeout:
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_what_is_done_is_not_cut_when_its_time_comes(node):
    for _ in range(3):
        assert ask(node, seconds=0.5) == 200
    # Its line is another's by then.
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(ask, node, "/dripping", 30).result() == 200
    assert all(request.is_done for _end, _number, request in punctual._watch._waiting)
