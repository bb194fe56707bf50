"""Words of a text that the query meant, in whatever script and spelling it was typed."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from languages.analysis import terms
from languages.signs import APOSTROPHES
from languages.uzbek import fold
from search.engine import Terms

_SHORTEST_PART = 5
#: A word as `languages.uzbek.fold.split` parts a text, with its place.
_WORD = re.compile(rf"(?:[^\W_]|[{re.escape(APOSTROPHES)}\u0300-\u036f])+")


@lru_cache(maxsize=20_000)
def _views(word: str, language: str) -> tuple[str, str, str] | None:
    found = terms(word, language)
    return (found.exact[0], found.stem[0], found.kb[0]) if found.exact else None


def is_meant(word: str, language: str, wanted: Terms) -> bool:
    """Whether a word of a text in `language` is among those that were looked for.

    The rule by which the index keeps words: as written, by its stem, by the keyboard's key.
    """
    views = _views(word, language)
    if views is None:
        return False
    exact, stem, kb = views
    return (
        exact in wanted.exact
        or stem in (wanted.exact if stem == exact else wanted.stems)
        or kb in wanted.keys
        or bool(wanted.beginning and exact.startswith(wanted.beginning))
    )


def marked(text: str, language: str, wanted: Terms) -> SafeString:
    """The text, escaped, with `<mark>` around the words that were looked for."""
    parts: list[str] = []
    end = 0
    text = unicodedata.normalize("NFC", text)
    for found in _WORD.finditer(text):
        if is_meant(found[0], language, wanted):
            parts.append(conditional_escape(text[end : found.start()]))
            parts.append(format_html("<mark>{}</mark>", found[0]))
            end = found.end()
    parts.append(conditional_escape(text[end:]))
    return mark_safe("".join(parts))  # noqa: S308 - each part is escaped


def has_any(text: str, language: str, wanted: Terms) -> bool:
    """Whether a text has a word that was looked for."""
    text = unicodedata.normalize("NFC", text)
    return any(is_meant(found[0], language, wanted) for found in _WORD.finditer(text))


def has_within(text: str, wanted: Terms) -> bool:
    """Whether a word that was looked for is a part of another one: загранпаспорт."""
    folded = fold(text)
    words = wanted.exact | wanted.stems
    return any(len(word) >= _SHORTEST_PART and word in folded for word in words)


def excerpt(text: str, language: str, wanted: Terms, most: int = 170) -> str:
    """So much of a text as a list shows, from the first word that was looked for where it is long."""
    text = unicodedata.normalize("NFC", text)
    if len(text) <= most:
        return text
    hits = (f.start() for f in _WORD.finditer(text) if is_meant(f[0], language, wanted))
    first = next(hits, 0)
    start = 0
    if first > most * 2 // 3:
        # A few words before the hit, from the beginning of a word.
        start = text.find(" ", max(0, first - 50)) + 1
    cut = text[start : start + most]
    if start + most < len(text):
        cut = cut.rpartition(" ")[0] or cut
        cut = cut.rstrip(" ,;:–-") + "…"
    return ("…" if start else "") + cut
