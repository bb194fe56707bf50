"""QR codes of pages: ours and nobody else's."""

from __future__ import annotations

import pytest
from django.test import Client

from core import qr


def test_a_code_is_an_svg_of_its_text() -> None:
    assert qr.svg("https://portal.example.org/uz/").startswith("<")
    assert qr.svg("a") != qr.svg("b")
    with pytest.raises(ValueError, match="too long"):
        qr.svg("a" * 5_000)


def test_a_pages_code_is_drawn_once_a_day(client: Client) -> None:
    answer = client.get("/page-code.svg", {"path": "/uz/idoralar/"})
    assert answer.status_code == 200 and answer["Content-Type"] == "image/svg+xml"
    assert "max-age=86400" in answer["Cache-Control"]


@pytest.mark.parametrize(
    "path", ["", "https://evil.example/", "//evil.example/", "/\\evil.example", "/" + "a" * 600]
)
def test_no_code_leads_elsewhere(client: Client, db: None, path: str) -> None:
    assert client.get("/page-code.svg", {"path": path}).status_code == 404
