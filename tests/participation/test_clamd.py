"""ClamAV's daemon over its own protocol, against a server that speaks it and one that does not."""

from __future__ import annotations

import io
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.checks import run_checks

from participation.attachments import clamd, scanners
from participation.attachments.scanners import ScannerDown
from participation.checks import files_are_scanned, files_lie_apart

EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


class Daemon(threading.Thread):
    """Answers PING and INSTREAM; ``says`` replaces every answer."""

    def __init__(self, listener: socket.socket, says: bytes = b"") -> None:
        super().__init__(daemon=True)
        self.listener, self.says = listener, says
        self.seen = b""

    def run(self) -> None:
        while True:
            try:
                connection, _address = self.listener.accept()
            except OSError:
                return
            with connection:
                connection.sendall(self.says or self._answer(connection.makefile("rb")))

    def _answer(self, file: io.BufferedReader) -> bytes:
        command = b""
        while not command.endswith(b"\0"):
            command += file.read(1)
        if command == b"zPING\0":
            return b"PONG\0"
        assert command == b"zINSTREAM\0"
        self.seen = b""
        while length := struct.unpack("!L", file.read(4))[0]:
            self.seen += file.read(length)
        return b"stream: Eicar-Test FOUND\0" if EICAR in self.seen else b"stream: OK\0"


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    listener = socket.create_server(("127.0.0.1", 0))
    found = Daemon(listener)
    found.start()
    yield found
    listener.close()


def address(daemon: Daemon) -> str:
    return f"127.0.0.1:{daemon.listener.getsockname()[1]}"


def test_u7_a_file_is_sent_in_pieces_and_its_verdict_understood(daemon):
    scanner = clamd.scanner(address(daemon))
    assert scanner.is_ready()
    content = b"x" * 200_000
    assert scanner.is_clean(io.BytesIO(content))
    assert daemon.seen == content
    assert not scanner.is_clean(io.BytesIO(content + EICAR))


def test_over_a_unix_socket(tmp_path):
    path = tmp_path / "clamd.sock"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()
    Daemon(listener).start()
    assert clamd.scanner(str(path)).is_clean(io.BytesIO(b"x"))
    listener.close()


@pytest.mark.parametrize(
    "says", [b"INSTREAM size limit exceeded. ERROR\0", b"\xff\0", b"OK FOUNDX\0"]
)
def test_u8_whatever_else_is_said_is_no_verdict(says):
    listener = socket.create_server(("127.0.0.1", 0))
    other = Daemon(listener, says)
    other.start()
    scanner = clamd.scanner(address(other))
    assert not scanner.is_ready()
    with pytest.raises(ScannerDown):
        scanner.is_clean(io.BytesIO(b"x"))
    listener.close()


def test_u8_nobody_there(tmp_path):
    listener = socket.create_server(("127.0.0.1", 0))
    gone = f"127.0.0.1:{listener.getsockname()[1]}"
    listener.close()
    for where in (gone, str(tmp_path / "none.sock")):
        scanner = clamd.scanner(where)
        assert not scanner.is_ready()
        with pytest.raises(ScannerDown):
            scanner.is_clean(io.BytesIO(b"x"))
    for bad in ("clamd", "clamd:", ":x", "host:port"):
        with pytest.raises(ValueError, match="host:port"):
            clamd.scanner(bad)


def test_the_checks_say_where_files_lie_and_that_nobody_scans_them(settings, tmp_path):
    assert [one.id for one in files_are_scanned()] == ["participation.I001"]
    scanners.register(scanners.Scanner("test", lambda: True, lambda file: True))
    assert files_are_scanned() == []
    scanners.unregister()
    assert files_lie_apart() == []
    for name in ("MEDIA_ROOT", "STATIC_ROOT"):
        setattr(settings, name, tmp_path)
        settings.ATTACHMENTS_ROOT = tmp_path / "inside"
        assert [one.id for one in files_lie_apart()] == ["participation.E001"]
        assert "participation.E001" in {one.id for one in run_checks(tags=["security"])}
        setattr(settings, name, tmp_path / "elsewhere")
