"""wagtail-localize's record of what is to be translated of a page, written in bulk.

The same rows that its own `refresh_segments` writes (source, contexts, strings, segments), in about
fifteen queries for a batch of pages instead of several for each segment. Translatable rows that are
no pages are recorded alike.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone
from modelcluster.models import ClusterableModel, get_serializable_data_for_fields
from wagtail_localize.models import (
    OverridableSegment,
    RelatedObjectSegment,
    String,
    StringSegment,
    Template,
    TemplateSegment,
    TranslatableObject,
    TranslationContext,
    TranslationSource,
    get_schema_version,
)
from wagtail_localize.segments.extract import extract_segments
from wagtail_localize.segments.types import (
    OverridableSegmentValue,
    RelatedObjectSegmentValue,
    StringSegmentValue,
    TemplateSegmentValue,
)

_BATCH = 500


@dataclass(frozen=True)
class Recorded:
    """A page (or row) as it was recorded: its source and what its texts hang on."""

    page: Any
    source: TranslationSource
    #: Values of wagtail-localize in the order of the page.
    segments: list[Any]
    #: Path of a segment → its context.
    contexts: dict[str, TranslationContext] = field(default_factory=dict)
    #: Text → its row.
    strings: dict[str, String] = field(default_factory=dict)


@transaction.atomic
def record(pages: Sequence[Any]) -> list[Recorded]:
    """Record source pages (or rows) of one language as they are now, in the order given.

    Segments that stand keep their rows, so an editor that is open goes on working.
    """
    if not pages:
        return []
    keys = _objects(pages)
    sources = _sources(pages)
    recorded = [
        Recorded(page, sources[page.translation_key], extract_segments(page)) for page in pages
    ]
    _contexts(recorded, keys)
    strings = _strings(recorded)
    for one in recorded:
        for segment in one.segments:
            if isinstance(segment, StringSegmentValue):
                one.strings[segment.string.data] = strings[segment.string.data]
    _string_segments(recorded)
    _template_segments(recorded)
    _overridable_segments(recorded)
    _related_segments(recorded)
    return recorded


def _objects(pages: Sequence[Any]) -> list[UUID]:
    TranslatableObject.objects.bulk_create(
        [
            TranslatableObject(
                translation_key=page.translation_key,
                content_type=ContentType.objects.get_for_model(page.get_translation_model()),
            )
            for page in pages
        ],
        ignore_conflicts=True,
        batch_size=_BATCH,
    )
    return [page.translation_key for page in pages]


def content_json(page: Any) -> str:
    """What wagtail-localize keeps of a page or row: its values as JSON."""
    if isinstance(page, ClusterableModel):
        return str(page.to_json())
    return json.dumps(get_serializable_data_for_fields(page), cls=DjangoJSONEncoder)


def _sources(pages: Sequence[Any]) -> dict[UUID, TranslationSource]:
    known = {
        source.object_id: source
        for source in TranslationSource.objects.filter(
            object__in=[page.translation_key for page in pages], locale=pages[0].locale_id
        )
    }
    fresh = []
    now = timezone.now()
    for page in pages:
        source = known.get(page.translation_key)
        if source is None:
            source = TranslationSource(object_id=page.translation_key, locale_id=page.locale_id)
            fresh.append(source)
            known[page.translation_key] = source
        source.specific_content_type = ContentType.objects.get_for_model(type(page))
        source.object_repr = str(page)[:200]
        source.content_json = content_json(page)
        source.schema_version = get_schema_version(page._meta.app_label)
        source.last_updated_at = now
        if source.pk:
            source.save()
    TranslationSource.objects.bulk_create(fresh, batch_size=_BATCH)
    return known


def _contexts(recorded: Iterable[Recorded], keys: list[UUID]) -> None:
    known: dict[UUID, dict[str, TranslationContext]] = {}
    for start in range(0, len(keys), _BATCH):
        rows = TranslationContext.objects.filter(object__in=keys[start : start + _BATCH])
        for row in rows:
            known.setdefault(row.object_id, {})[row.path] = row
    fresh = []
    for one in recorded:
        present = known.get(one.source.object_id, {})
        for segment in one.segments:
            path = segment.path
            if path not in one.contexts:
                context = present.get(path) or _context(one, path)
                one.contexts[path] = context
                if context.pk is None:
                    fresh.append(context)
    TranslationContext.objects.bulk_create(fresh, batch_size=_BATCH)


def _context(one: Recorded, path: str) -> TranslationContext:
    context = TranslationContext(object_id=one.source.object_id, path=path)
    context.path_id = TranslationContext._get_path_id(path)
    # `get_field_path` saves what it works out; in bulk it is written with the rest.
    context.save = lambda *args, **kwargs: None  # type: ignore[method-assign]
    context.get_field_path(one.page)
    del context.save
    return context


def _strings(recorded: Sequence[Recorded]) -> dict[str, String]:
    """text → its row, made where missing."""
    locale = recorded[0].page.locale_id
    hashes = {
        segment.string.data: String._get_data_hash(segment.string.data)
        for one in recorded
        for segment in one.segments
        if isinstance(segment, StringSegmentValue)
    }
    found = _known_strings(locale, list(hashes.values()))
    fresh = [text for text, key in hashes.items() if key not in found]
    if fresh:
        String.objects.bulk_create(
            [String(locale_id=locale, data=text, data_hash=hashes[text]) for text in fresh],
            ignore_conflicts=True,
            batch_size=_BATCH,
        )
        # Another process may have written one of them.
        found |= _known_strings(locale, [hashes[text] for text in fresh])
    return {text: found[key] for text, key in hashes.items()}


def _known_strings(locale: int, hashes: list[UUID]) -> dict[UUID, String]:
    found = {}
    for start in range(0, len(hashes), _BATCH):
        part = hashes[start : start + _BATCH]
        for row in String.objects.filter(locale_id=locale, data_hash__in=part):
            found[row.data_hash] = row
    return found


def _keep(
    model: type[Any],
    columns: tuple[str, ...],
    wanted: dict[tuple[Any, ...], Any],
    sources: list[int],
) -> None:
    """Make a table hold exactly the wanted rows of these sources, touching only what differs."""
    present: set[tuple[Any, ...]] = set()
    stale = []
    rows = model.objects.filter(source__in=sources).values_list("pk", "source_id", *columns)
    for pk, *values in rows:
        key = tuple(values)
        if key in wanted and key not in present:
            present.add(key)
        else:
            stale.append(pk)
    for start in range(0, len(stale), _BATCH):
        model.objects.filter(pk__in=stale[start : start + _BATCH]).delete()
    model.objects.bulk_create(
        [row for key, row in wanted.items() if key not in present], batch_size=_BATCH
    )


def _ids(recorded: Sequence[Recorded]) -> list[int]:
    return [one.source.pk for one in recorded]


def _string_segments(recorded: Sequence[Recorded]) -> None:
    wanted = {}
    for one in recorded:
        for segment in one.segments:
            if not isinstance(segment, StringSegmentValue):
                continue
            context, string = one.contexts[segment.path], one.strings[segment.string.data]
            attrs = json.dumps(segment.attrs, cls=DjangoJSONEncoder)
            wanted[one.source.pk, context.pk, string.pk, segment.order, attrs] = StringSegment(
                source=one.source, context=context, string=string, order=segment.order, attrs=attrs
            )
    _keep(
        StringSegment, ("context_id", "string_id", "order", "attrs"), wanted, _ids(recorded)
    )  # fmt: skip


def _template_segments(recorded: Sequence[Recorded]) -> None:
    templates: dict[tuple[str, str], Template] = {}
    wanted = {}
    for one in recorded:
        for segment in one.segments:
            if not isinstance(segment, TemplateSegmentValue):
                continue
            key = segment.format, segment.template
            if key not in templates:
                templates[key] = Template.from_value(segment)
            context = one.contexts[segment.path]
            wanted[one.source.pk, context.pk, templates[key].pk, segment.order] = TemplateSegment(
                source=one.source, context=context, template=templates[key], order=segment.order
            )
    _keep(TemplateSegment, ("context_id", "template_id", "order"), wanted, _ids(recorded))


def _overridable_segments(recorded: Sequence[Recorded]) -> None:
    wanted = {}
    for one in recorded:
        for segment in one.segments:
            if not isinstance(segment, OverridableSegmentValue):
                continue
            context = one.contexts[segment.path]
            data = json.dumps(segment.data, cls=DjangoJSONEncoder)
            wanted[one.source.pk, context.pk, segment.order, data] = OverridableSegment(
                source=one.source, context=context, order=segment.order, data_json=data
            )
    _keep(OverridableSegment, ("context_id", "order", "data_json"), wanted, _ids(recorded))


def _related_segments(recorded: Sequence[Recorded]) -> None:
    """No page of ours names a translatable row; a future one is recorded one by one."""
    for one in recorded:
        seen = [
            RelatedObjectSegment.from_value(one.source, segment).pk
            for segment in one.segments
            if isinstance(segment, RelatedObjectSegmentValue)
        ]
        if seen:
            RelatedObjectSegment.objects.filter(source=one.source).exclude(pk__in=seen).delete()
