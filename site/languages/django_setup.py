"""What Django must know of our languages before it is set up; settings call this first."""

from __future__ import annotations

from django.conf.locale import LANG_INFO

from languages.registry import LANGUAGES


def install_lang_info() -> None:
    """Teach Django our languages: without it `get_language_info` raises for `kaa`.

    For `uz-cyrl` it would show the Latin name. Idempotent.
    """
    for language in LANGUAGES:
        LANG_INFO[language.code] = {
            "bidi": False,
            "code": language.code,
            "name": language.name,
            "name_local": language.name_local,
        }
