"""Translate many pages at once and leave wagtail-localize's records right.

Sending one page for translation through wagtail-localize takes about a second and 750 queries.
Here the same rows (source, contexts, strings, segments, translations) are written in bulk for a
batch of pages, so that a later sync finds them and keeps every text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.db.models.signals import post_save
from django.utils import timezone
from modelcluster.models import get_all_child_relations
from modelsearch.index import get_indexed_models
from modelsearch.signal_handlers import post_save_signal_handler
from wagtail.blocks import StreamValue
from wagtail.log_actions import log
from wagtail.models import Locale, Page, PageLogEntry, TranslatableMixin
from wagtail.signal_handlers import disable_reference_index_auto_update
from wagtail_localize.models import (
    StringSegment,
    StringTranslation,
    Translation,
)
from wagtail_localize.segments.ingest import ingest_segments
from wagtail_localize.segments.types import (
    StringSegmentValue,
    TemplateSegmentValue,
)
from wagtail_localize.strings import StringValue, extract_strings

from core.models import BasePage
from core.segments import Recorded, record
from core.translations import is_wordless
from languages.translator import TOOL, converted

#: Text of the source → text map.
Memory = Mapping[str, Mapping[str, str]]


_left_for_later: ContextVar[bool] = ContextVar("indexing_left_for_later", default=False)


def indexing_left_for_later() -> bool:
    """Whether whoever writes now indexes everything afterwards."""
    return _left_for_later.get()


@contextmanager
def without_indexing(*, everything: bool = False) -> Iterator[None]:
    """Save many pages without indexing each: the caller brings the indexes up to date after.

    `everything`: so it is with snippets, and with the portal's own index of services.
    """
    models = get_indexed_models() if everything else _page_models()
    receivers = [model for model in models if post_save.disconnect(post_save_signal_handler, model)]
    token = _left_for_later.set(everything)
    try:
        with disable_reference_index_auto_update():
            yield
    finally:
        _left_for_later.reset(token)
        for model in receivers:
            post_save.connect(post_save_signal_handler, sender=model)


def _page_models() -> list[type[Any]]:
    return [model for model in BasePage.__subclasses__() for model in _concrete(model)]


def _concrete(model: type[Any]) -> list[type[Any]]:
    own = [] if model._meta.abstract else [model]
    return own + [found for child in model.__subclasses__() for found in _concrete(child)]


def add_live(parent: Page, page: Page, reason: str) -> Page:
    """Add a page under `parent`, published past the gate by an operator; history says `reason`."""
    _publish(page)
    parent.add_child(instance=page)
    _say_why([page], reason)
    return page


def _publish(page: Page) -> None:
    page.live, page.has_unpublished_changes = True, False
    page.first_published_at = page.last_published_at = timezone.now()
    page.draft_title = page.title


def _say_why(pages: Sequence[Page], reason: str) -> None:
    """Add the reason to what the history says of the making of these pages."""
    PageLogEntry.objects.filter(
        page__in=[page.pk for page in pages], action="wagtail.create"
    ).update(data={"comment": reason})


def _add_with_rows(parent: Page, page: Page) -> None:
    """`add_child` for a page that is new: its child rows are written with one query for each kind.

    modelcluster asks first, kind by kind, what the page had, and writes row by row.
    """
    rows = page.__dict__.pop("_cluster_related_objects", {})
    parent.add_child(instance=page)
    for relation in get_all_child_relations(type(page)):
        own = rows.get(relation.get_accessor_name(), [])
        for row in own:
            setattr(row, relation.field.name, page)
        relation.related_model._default_manager.bulk_create(own)


def string_memory(memory: Memory) -> dict[str, dict[str, str]]:
    """The memory with the strings inside rich texts added, where their structure agrees."""
    whole: dict[str, dict[str, str]] = {}
    for source, texts in memory.items():
        plain = StringValue.from_plaintext(source).data
        whole.setdefault(plain, {}).update(
            {code: StringValue.from_plaintext(text).data for code, text in texts.items()}
        )
        if "<" not in source:
            continue
        pieces = [string.data for string, _attrs in extract_strings(source)[1]]
        for code, text in texts.items():
            other = [string.data for string, _attrs in extract_strings(text)[1]]
            if len(other) == len(pieces):
                for piece, translated in zip(pieces, other, strict=True):
                    whole.setdefault(piece, {})[code] = translated
    return whole


@transaction.atomic
def translate_new(
    pages: Sequence[tuple[Page, Memory]], locales: Sequence[Locale], machine: frozenset[str]
) -> list[Page]:
    """Make the translations of pages that have none, with wagtail-localize's records.

    `pages` are published pages of the source language, none the parent of another, whose parents
    are translated already. `machine` names the languages whose texts are converted, where the memory
    lacks one too. Numbers and signs are the same in every language; any other string that the memory
    lacks falls back to the source. Returns the new pages, all published.
    """
    made: list[Page] = []
    translations: list[StringTranslation] = []
    memories = [string_memory(memory) for _page, memory in pages]
    parents = _parents([page for page, _memory in pages])
    with _rows_at_hand([page for page, _memory in pages]):
        recorded = record([page for page, _memory in pages])
        for one, memory in zip(recorded, memories, strict=True):
            own = parents[one.page.path[: -one.page.steplen]]
            made += _translate_one(one, memory, own, locales, machine, translations)
    _say_why(made, "imported")
    StringTranslation.objects.bulk_create(translations, batch_size=500, ignore_conflicts=True)
    # These texts are in the pages: none of them waits to be sent for approval.
    Translation.objects.filter(
        source__object__in=[page.translation_key for page, _memory in pages]
    ).update(destination_last_updated_at=timezone.now())
    return made


def _parents(pages: Sequence[Page]) -> dict[str, dict[int, Page]]:
    """Path of a parent → language → the parent's page in it, one object for all its children."""
    paths = {page.path[: -page.steplen] for page in pages}
    keys = dict(Page.objects.filter(path__in=paths).values_list("path", "translation_key"))
    found: dict[Any, dict[int, Page]] = {}
    for parent in Page.objects.filter(translation_key__in=keys.values()):
        found.setdefault(parent.translation_key, {})[parent.locale_id] = parent
    return {path: found[key] for path, key in keys.items()}


