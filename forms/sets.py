"""Questions of shared sets, as a step asks them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps


def questions_of(chosen: Iterable[Mapping[str, Any]], locale_id: int) -> list[Mapping[str, Any]]:
    """Raw question blocks of the sets that a step chooses, in a language.

    `chosen` are raw blocks whose value is the primary key of a set in the source language. A set
    that is not translated gives its source texts.
    """
    keys = [block["value"] for block in chosen if block["value"]]
    if not keys:
        return []
    model = apps.get_model("portal_forms", "QuestionSet")
    sources = model.objects.in_bulk(keys)
    rows = model.objects.filter(
        translation_key__in=[row.translation_key for row in sources.values()], locale_id=locale_id
    )
    translated = {row.translation_key: row for row in rows}
    found: list[Mapping[str, Any]] = []
    for key in keys:
        if key in sources:
            row = translated.get(sources[key].translation_key, sources[key])
            found.extend(row.questions.raw_data)
    return found
