"""Writing the admin's index: what an object is found by, and keeping entries in step with objects."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, Manager, OuterRef
from modelsearch.backends.base import get_model_root
from modelsearch.index import AutocompleteField, RelatedFields, SearchField, get_indexed_models
from wagtail.models import Locale, Page

from languages import registry
from languages.uzbek import fold
from search import postings, vocabulary
from search.admin_index.models import AdminEntry, AdminPosting
from search.corpora import ADMIN
from search.describing import fields_of
from search.postings import Field
from search.weights import ANALYSIS, SUMMARY, TITLE

_BATCH = 500
_LONGEST_CODE = 60


@dataclass(frozen=True)
class Description:
    """What one object is found by."""

    fields: tuple[Field, ...]
    #: Numbers and keys as a whole.
    codes: frozenset[str]
    title: str

    @property
    def digest(self) -> str:
        """A hash of all of it."""
        body = [ANALYSIS, sorted(self.fields), sorted(self.codes), self.title]
        text = json.dumps(body, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def describe(obj: Any, language: str) -> Description:
    """What an object in `language` is found by: its `search_fields`.

    Text maps are read in all their languages. What can be found by its beginning (AutocompleteField)
    weighs as much as a title.
    """
    fields: list[Field] = []
    codes: set[str] = set()
    title = ""
    for field, value in _values(obj, type(obj).get_search_fields()):
        completes = isinstance(field, AutocompleteField)
        found = list(fields_of(TITLE if completes else SUMMARY, _text(value), language))
        fields += found
        if completes:
            codes |= {text for _weight, _language, text in found if _is_code(text)}
            title = title or next((text for _weight, _language, text in found), "")
    return Description(tuple(dict.fromkeys(fields)), frozenset(codes), fold(title)[:255])


def _values(obj: Any, fields: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    for field in fields:
        if isinstance(field, SearchField | AutocompleteField):
            yield field, field.get_value(obj)
        elif isinstance(field, RelatedFields):
            value = field.get_value(obj)
            if isinstance(value, Manager):
                related = list(value.all())
            else:
                value = value() if callable(value) else value
                related = [] if value is None else [value]
            for one in related:
                yield from _values(one, field.fields)


def _text(value: Any) -> Any:
    """As it can be read for words: text, or a map or list of texts."""
    if value is None or isinstance(value, str | dict | list):
        return value
    return str(value)


def _is_code(text: str) -> bool:
    return len(text) <= _LONGEST_CODE and " " not in text and any(map(str.isdigit, text))


def content_type_of(model: type[Any]) -> ContentType:
    """Of the root model: a page has one entry, whatever its type."""
    return ContentType.objects.get_for_model(get_model_root(model))


def write(objects: Sequence[Any]) -> int:
    """Index objects of one model; how many changed. What did not change is not written."""
    if not objects:
        return 0
    content_type = content_type_of(type(objects[0]))
    languages = dict(Locale.objects.values_list("pk", "language_code"))
    wanted = {
        obj.pk: describe(obj, languages.get(getattr(obj, "locale_id", None), registry.SOURCE))
        for obj in objects
    }
    known = dict(
        AdminEntry.objects.filter(content_type=content_type, object_id__in=wanted).values_list(
            "object_id", "content_hash"
        )
    )
    changed = {pk: one for pk, one in wanted.items() if known.get(pk) != one.digest}
    if changed:
        _write(content_type, changed)
    return len(changed)


def write_page(page: Page) -> int:
    """Index a page with its translations after a publication; how many changed.

    A save does so for itself; what an import writes in bulk is not saved one by one.
    """
    pages = type(page).get_indexed_objects().filter(translation_key=page.translation_key)
    return write(list(pages))


@transaction.atomic
def _write(content_type: ContentType, changed: dict[int, Description]) -> None:
    AdminEntry.objects.bulk_create(
        [AdminEntry(content_type=content_type, object_id=pk) for pk in sorted(changed)],
        ignore_conflicts=True,
    )
    rows = AdminEntry.objects.filter(content_type=content_type, object_id__in=changed)
    entries = {entry.pk: entry for entry in rows.order_by("pk").select_for_update()}
    wanted, surfaces = {}, {}
    for pk, entry in entries.items():
        described = changed[entry.object_id]
        entry.title, entry.content_hash = described.title, described.digest
        wanted[pk], written = postings.weighted_words(described.fields, described.codes)
        surfaces |= written
    AdminEntry.objects.bulk_create(
        entries.values(),
        update_conflicts=True,
        unique_fields=["content_type", "object_id"],
        update_fields=["title", "content_hash"],
    )
    postings.put(wanted, surfaces, ADMIN)


@transaction.atomic
def remove(model: type[Any], keys: Iterable[int]) -> int:
    """Take objects out; how many entries there were."""
    rows = AdminEntry.objects.filter(
        content_type=content_type_of(model), object_id__in=list(keys)
    ).values_list("pk", flat=True)
    return _remove(list(rows))


def _remove(entries: Sequence[int]) -> int:
    for start in range(0, len(entries), _BATCH):
        some = entries[start : start + _BATCH]
        AdminPosting.objects.filter(document__in=some)._raw_delete("default")
        AdminEntry.objects.filter(pk__in=some)._raw_delete("default")
    return len(entries)


def clear() -> None:
    """Forget everything."""
    for table in (ADMIN.postings, ADMIN.grams, ADMIN.words, ADMIN.documents):
        table.objects.all()._raw_delete("default")


def models() -> list[type[Any]]:
    """The models whose objects have entries."""
    return [model for model in get_indexed_models() if getattr(model, "search_auto_update", True)]


def forget_stale() -> int:
    """Take out entries whose object is gone, or whose model is no longer indexed; how many."""
    roots = {get_model_root(model) for model in models()}
    gone = 0
    types = []
    for root in roots:
        content_type = content_type_of(root)
        types.append(content_type.pk)
        there = root._default_manager.filter(pk=OuterRef("object_id"))
        entries = AdminEntry.objects.filter(~Exists(there), content_type=content_type)
        gone += _remove(list(entries.values_list("pk", flat=True)))
    orphans = AdminEntry.objects.exclude(content_type__in=types)
    return gone + _remove(list(orphans.values_list("pk", flat=True)))


def _related(model: type[Any]) -> list[str]:
    """The foreign keys whose words an object is found by."""
    return [
        field.field_name
        for field in model.get_search_fields()
        if isinstance(field, RelatedFields)
        and getattr(model._meta.get_field(field.field_name), "many_to_one", False)
    ]


def mend() -> tuple[int, int]:
    """Index objects that have no entry, drop entries without object; (added, dropped).

    An object that was changed past its `save()` keeps what it was found by: `update_index` reads all.
    """
    added = 0
    for model in models():
        entries = AdminEntry.objects.filter(
            content_type=content_type_of(model), object_id=OuterRef("pk")
        )
        rows = model.get_indexed_objects().filter(~Exists(entries)).order_by("pk")
        missing = iter(list(rows.values_list("pk", flat=True)))
        while batch := list(islice(missing, _BATCH)):
            objects = model.get_indexed_objects().select_related(*_related(model))
            added += write(list(objects.filter(pk__in=batch)))
    dropped = forget_stale()
    if added or dropped:
        vocabulary.recount(ADMIN)
    return added, dropped