@contextmanager
def _rows_at_hand(pages: Sequence[Page]) -> Iterator[None]:
    """Read the child rows of many pages at once, and forget them at the end."""
    by_type: dict[type[Page], list[Page]] = {}
    for page in pages:
        by_type.setdefault(type(page), []).append(page)
    for model, members in by_type.items():
        names = [relation.get_accessor_name() for relation in get_all_child_relations(model)]
        prefetch_related_objects(members, *names)
    try:
        yield
    finally:
        for page in pages:
            page.__dict__.pop("_prefetched_objects_cache", None)


def _translate_one(
    recorded: Recorded,
    memory: dict[str, dict[str, str]],
    parents: Mapping[int, Page],
    locales: Sequence[Locale],
    machine: frozenset[str],
    translations: list[StringTranslation],
) -> list[Page]:
    page = recorded.page
    made = []
    for locale in locales:
        if locale.pk not in parents:
            continue  # its parent is not translated: there is no place for it yet
        Translation.objects.create(source=recorded.source, target_locale=locale)
        code = locale.language_code
        values = []
        for segment in recorded.segments:
            if isinstance(segment, StringSegmentValue):
                text = memory.get(segment.string.data, {}).get(code)
                if not text and code in machine:
                    text = converted(segment.string.data, settings.LANGUAGE_CODE, code)
                elif not text and is_wordless(segment):
                    text = segment.string.data
                if text:
                    by_machine = _is_conversion(segment.string.data, text, code, machine)
                    translations.append(
                        StringTranslation(
                            translation_of=recorded.strings[segment.string.data],
                            context=recorded.contexts[segment.path],
                            locale=locale,
                            data=text,
                            translation_type="machine" if by_machine else "manual",
                            tool_name=TOOL if by_machine else "",
                        )
                    )
                    own = StringSegmentValue(
                        segment.path, StringValue(text), attrs=segment.attrs
                    ).with_order(segment.order)
                    values.append(own)
                else:
                    values.append(segment)
            elif isinstance(segment, TemplateSegmentValue):
                values.append(segment)
        target = _copy(page, locale)
        ingest_segments(_fresh(page), target, page.locale, locale, values)
        _publish(target)
        _add_with_rows(parents[locale.pk], target)
        made.append(target)
    return made


