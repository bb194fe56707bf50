"""Servers that play the other side of SMS and mail: sockets, not mocks."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs


@dataclass
class Gateway:
    """What a gateway got and how it behaves: `fine`, `refuse`, `nonsense`, `error`, `hang`,
    `expired` (tokens are refused once), `drop` (the line is cut after the request)."""

    port: int
    mood: str = "fine"
    logins: int = 0
    #: Messages that reached it, whatever it answered: phone → text.
    got: list[dict[str, Any]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"


def _answer(gateway: Gateway, path: str, body: bytes, auth: str) -> tuple[int, str] | None:
    """(status, text), or None where the line is cut."""
    if path.endswith("/auth/login"):
        gateway.logins += 1
        known = parse_qs(body.decode()).get("password") == ["secret"]
        return (
            (200, json.dumps({"data": {"token": f"t{gateway.logins}"}})) if known else (401, "{}")
        )
    message = json.loads(body)
    if "messages" in message:  # PlayMobile
        if auth != "Basic cG9ydGFsOnNlY3JldA==":
            return 401, "{}"
        fine = "Request is received"
    else:  # Eskiz
        fine = json.dumps({"id": "e-1", "message": "Waiting for SMS provider", "status": "waiting"})
        if gateway.mood == "expired" and auth == "Bearer t1":
            return 401, json.dumps({"message": "Expired"})
        if not auth.startswith("Bearer t"):
            return 401, "{}"
    gateway.got.append(message)
    if gateway.mood == "hang":
        gateway.released.wait(30)
    return {
        "refuse": (400, json.dumps({"error_code": 102, "error_description": "x"})),
        "nonsense": (200, "<html>Welcome</html>"),
        "error": (500, "{}"),
        "drop": None,
    }.get(gateway.mood, (200, fine))


@contextmanager
def gateway(mood: str = "fine") -> Iterator[Gateway]:
    """A gateway on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found = _answer(state, self.path, body, self.headers.get("Authorization", ""))
            if found is None:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            status, text = found
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())
            except OSError:  # whoever asked has gone
                self.close_connection = True

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state = Gateway(server.server_address[1], mood)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        state.released.set()
        server.shutdown()
        server.server_close()


@contextmanager
def mail_server(mood: str = "fine") -> Iterator[tuple[int, list[str]]]:
    """A mail server: its port and the letters that reached it.

    It refuses at the door (`busy`) or the address (`unknown`), says nothing at the door (`mute`),
    takes a letter and does not say so (`slow`), or cuts the line instead (`cut`).
    """
    letters: list[str] = []
    over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def talk(line: socket.socket) -> None:
        with line, line.makefile("rwb", buffering=0) as stream:
            if mood == "mute":
                over.wait(30)
                return
            stream.write(b"554 busy\r\n" if mood == "busy" else b"220 test\r\n")
            while mood != "busy" and (command := stream.readline()):
                word = command[:4].upper()
                if word == b"RCPT" and mood == "unknown":
                    stream.write(b"550 nobody\r\n")
                    continue
                if word == b"DATA":
                    stream.write(b"354 go\r\n")
                    text = b""
                    while not text.endswith(b"\r\n.\r\n"):
                        text += stream.readline()
                    letters.append(text.decode())
                    if mood == "slow":
                        over.wait(30)
                    if mood in {"slow", "cut"}:
                        return
                if word == b"QUIT":
                    stream.write(b"221 bye\r\n")
                    return
                stream.write(b"250 ok\r\n")

    def serve() -> None:
        while True:
            try:
                line, _address = listener.accept()
            except OSError:
                return
            threading.Thread(target=talk, args=[line], daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1], letters
    finally:
        over.set()
        listener.close()
