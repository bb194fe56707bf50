"""The mock's HTTP side: the sign-in page, the token, the profile, the log-out, at one address."""

from __future__ import annotations

import base64
import html
import json
import secrets
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.utils import translation
from django.utils.translation import gettext as _

from demo.oneid.people import MOODS, PEOPLE, PERSON_NAMES, answer

PATH = "/sso/oauth/Authorization.do"
CLIENT_ID, CLIENT_SECRET = "portal_demo", "demo-secret-of-nobody"
CODE_SECONDS = 60


@dataclass(frozen=True)
class _Issued:
    """What a code or a token stands for."""

    person: str
    mood: str
    at: float
    redirect_uri: str = ""


class MockOneID:
    """`with MockOneID(port) as oneid: oneid.url`. Port 0 takes a free one.

    `calls` counts grant types; `slow_seconds` is how long a slow answer takes.
    """

    def __init__(self, port: int = 0, *, slow_seconds: float = 15) -> None:
        self.codes: dict[str, _Issued] = {}
        self.tokens: dict[str, _Issued] = {}
        self.calls: dict[str, int] = {}
        self.slow_seconds = slow_seconds
        self.closing = threading.Event()
        mock = self

        class Handler(_Handler):
            oneid = mock

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.url = self.origin + PATH

    def __enter__(self) -> MockOneID:
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_args: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    def serve_forever(self) -> None:
        """Serve in this thread until interrupted."""
        self._server.serve_forever()

    def issue_code(self, person: str, mood: str, redirect_uri: str) -> str:
        """A code as the browser carries it back: base64, works once."""
        code = base64.b64encode(secrets.token_bytes(24)).decode()
        at = time.time() - (2 * CODE_SECONDS if mood == "expired" else 0)
        self.codes[code] = _Issued(person, mood, at, redirect_uri)
        return "bm90IGEgY29kZQ==" if mood == "wrong_code" else code

    def token(self, form: dict[str, str]) -> tuple[int, Any]:
        """Step 2."""
        issued = self.codes.pop(form.get("code", ""), None)
        if issued is None or issued.redirect_uri != form.get("redirect_uri"):
            return 200, {"ret_cd": "2", "error": "invalid_grant"}
        if issued.mood == "slow":
            self.closing.wait(self.slow_seconds)
        if issued.mood == "down":
            return 500, {}
        if time.time() - issued.at > CODE_SECONDS:
            return 400, {"error": "invalid_grant"}
        token = secrets.token_urlsafe(24)
        self.tokens[token] = issued
        return 200, {
            "access_token": token,
            "refresh_token": secrets.token_urlsafe(24),
            "token_type": "bearer",
            "expires_in": 1800,
            "scope": form.get("scope", CLIENT_ID),
        }

    def profile(self, form: dict[str, str]) -> tuple[int, Any]:
        """Step 3."""
        issued = self.tokens.get(form.get("access_token", ""))
        if issued is None:
            return 401, {"error": "invalid_token"}
        if issued.mood == "nonsense":
            return 200, "<html>OneID</html>"
        return 200, answer(issued.person, issued.mood)

    def log_out(self, form: dict[str, str]) -> tuple[int, Any]:
        """Step 4."""
        known = self.tokens.pop(form.get("access_token", ""), None)
        return 200, {"ret_cd": "0" if known else "1"}


class _Handler(BaseHTTPRequestHandler):
    """The address of all four steps."""

    oneid: MockOneID
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """The sign-in page, or, once a person is chosen, the way back."""
        parts = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        known = query.get("client_id") == CLIENT_ID and query.get("response_type") == "one_code"
        if parts.path != PATH or not known or "redirect_uri" not in query:
            self._answer(400, "?", "text/plain")
            return
        person, mood = query.pop("person", ""), query.pop("mood", "well")
        if person not in PEOPLE or mood not in MOODS:
            self._answer(200, self._page(query), "text/html; charset=utf-8")
            return
        back = {
            "code": self.oneid.issue_code(person, mood, query["redirect_uri"]),
            "state": "another" if mood == "wrong_state" else query.get("state", ""),
        }
        self.send_response(302)
        self.send_header("Location", f"{query['redirect_uri']}?{urlencode(back)}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        """Steps 2 to 4, from server to server, with the secret."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        form = {key: values[0] for key, values in parse_qs(body).items()}
        grant = form.get("grant_type", "")
        self.oneid.calls[grant] = self.oneid.calls.get(grant, 0) + 1
        secret = form.get("client_secret", "")
        if form.get("client_id") != CLIENT_ID or not secrets.compare_digest(secret, CLIENT_SECRET):
            status, found = 401, {"error": "invalid_client"}
        elif grant == "one_authorization_code":
            status, found = self.oneid.token(form)
        elif grant == "one_access_token_identify":
            status, found = self.oneid.profile(form)
        elif grant == "one_log_out":
            status, found = self.oneid.log_out(form)
        else:
            status, found = 400, {"error": "unsupported_grant_type"}
        text = found if isinstance(found, str) else json.dumps(found)
        self._answer(status, text, "application/json")

    def _answer(self, status: int, text: str, kind: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _page(self, query: dict[str, str]) -> str:
        """Who signs in, and what shall happen; in the browser's first language that we speak."""
        wanted = self.headers.get("Accept-Language", "uz").split(",")[0].split(";")[0].strip()
        try:
            language = translation.get_supported_language_variant(wanted)
        except LookupError:
            language = "uz"
        with translation.override(language):
            hidden = "".join(
                f'<input type="hidden" name="{html.escape(key)}" value="{html.escape(value)}">'
                for key, value in query.items()
            )
            moods = "".join(
                f'<option value="{key}">{html.escape(str(name))}</option>'
                for key, name in MOODS.items()
            )
            buttons = "".join(
                f'<p><button name="person" value="{key}">{html.escape(str(name))}</button></p>'
                for key, name in PERSON_NAMES.items()
            )
            title = html.escape(_("A OneID of the demonstration: it knows invented people only"))
            question = html.escape(_("What shall happen"))
        return (
            f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{title}</title><style>body{{font:18px/1.5 sans-serif;max-width:30em;"
            "margin:2em auto;padding:0 1em}button,select{font:inherit;padding:.5em;width:100%}"
            f"</style></head><body><h1>{title}</h1><form>{hidden}"
            f'<p><label for="mood">{question}</label> <select id="mood" name="mood">{moods}'
            f"</select></p>{buttons}</form></body></html>"
        )
