"""Convert the text of HTML and leave its markup alone, byte for byte.

The standard library's parser is not used: it neither keeps the source of attributes nor promises
never to raise, and its idea of a text node changed between patch releases of Python 3.11.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from languages.signs import APOSTROPHES

#: A comment, a tag (quotes may hold `>`), a declaration or an instruction.
_MARKUP = re.compile(
    r"""<!--.*?(?:-->|\Z)
    | </?(?P<name>[A-Za-z][^\s/>]*+)(?:"[^"]*+"|'[^']*+'|[^'">])*+>
    | <[!?][^>]*+(?:>|\Z)""",
    re.DOTALL | re.VERBOSE,
)
_REFERENCE = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]*|#\d+|#[xX][0-9A-Fa-f]+);")
#: What these hold is no prose, or the author asked to leave it.
_OPAQUE = frozenset({"script", "style", "code", "pre", "kbd", "samp", "var", "textarea", "svg"})
_UNTRANSLATED = re.compile(r"""\stranslate\s*=\s*["']?no\b""", re.IGNORECASE)
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"}
)


def convert_html(html: str, function: Callable[[str], str]) -> str:
    """Apply `function` (plain text → plain text) to the text nodes of HTML.

    Tags, attributes, comments and the content of script, style, code, pre and of elements with
    `translate="no"` stay as they are. So do character references, save those for letters and
    apostrophes inside a word that `function` changes.
    """
    parts: list[str] = []
    position, opaque, depth = 0, "", 0
    for match in _MARKUP.finditer(html):
        text, mark = html[position : match.start()], match.group()
        parts += [text if opaque else _text(text, function), mark]
        position = match.end()
        name = (match["name"] or "").lower()
        if opaque and name == opaque:
            depth += -1 if mark.startswith("</") else not mark.endswith("/>")
            opaque = opaque if depth > 0 else ""
        elif not opaque and name and _opens(mark, name):
            opaque, depth = name, 1
    rest = html[position:]
    return "".join([*parts, rest if opaque else _text(rest, function)])


def _opens(mark: str, name: str) -> bool:
    """Whether a tag opens an element whose text stays as it is."""
    if mark.startswith("</") or mark.endswith("/>") or name in _VOID:
        return False
    return name in _OPAQUE or _UNTRANSLATED.search(mark) is not None


def _text(text: str, function: Callable[[str], str]) -> str:
    """One text node: references to spaces part it, others stand in as signs of their own."""
    if not text:
        return text
    if "&" not in text:
        return function(text)
    parts, position = [], 0
    for match in _REFERENCE.finditer(text):
        if unescape(match.group()).isspace():
            parts += [_run(text[position : match.start()], function), match.group()]
            position = match.end()
    return "".join([*parts, _run(text[position:], function)])


def _run(text: str, function: Callable[[str], str]) -> str:
    stand_in = next((sign for sign in map(chr, range(0xE000, 0xF8FF)) if sign not in text), "")
    if not stand_in:
        return text
    kept: list[str] = []

    def plain(match: re.Match[str]) -> str:
        meant = unescape(match.group())
        if len(meant) == 1 and (meant.isalpha() or meant in APOSTROPHES):
            return meant
        kept.append(match.group())
        return stand_in

    source = _REFERENCE.sub(plain, text)
    result = function(source)
    if result == source or result.count(stand_in) != len(kept):
        return text
    references = iter(kept)
    return re.sub(stand_in, lambda _: next(references), result)