def _is_conversion(source: str, text: str, code: str, machine: frozenset[str]) -> bool:
    """Whether a text is what the converter makes; any other is somebody's own and stands."""
    return code in machine and text == converted(source, settings.LANGUAGE_CODE, code)


def _columns(row: Any) -> dict[str, Any]:
    """attname → value of a row's own columns; streams are rebuilt, since ingesting changes them."""
    values: dict[str, Any] = {}
    for column in row._meta.concrete_fields:
        value = row.__dict__.get(column.attname)
        if isinstance(value, StreamValue):
            raw = json.loads(json.dumps(value.get_prep_value()))
            value = StreamValue(value.stream_block, raw, is_lazy=True)
        values[column.attname] = value
    return values


def _fresh(page: Page) -> Page:
    """An independent copy in memory, child rows included, without a query."""
    twin = type(page)(**_columns(page))
    twin._state.adding = False
    for relation in get_all_child_relations(type(page)):
        name = relation.get_accessor_name()
        setattr(twin, name, [type(row)(**_columns(row)) for row in getattr(page, name).all()])
    return twin


def _copy(page: Page, locale: Locale) -> Page:
    """An unsaved copy of a page and its child rows in another language."""
    target = _fresh(page)
    target.pk = target.id = target.page_ptr_id = None  # type: ignore[attr-defined]
    target.path, target.depth, target.numchild, target.url_path = "", None, 0, ""
    target.locale = locale
    target.latest_revision = target.live_revision = None
    target._state.adding = True
    for relation in get_all_child_relations(type(page)):
        for row in getattr(target, relation.get_accessor_name()).all():
            row.pk = None
            row._state.adding = True
            if isinstance(row, TranslatableMixin):
                row.locale = locale
    return target


def alias_new(page: Page, locales: Sequence[Locale]) -> None:
    """Aliases of a source page in languages it is not translated into: nobody meets a dead end.

    A language without the page's parent gets none.
    """
    key = page.get_parent().translation_key
    for parent in Page.objects.filter(translation_key=key, locale__in=locales):
        target = _copy(page, parent.locale)
        target.alias_of = page
        target.draft_title, target.has_unpublished_changes = target.title, False
        parent.add_child(instance=target)
        log(instance=target, action="wagtail.create_alias", data={"page": {"id": page.pk}})


@transaction.atomic
def update_translated(
    page: Page, memory: Memory, locales: Sequence[Locale], machine: frozenset[str]
) -> None:
    """Bring the translations of a changed source page up to date through wagtail-localize.

    `locales` that have no translation yet get one (an alias becomes a page). Slow (about a second
    a page), for the few pages that an import changes.
    """
    source = record([page])[0].source
    for locale in locales:
        Translation.objects.get_or_create(source=source, target_locale=locale)
    texts = string_memory(memory)
    own = Page.objects.filter(translation_key=page.translation_key, alias_of=None)
    wanted = {locale.pk for locale in locales} | set(own.values_list("locale", flat=True))
    for translation in source.translations.filter(target_locale__in=wanted):
        locale = translation.target_locale
        for segment in StringSegment.objects.filter(source=source).select_related("string"):
            text = texts.get(segment.string.data, {}).get(locale.language_code)
            if text:
                StringTranslation.objects.update_or_create(
                    translation_of=segment.string,
                    locale=locale,
                    context_id=segment.context_id,
                    defaults={
                        "data": text,
                        "translation_type": (
                            "machine"
                            if _is_conversion(
                                segment.string.data, text, locale.language_code, machine
                            )
                            else "manual"
                        ),
                    },
                )
        source.create_or_update_translation(locale, publish=False, fallback=True)
        target = source.get_translated_instance(locale)
        target.get_latest_revision().publish()
