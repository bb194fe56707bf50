"""Languages, their other codes, and whose text stands in for a missing one."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.utils.translation import get_language_info, to_locale

from languages import registry


def test_the_five_languages() -> None:
    assert registry.CODES == ("uz", "uz-cyrl", "kaa", "ru", "en")
    for language in registry.LANGUAGES:
        assert language.catalogue_dir == to_locale(language.code)
        assert get_language_info(language.code)["name_local"] == language.name_local


@pytest.mark.parametrize(
    ("segment", "code"),
    [
        ("uz-Cyrl", "uz-cyrl"),
        ("UZ", "uz"),
        ("uz-latn", "uz"),
        ("oz", "uz"),
        ("qr", "kaa"),
        ("uz_Cyrl", "uz-cyrl"),
        ("services", None),
        ("", None),
    ],
)
def test_codes_of_other_sites(segment: str, code: str | None) -> None:
    assert registry.resolve_alias(segment) == code


@pytest.mark.parametrize(
    ("texts", "language", "found"),
    [
        ({"uz": "Shahar", "ru": "Город"}, "ru", ("Город", "ru")),
        ({"uz": "Shahar", "ru": "Город"}, "uz-cyrl", ("Шаҳар", "uz-cyrl")),
        ({"uz_cyrl": "Шаҳар"}, "uz", ("Shahar", "uz")),
        ({"uz": "Shahar", "uz_cyrl": "Шахар"}, "uz-cyrl", ("Шахар", "uz-cyrl")),
        ({"uz": "Shahar", "en": "City"}, "kaa", ("Shahar", "uz")),
        ({"en": "City", "ru": "Город"}, "kaa", ("Город", "ru")),
        ({"kaa": "Qala"}, "en", ("Qala", "kaa")),
        ({"uz": "", "en": "City"}, "uz", ("City", "en")),
        ({"uz": "Shahar"}, "xx", ("Shahar", "uz")),
        ({}, "ru", ("", "ru")),
    ],
)
def test_pick(texts: dict[str, str], language: str, found: tuple[str, str]) -> None:
    assert registry.pick(texts, language) == found


def test_the_pure_part_needs_no_django() -> None:
    code = (
        "import sys, languages, languages.uzbek, languages.karakalpak, languages.analysis, "
        "languages.registry, languages.dates; "
        "sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": "site"}).returncode == 0
