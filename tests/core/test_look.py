"""The look keeps its budgets, its contrast and its promises about what a template may carry."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.template import Context, Engine

from core.icons import ICONS, MARKS

SITE = Path(__file__).resolve().parents[2] / "site"
STATIC = SITE / "core" / "static" / "core"
CSS = (STATIC / "css" / "portal.css").read_text(encoding="utf-8")
TEMPLATES = sorted(
    [
        *(SITE / "core" / "templates").rglob("*.html"),
        *(SITE / "portal" / "templates").rglob("*.html"),
    ]
)
ENGINE = Engine(libraries={"icons": "core.templatetags.icons"})


def compressed(name: str) -> int:
    return len(gzip.compress((STATIC / name).read_bytes()))


def test_a_text_page_loads_little() -> None:
    assert compressed("css/portal.css") <= 12_000
    assert compressed("css/portal.css") + compressed("js/portal.js") <= 20_000
    assert compressed("css/portal.css") + compressed("css/forms.css") <= 12_000


def test_the_band_is_one_small_tile_of_thirteen_rows() -> None:
    tile = (STATIC / "svg" / "band.svg").read_text(encoding="utf-8")
    assert len(tile.encode()) <= 1024
    assert 'height="13"' in tile


def test_the_picture_for_shared_links_is_small() -> None:
    assert (STATIC / "img" / "share.png").stat().st_size <= 60_000


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_carry_no_inline_style_or_script(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("template", ["500.html", "503.html"])
def test_pages_for_a_broken_portal_need_no_context_and_speak_all_languages(template: str) -> None:
    text = (SITE / "portal" / "templates" / template).read_text(encoding="utf-8")
    assert "{%" not in text
    assert "{{" not in text
    for language in ("uz-Latn", "uz-Cyrl", "kaa-Latn", "ru", "en"):
        assert f'<section lang="{language}">' in text


def test_styles_name_no_font_that_lacks_our_letters_and_change_no_case() -> None:
    sheets = "".join(path.read_text(encoding="utf-8") for path in (STATIC / "css").glob("*.css"))
    assert not re.search(r"Arial|Helvetica|text-transform|@import|box-shadow: 0 \d+px", sheets)


def test_an_unknown_icon_is_drawn_and_an_unknown_mark_is_not() -> None:
    source = "{% load icons %}{% icon 'no-such' %}|{% mark 'no-such' %}|{% mark 'zigzag' %}"
    icon, nothing, mark = ENGINE.from_string(source).render(Context()).split("|")
    assert icon.startswith("<svg")
    assert 'aria-hidden="true"' in icon
    assert nothing == ""
    assert MARKS["zigzag"][2] in mark


def test_every_topic_icon_of_the_data_is_drawn() -> None:
    used = "scroll id-card home users book graduation-cap heart shield clock briefcase trophy"
    used += " car map building plug shop coins truck leaf droplet scale landmark key message"
    assert set(used.split()) <= set(ICONS)


def _tokens(part: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})", part))


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


LIGHT = _tokens(CSS[: CSS.index("@media (prefers-color-scheme: dark)")])
DARK = LIGHT | _tokens(
    CSS[CSS.index("@media (prefers-color-scheme: dark)") : CSS.index(":root.contrast-bw {")]
)
PALES = ("ground", "felt", "indigo-pale", "ochre-pale", "madder-pale", "green-pale")
PAIRS = [
    *(("ink", ground, 4.5) for ground in PALES),
    *(("muted", ground, 4.5) for ground in PALES),
    *(("indigo", ground, 4.5) for ground in PALES),
    ("on-indigo", "indigo", 4.5),
    ("on-indigo", "indigo-deep", 4.5),
    ("on-header", "header", 4.5),
    ("on-header", "footer", 4.5),
    ("madder", "ground", 4.5),
    ("madder", "madder-pale", 4.5),
    ("ochre-text", "ochre-pale", 4.5),
    ("green", "green-pale", 4.5),
    ("line", "ground", 3),
    ("line", "felt", 3),
    ("ochre", "header", 3),
]


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_colours_can_be_told_apart(
    tokens: dict[str, str], front: str, back: str, least: float
) -> None:
    assert _contrast(tokens[front], tokens[back]) >= least
