"""The portal's languages, their codes, and whose text stands in for a missing one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from languages import uzbek


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the portal in one script."""

    #: Code in addresses and in text maps.
    code: str
    #: What HTML says in `lang` and `hreflang`.
    bcp47: str
    #: English name, and the name in the language itself.
    name: str
    name_local: str
    #: ISO 639 code.
    iso: str
    #: ISO 15924 code of the script.
    script: str
    #: Folder of its gettext catalogue and formats (Django's `to_locale`).
    catalogue_dir: str
    #: Whose text a reader sees where there is none, in this order.
    fallbacks: tuple[str, ...]


LANGUAGES: tuple[Language, ...] = (
    Language("uz", "uz-Latn", "Uzbek (Latin)", "Oʻzbekcha", "uz", "Latn", "uz",
             ("uz-cyrl", "ru", "en", "kaa")),
    Language("uz-cyrl", "uz-Cyrl", "Uzbek (Cyrillic)", "Ўзбекча", "uz", "Cyrl", "uz_Cyrl",
             ("uz", "ru", "en", "kaa")),
    Language("kaa", "kaa-Latn", "Karakalpak", "Qaraqalpaqsha", "kaa", "Latn", "kaa",
             ("uz", "ru", "en", "uz-cyrl")),
    Language("ru", "ru", "Russian", "Русский", "ru", "Cyrl", "ru",
             ("uz", "en", "uz-cyrl", "kaa")),
    Language("en", "en", "English", "English", "en", "Latn", "en",
             ("uz", "ru", "uz-cyrl", "kaa")),
)  # fmt: skip
CODES: tuple[str, ...] = tuple(language.code for language in LANGUAGES)
#: The language that editors write first and all others are translated from.
SOURCE = "uz"
#: language → the language it is derived from by conversion.
DERIVED = {"uz-cyrl": "uz"}

_BY_CODE = {language.code: language for language in LANGUAGES}
#: First components of addresses that other government sites taught people. Keys are lower case
#: with hyphens.
_ALIASES = {
    "oz": "uz", "uz-latn": "uz", "uz-uz": "uz", "uz-latn-uz": "uz", "uzb": "uz",
    "uz-cyrl-uz": "uz-cyrl", "uz-cyr": "uz-cyrl",
    "qr": "kaa", "kaa-latn": "kaa", "kaa-uz": "kaa", "qq": "kaa",
    "rus": "ru", "ru-ru": "ru", "eng": "en", "en-us": "en", "en-gb": "en",
}  # fmt: skip


def by_code(code: str) -> Language:
    """The language of a code. Raises KeyError where there is none."""
    return _BY_CODE[code]


def resolve_alias(segment: str) -> str | None:
    """Our code for another spelling of a language's code (`UZ`, `oz`, `uz_Cyrl`), or None."""
    small = segment.lower().replace("_", "-")
    return small if small in _BY_CODE else _ALIASES.get(small)


@lru_cache(maxsize=4096)
def _converted(text: str, language: str) -> str:
    return uzbek.to_cyrillic(text) if language == "uz-cyrl" else uzbek.to_latin(text)


def _text(texts: Mapping[str, str], code: str) -> str:
    return texts.get(code) or texts.get(code.replace("-", "_")) or ""


def pick(texts: Mapping[str, str], language: str) -> tuple[str, str]:
    """(text, its language) for a reader of `language`; ("", language) where there is none.

    In this order: the language itself, Uzbek in the other script converted (for a reader of
    Uzbek), then `Language.fallbacks`. Keys may be `uz-cyrl` or `uz_cyrl`.
    """
    if found := _text(texts, language):
        return found, language
    other = {"uz": "uz-cyrl", "uz-cyrl": "uz"}.get(language)
    if other is not None and (found := _text(texts, other)):
        return _converted(found, language), language
    known = _BY_CODE.get(language)
    for code in known.fallbacks if known else (SOURCE, *_BY_CODE[SOURCE].fallbacks):
        if found := _text(texts, code):
            return found, code
    return "", language
