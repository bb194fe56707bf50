"""wagtail-localize's machine translator for scripts: Uzbek in Latin to Uzbek in Cyrillic.

No other pair is offered: a language is translated by people.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wagtail.models import Locale
from wagtail_localize.machine_translators.base import BaseMachineTranslator
from wagtail_localize.strings import StringValue

from languages import convert_html, registry, uzbek

#: (source, target) → conversion of plain text.
PAIRS = {(registry.SOURCE, "uz-cyrl"): uzbek.to_cyrillic}
TOOL = "Uzbek script converter"


def converted(html: str, source: str, target: str) -> str:
    """A segment of a page in another script; its tags stay. Raises KeyError for other pairs."""
    return convert_html(html, PAIRS[source, target])


class ScriptTranslator(BaseMachineTranslator):
    """Routes a pair of locales to its conversion."""

    display_name = TOOL

    def can_translate(self, source_locale: Locale, target_locale: Locale) -> bool:
        """Only between scripts of one language."""
        return (source_locale.language_code, target_locale.language_code) in PAIRS

    def translate(
        self, source_locale: Locale, target_locale: Locale, strings: Iterable[Any]
    ) -> dict[Any, Any]:
        """Each string of wagtail-localize with its conversion."""
        pair = source_locale.language_code, target_locale.language_code
        return {text: StringValue(converted(text.data, *pair)) for text in strings}
