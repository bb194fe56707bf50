"""Documents as PDF: tagged (PDF/UA-1), with the letters of all five languages, by typst."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils.translation import gettext as _

from languages.registry import by_code

_CORE = Path(__file__).parent
#: What templates may import: the look of the house.
_HOUSE = _CORE / "typst" / "house.typ"
_BAND = _CORE / "static" / "core" / "svg" / "band.svg"


@lru_cache(maxsize=16)
def _template(path: Path) -> bytes:
    return path.read_bytes()


def band() -> str:
    """The band above the door, as SVG: a document's ornament."""
    return _template(_BAND).decode()


def frame(title: str, language: str) -> dict[str, str]:
    """What `document-of` of house.typ needs, in the active language, which `language` is."""
    return {
        "title": title,
        "author": "Yagona portal",
        "lang": by_code(language).iso,
        "site": settings.BASE_URL.partition("://")[2],
        "demonstration": _("A demonstration: not an official document.") if settings.DEMO else "",
    }


def compile_pdf(template: Path, data: Mapping[str, Any]) -> bytes:
    """The PDF of a template with its data, which reach it as JSON: nothing of them is code.

    Raises typst.TypstError where the template and the data do not fit.
    """
    # Its types do not know yet that it takes several files.
    made: object = typst.compile(  # type: ignore[call-overload]
        {"main.typ": _template(template), _HOUSE.name: _template(_HOUSE)},
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        ignore_system_fonts=False,
    )
    if not isinstance(made, bytes):
        raise TypeError("One file was expected.")
    return made
