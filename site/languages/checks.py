"""Each language is complete: known to Django, with formats and an up-to-date compiled catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils.translation import to_locale

from languages.registry import CODES

_COMPILE = "Run manage.py compile_messages_polib."


def _has_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def _format_modules() -> list[str]:
    path = settings.FORMAT_MODULE_PATH or []
    return [path] if isinstance(path, str) else list(path)


def _problems(code: str) -> Iterator[CheckMessage]:
    locale = to_locale(code)
    if code not in CODES:
        yield Error(
            f"Language {code} is not one of the portal's.",
            hint="Add it to languages.registry.LANGUAGES or take it out of LANGUAGES.",
            id="languages.E004",
        )
    if code not in LANG_INFO:
        yield Error(
            f"Django does not know the language {code}.",
            hint="Call languages.django_setup.install_lang_info() at the top of the settings.",
            id="languages.E001",
        )
    if not any(_has_module(f"{path}.{locale}.formats") for path in _format_modules()):
        yield Error(
            f"Language {code} has no formats.",
            hint=f"Write languages/formats/{locale}/formats.py and set FORMAT_MODULE_PATH.",
            id="languages.E002",
        )
    folders = [Path(path) / locale / "LC_MESSAGES" for path in settings.LOCALE_PATHS]
    compiled = [folder / "django.mo" for folder in folders if (folder / "django.mo").exists()]
    if not compiled:
        yield Error(
            f"Language {code} has no compiled catalogue.", hint=_COMPILE, id="languages.E003"
        )
    for path in compiled:
        source = path.with_suffix(".po")
        if source.exists() and source.stat().st_mtime > path.stat().st_mtime:
            yield Warning(
                f"The compiled catalogue of {code} is older than its source.",
                hint=_COMPILE,
                id="languages.W001",
            )


@register("languages")
def every_language_is_complete(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Without a catalogue `/kaa/` redirects to `/uz/kaa/` and says nothing (verified)."""
    return [problem for code, _name in settings.LANGUAGES for problem in _problems(code)]
