"""Chromium on the site within the process of the test: as quick as Django's own client.

Addresses of `http://portal.test` are answered by a test client, so a test may prepare rows by
factories and look at many pages without a server. Static files come from where they lie.
"""

from __future__ import annotations

import mimetypes
from contextvars import copy_context
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.test import Client
from django.utils.html import escape
from playwright.sync_api import Browser, BrowserContext, Route

HOST = "http://portal.test"
#: Headers that the client sets itself.
_OURS = frozenset({"cookie", "content-type", "content-length", "host", "accept-encoding"})


def answered_by(client: Client, browser: Browser, **options: Any) -> BrowserContext:
    """A context in which `client` answers everything; options are those of Playwright."""
    context = browser.new_context(base_url=HOST, reduced_motion="reduce", **options)
    # Playwright answers in a greenlet with a context of its own: no connection of ours in it.
    ours = copy_context()

    def answer(route: Route) -> None:
        asked = route.request
        address = urlsplit(asked.url)
        path = address.path + (f"?{address.query}" if address.query else "")
        if path.startswith("/static/"):
            _static(route, address.path.removeprefix("/static/"))
            return
        response = ours.run(
            client.generic,
            asked.method,
            path,
            asked.post_data_buffer or b"",
            content_type=asked.headers.get("content-type", ""),
            headers={k: v for k, v in asked.headers.items() if k not in _OURS},
        )
        if (where := response.headers.get("Location")) is not None:
            # Playwright answers no request that a redirect makes.
            page = f'<!doctype html><meta http-equiv="refresh" content="0; url={escape(where)}">'
            route.fulfill(status=200, content_type="text/html", body=page)
            return
        headers = {name.lower(): value for name, value in response.headers.items()}
        route.fulfill(status=response.status_code, headers=headers, body=response.content)

    context.route("**/*", answer)
    return context


@cache
def _file(name: str) -> tuple[bytes, str] | None:
    """Bytes and kind of a static file: pages ask for the same few a thousand times, and to look
    through the folders of all apps for one takes longer than to read it."""
    found = finders.find(name)
    if not isinstance(found, str):
        return None
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Path(found).read_bytes(), kind


def _static(route: Route, name: str) -> None:
    kept = _file(name)
    if kept is None:
        route.fulfill(status=404, body=b"")
    else:
        route.fulfill(status=200, content_type=kept[1], body=kept[0])
