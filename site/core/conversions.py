"""Texts that a converter writes: machine translations in wagtail-localize's records.

An editor's own text in their place (an override) stands while its source segment stands. When the
source changes, the conversion takes its place and the override is listed as lost.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from wagtail.models import Locale, Page
from wagtail_localize.models import (
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)

from core import translations
from languages import registry
from languages.translator import TOOL, converted

#: Languages that follow their source by conversion.
FOLLOWERS = tuple(registry.DERIVED)


def convert(source: TranslationSource, locale: Locale) -> Any | None:
    """Write the machine translations of a page (or row) and save its target, live on commit.

    Returns the target; None where the translation was stopped.
    """
    translation, _made = Translation.objects.get_or_create(source=source, target_locale=locale)
    if not translation.enabled:
        return None
    _write_conversions(source, locale)
    home = Page.objects.filter(translation_key=source.object_id, locale=locale, depth=2)
    if home.exists():
        # Its slug is its own.
        revision = translations.save_draft(translation)
        transaction.on_commit(revision.publish)
    else:
        translation.save_target(publish=True)
    return source.get_translated_instance(locale)


def _write_conversions(source: TranslationSource, locale: Locale) -> None:
    """Machine translations of every segment; an override stands while its segment stands."""
    pair = source.locale.language_code, locale.language_code
    segments = list(StringSegment.objects.filter(source=source).select_related("string"))
    known = {
        (row.translation_of_id, row.context_id): row
        for row in StringTranslation.objects.filter(locale=locale, context__object=source.object_id)
    }
    fresh, changed = {}, []
    for segment in segments:
        key = segment.string_id, segment.context_id
        row, text = known.get(key), converted(segment.string.data, *pair)
        if row is None:
            fresh[key] = StringTranslation(
                translation_of_id=segment.string_id,
                context_id=segment.context_id,
                locale=locale,
                data=text,
                translation_type=StringTranslation.TRANSLATION_TYPE_MACHINE,
                tool_name=TOOL,
            )
        elif row.translation_type == StringTranslation.TRANSLATION_TYPE_MACHINE and (
            row.data != text or row.has_error
        ):
            row.data, row.tool_name, row.has_error, row.field_error = text, TOOL, False, ""
            changed.append(row)
    StringTranslation.objects.bulk_create(fresh.values(), batch_size=500)
    StringTranslation.objects.bulk_update(
        changed, ["data", "tool_name", "has_error", "field_error"], batch_size=500
    )


def overrides(locale: Locale) -> Any:
    """Texts that an editor wrote over the conversion, as StringTranslation rows."""
    return StringTranslation.objects.filter(
        locale=locale, translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL
    )


def lost_overrides(locale: Locale) -> list[StringTranslation]:
    """Overrides whose source text has changed, so that the conversion took their place."""
    rows = overrides(locale).filter(context__isnull=False).select_related("context__object")
    stands = set(
        StringSegment.objects.filter(context__in=rows.values("context")).values_list(
            "string_id", "context_id"
        )
    )
    used = {context for _string, context in stands}
    return [
        row
        for row in rows
        if row.context_id in used and (row.translation_of_id, row.context_id) not in stands
    ]


def now_at(lost: StringTranslation) -> tuple[str, str]:
    """(Uzbek text, its text in the language) that stand now where an override was lost.

    The first of them where a rich text holds several.
    """
    segment = (
        StringSegment.objects.filter(context=lost.context)
        .select_related("string")
        .annotate_translation(lost.locale)
        .order_by("order")
        .first()
    )
    return (segment.string.data, segment.translation or "") if segment else ("", "")
