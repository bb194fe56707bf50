"""Text maps: one text in the portal's languages, kept in one JSON value."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language

from languages import convert_html, registry, uzbek

#: Data files write `uz_cyrl`; everywhere inside the portal the code is `uz-cyrl`.
_SPELLINGS = {"uz_cyrl": "uz-cyrl", "uz_latn": "uz", "uz-latn": "uz"}


def complete(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the map with normalised codes, without empty texts, with the Cyrillic one derived."""
    result = {
        _SPELLINGS.get(code.lower(), code.lower()): text for code, text in texts.items() if text
    }
    if "uz" in result and "uz-cyrl" not in result:
        source = result["uz"]
        # Rich text: only its text nodes are converted.
        result["uz-cyrl"] = (
            convert_html(source, uzbek.to_cyrillic) if "</" in source else uzbek.to_cyrillic(source)
        )
    return result


def renewed(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """A changed text map with its Cyrillic text derived anew where the Uzbek one changed.

    A Cyrillic text that was changed with it is an editor's own and stands.
    """
    before, after = complete(old), complete(new)
    changed = before.get("uz") != after.get("uz")
    if changed and before.get("uz-cyrl") == after.get("uz-cyrl"):
        return complete({code: text for code, text in after.items() if code != "uz-cyrl"})
    return after


def pick_with_language(texts: Mapping[str, str], language: str | None = None) -> tuple[str, str]:
    """Return (text, its language) for a reader of `language` (default: the active one).

    Falls back in the reader's order of languages; ("", language) where the map is empty.
    """
    wanted = language or get_language() or registry.SOURCE
    return registry.pick(dict(texts), wanted)


def pick(texts: Mapping[str, str], language: str | None = None) -> str:
    """Return the text for a reader of `language` (default: the active one)."""
    return pick_with_language(texts, language)[0]


def pick_noted(texts: Mapping[str, str], language: str) -> tuple[str, str]:
    """(text, "") for a reader of `language`; where it lacks theirs, (text that ends with the name of
    the language it is in, that language's code)."""
    text, code = pick_with_language(texts, language)
    if not text or code == language:
        return text, ""
    return f"{text} ({registry.by_code(code).name_local})", code


def lacking(texts: Mapping[str, str]) -> list[str]:
    """Names of the languages that a text is not there in; none where there is no text at all."""
    return [
        language.name_local
        for language in registry.LANGUAGES
        if any(texts.values()) and not texts.get(language.code, "").strip()
    ]
