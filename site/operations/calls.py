"""One HTTP call to somebody else's server that says honestly whether it may be repeated."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

MOST_BYTES = 64 * 1024
SECONDS = 10.0


class NotSent(OSError):
    """The call certainly did nothing: it may be repeated."""


class Uncertain(OSError):
    """The call went out and no clear answer came: repeating it might do it twice."""


@dataclass(frozen=True)
class Answer:
    """What a server said."""

    status: int
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as an object. Raises Uncertain where it is none."""
        try:
            found = json.loads(self.body)
        except ValueError as error:
            raise Uncertain("no JSON") from error
        if not isinstance(found, dict):
            raise Uncertain("no object")
        return found


def post(url: str, body: bytes, headers: Mapping[str, str], *, seconds: float = SECONDS) -> Answer:
    """As `call`, with POST."""
    return call("POST", url, headers, body, seconds=seconds)


def call(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes | None = None,
    *,
    seconds: float = SECONDS,
    most: int = MOST_BYTES,
) -> Answer:
    """Ask once, within `seconds` for the connection and as many for the answer of at most `most`
    bytes. Redirects are answers like any other: nobody is followed elsewhere with our secrets.

    Raises NotSent where no connection came about, Uncertain once the request may have been read.
    """
    parts = urlsplit(url)
    make = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = make(parts.hostname or "", parts.port, timeout=seconds)
    try:
        try:
            connection.connect()
        except OSError as error:
            raise NotSent(type(error).__name__) from error
        end = time.monotonic() + seconds
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(method, path, body=body, headers=dict(headers))
            response = connection.getresponse()
            return Answer(response.status, _read(connection, response, end, most))
        except (OSError, HTTPException, ValueError) as error:
            raise Uncertain(type(error).__name__) from error
    finally:
        connection.close()


def _read(connection: HTTPConnection, response: HTTPResponse, end: float, most: int) -> bytes:
    """The body, at most `most` bytes, until `end`: a server that drips is not waited for."""
    found = b""
    while len(found) < most:
        left = end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if connection.sock is not None:
            connection.sock.settimeout(left)
        piece = response.read1(4096)
        if not piece:
            break
        found += piece
    return found
