"""A way to Elasticsearch that can be slow, broken, guarded or lead nowhere."""

from __future__ import annotations

import datetime as dt
import http.client
import ipaddress
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

#: A dripping server's pause between two bytes: shorter than any limit of a step.
DRIP = 0.1


class Way(ThreadingHTTPServer):
    """Every question goes to the server behind it, as ``mode`` says: ``through``; ``dripping``, a
    byte now and then; ``silent``, no answer at all. What writes is ``half`` sent on and the rest
    never, or ``held``: the server has it all and its answer never comes.
    """

    daemon_threads = True

    def __init__(self, behind: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = urlsplit(behind)
        self.mode = "through"
        #: What a question must carry, else it is refused.
        self.authorization = ""
        #: Set when something that writes is half sent on or held.
        self.halfway = threading.Event()
        self.over = threading.Event()
        self.asked = 0

    def url(self, scheme: str = "http", user: str = "") -> str:
        return f"{scheme}://{user}127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *_whose: object) -> None:
        """Who hangs up on a slow server is not told about in the tests' output."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Way

    def _pass_on(self) -> None:
        way = self.server
        way.asked += 1
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if way.authorization and self.headers.get("Authorization") != way.authorization:
            self._answer(401, json.dumps({"error": "unauthorized"}).encode())
            return
        writes = "_bulk" in self.path
        if way.mode == "silent" or (way.mode == "half" and writes):
            if writes:
                self._half(body)
            self._wait()
            return
        behind = http.client.HTTPConnection(way.behind.netloc, timeout=30)
        try:
            kept = {
                name: value
                for name, value in self.headers.items()
                if name.lower() in {"content-type", "accept"}
            }
            behind.request(self.command, self.path, body or None, kept)
            answer = behind.getresponse()
            data = answer.read()
        except (OSError, http.client.HTTPException):
            # As if nobody listened.
            self.close_connection = True
            return
        finally:
            behind.close()
        if way.mode == "held" and writes:
            way.halfway.set()
            self._wait()
            return
        self._answer(answer.status, data, answer.headers.get("Content-Type", "application/json"))

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _pass_on

    def _half(self, body: bytes) -> None:
        way = self.server
        behind = http.client.HTTPConnection(way.behind.netloc, timeout=30)
        behind.putrequest(self.command, self.path)
        behind.putheader("Content-Type", self.headers["Content-Type"])
        behind.putheader("Content-Length", str(len(body)))
        behind.endheaders(body[: len(body) // 2])
        way.halfway.set()
        self._wait()
        behind.close()

    def _wait(self) -> None:
        self.server.over.wait(60)
        self.close_connection = True

    def _answer(self, status: int, data: bytes, kind: str = "application/json") -> None:
        head = (
            f"HTTP/1.1 {status} Told\r\nX-Elastic-Product: Elasticsearch\r\n"
            f"Content-Type: {kind}\r\nContent-Length: {len(data)}\r\n\r\n"
        ).encode()
        whole = head if self.command == "HEAD" else head + data
        if self.server.mode != "dripping":
            self.wfile.write(whole)
            return
        for byte in whole:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(DRIP)

    def log_message(self, *_words: object) -> None:
        """Nobody reads it."""


@contextmanager
def way_to(behind: str, *, certificate: Path | None = None) -> Iterator[Way]:
    """A way there, with TLS where a file for its certificate is given."""
    way = Way(behind)
    if certificate is not None:
        _certify(certificate)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, certificate.with_suffix(".key"))
        way.socket = context.wrap_socket(way.socket, server_side=True)
    thread = threading.Thread(target=way.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield way
    finally:
        way.over.set()
        way.shutdown()
        way.server_close()


def _certify(path: Path) -> None:
    """A certificate of this machine's address, signed by nobody but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "search")])
    today = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=400))
        .not_valid_after(today + dt.timedelta(days=4000))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    path.with_suffix(".key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
