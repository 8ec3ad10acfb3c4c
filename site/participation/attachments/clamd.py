"""ClamAV's daemon as the scanner: its INSTREAM command over a socket of the operator's network."""

from __future__ import annotations

import socket
import struct
from typing import BinaryIO

from participation.attachments.scanners import Scanner, ScannerDown

_PIECE = 65536
_READY_SECONDS = 1.0
_SCAN_SECONDS = 60.0


def scanner(address: str) -> Scanner:
    """A scanner at ``host:port`` or at the path of a Unix socket. Raises ValueError for neither."""
    if not address.startswith("/"):
        host, _colon, port = address.rpartition(":")
        if not host or not port.isdigit():
            raise ValueError("CLAMD must be host:port, or the path of a socket.")
    return Scanner(
        name="clamd",
        is_ready=lambda: _is_ready(address),
        is_clean=lambda file: _is_clean(address, file),
    )


def _connect(address: str, seconds: float) -> socket.socket:
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(seconds)
        connection.connect(address)
        return connection
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=seconds)


def _answer(connection: socket.socket) -> bytes:
    found = b""
    while b"\0" not in found and len(found) < 4096:
        piece = connection.recv(4096)
        if not piece:
            break
        found += piece
    return found.rstrip(b"\0\n")


def _is_ready(address: str) -> bool:
    try:
        with _connect(address, _READY_SECONDS) as connection:
            connection.sendall(b"zPING\0")
            return _answer(connection) == b"PONG"
    except OSError:
        return False


def _is_clean(address: str, file: BinaryIO) -> bool:
    try:
        with _connect(address, _SCAN_SECONDS) as connection:
            connection.sendall(b"zINSTREAM\0")
            while piece := file.read(_PIECE):
                connection.sendall(struct.pack("!L", len(piece)) + piece)
            connection.sendall(struct.pack("!L", 0))
            said = _answer(connection)
    except OSError as problem:
        raise ScannerDown(str(problem)) from problem
    if said.endswith(b" FOUND"):
        return False
    if said == b"stream: OK":
        return True
    raise ScannerDown(said.decode(errors="replace")[:200])
