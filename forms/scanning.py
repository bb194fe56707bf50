"""A virus scanner: clamd over its own protocol. Where one is set, nothing passes unscanned."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

#: Bytes of one chunk of INSTREAM.
_CHUNK = 64 * 1024
SECONDS = 30


class ScannerDown(Exception):
    """The scanner does not answer, or not as agreed."""


def is_set() -> bool:
    """Whether this house has a scanner."""
    return bool(settings.CLAMD_ADDRESS)


def is_infected(content: bytes) -> bool:
    """Whether the scanner finds something in the bytes. Raises ScannerDown on any other answer.

    Protocol: `zINSTREAM\\0`, chunks of a four-byte length and so many bytes, a length of nought;
    the answer is `stream: OK`, `stream: NAME FOUND` or an error.
    """
    try:
        with _connection() as line:
            line.sendall(b"zINSTREAM\0")
            for at in range(0, len(content), _CHUNK):
                chunk = content[at : at + _CHUNK]
                line.sendall(struct.pack("!L", len(chunk)) + chunk)
            line.sendall(struct.pack("!L", 0))
            answer = _answer(line)
    except OSError as error:
        raise ScannerDown(type(error).__name__) from error
    if answer == "stream: OK":
        return False
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return True
    raise ScannerDown(answer[:80])


def ping() -> str | None:
    """What is wrong with the scanner, for the readiness probe; None where it answers or is none."""
    if not is_set():
        return None
    try:
        with _connection() as line:
            line.sendall(b"zPING\0")
            answer = _answer(line)
    except OSError as error:
        return f"the virus scanner does not answer: {type(error).__name__}"
    return None if answer == "PONG" else "the virus scanner answers nonsense"


@contextmanager
def _connection() -> Iterator[socket.socket]:
    """A line to `CLAMD_ADDRESS`: `host:port`, or the path of a socket."""
    address = settings.CLAMD_ADDRESS
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(SECONDS)
        with line:
            line.connect(address)
            yield line
        return
    host, _colon, port = address.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=SECONDS) as line:
        yield line


def _answer(line: socket.socket) -> str:
    received = b""
    while not received.endswith(b"\0") and len(received) < 4096:
        part = line.recv(4096)
        if not part:
            break
        received += part
    return received.rstrip(b"\0\n").decode("utf-8", "replace")
