"""“Did you mean”: a query with its mistyped words replaced, in the reader's script."""

from __future__ import annotations

import re
from collections.abc import Iterable

from languages import uzbek
from languages.signs import is_cyrillic
from search.engine import Correction, Query


def meant(query: Query, corrections: Iterable[Correction]) -> str | None:
    """The query as it was read; None where it was read as typed."""
    text = query.text
    for correction in corrections:
        read_as = _in_script(correction.read_as, query.language)
        # Whole words alone: `a` may stand in others.
        pattern = rf"(?<!\w){re.escape(correction.written)}(?!\w)"
        text = re.sub(pattern, lambda _match, to=read_as: to, text)
    return text if text != query.text else None


def _in_script(word: str, language: str) -> str:
    if language == "uz-cyrl":
        return uzbek.to_cyrillic(word)
    if language in {"uz", "kaa"} and any(map(is_cyrillic, word)):
        return uzbek.to_latin(word)
    return word
