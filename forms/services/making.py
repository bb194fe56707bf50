"""Forms made from others: imported from JSON, or copied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from accounts.models import User
from core.texts import complete
from forms import importing, trying
from forms.engine.checking import problems
from forms.engine.schema import Schema, SchemaError
from forms.models import FormDefinition, FormPage
from service_pages.models import ServicePage


class KeyTaken(Exception):
    """There is a form with this key."""


@transaction.atomic
def make_from_json(item: Mapping[str, Any], parent: Page, key: str, user: User) -> FormPage:
    """A draft of a new form under a service's page, or a free-standing one under a section.

    Texts in other languages than Uzbek are remembered, and stand in until they are translated.
    Raises SchemaError where the form contradicts itself or cannot be edited, KeyTaken.
    """
    service = parent.specific.service if parent.specific_class is ServicePage else None
    changed = {**item, "key": key, "service": service.key if service else "", "version": 1}
    schema = Schema.from_json(changed)
    flaws = problems(schema)
    if flaws:
        raise SchemaError(" ".join(map(str, flaws)))
    if FormDefinition.objects.filter(key=key).exists():
        raise KeyTaken
    data = schema.to_json()
    definition = FormDefinition.objects.create(
        key=key, service=service, active=False, memory=_memory(data)
    )
    page = FormPage(
        **importing.page_fields(data, importing.in_language("uz")),
        slug=_free_slug(parent),
        definition=definition,
        locale=parent.locale,
        reviewed_on=timezone.localdate(),
        live=False,
        owner=user,
    )
    page.content_owner = getattr(parent.specific, "content_owner", "")
    parent.add_child(instance=page)
    page.save_revision(user=user, log_action=True)
    return page


def duplicate(page: FormPage, parent: Page, key: str, user: User) -> FormPage:
    """A copy of a form as it is drafted now, with a key of its own: nothing of it is shared.

    Raises as `make_from_json`.
    """
    source = page.get_latest_revision_as_object()
    return make_from_json(trying.draft_schema(source).to_json(), parent, key, user)


def _free_slug(parent: Page) -> str:
    taken = set(parent.get_children().values_list("slug", flat=True))
    names = ("ariza", *(f"ariza-{number}" for number in range(2, 100)))
    return next(name for name in names if name not in taken)


def _memory(data: Any) -> dict[str, dict[str, str]]:
    """Uzbek text → the whole text map, of all texts in the JSON of a schema."""
    return {texts["uz"]: dict(texts) for texts in _maps(data)}


def _maps(value: Any) -> Iterator[Mapping[str, str]]:
    if isinstance(value, Mapping):
        if "uz" in value and all(isinstance(text, str) for text in value.values()):
            yield complete(dict(value))
            return
        for part in value.values():
            yield from _maps(part)
    elif isinstance(value, list):
        for part in value:
            yield from _maps(part)
