"""Forms made from others: imported from JSON, or copied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from accounts.models import User
from core.texts import complete
from forms import compiling, importing, trying
from forms.compiling import rule_text
from forms.engine.checking import problems
from forms.engine.schema import Schema, SchemaError, without_texts
from forms.models import FormDefinition, FormPage
from languages import registry
from service_pages.models import ServicePage

_LANGUAGES = frozenset(registry.CODES)


#: Fields that a page has only once it stands in the tree.
_PLACES = frozenset({"path", "depth", "draft_title", "content_owner"})


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
    schema = _checked(changed)
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
    _check_editable(schema, page)
    page.content_owner = getattr(parent.specific, "content_owner", "")
    try:
        page.clean_fields(exclude=_PLACES)
        parent.add_child(instance=page)
        page.save_revision(user=user, log_action=True)
    except ValidationError as error:
        told = [f"{name}: {' '.join(words)}" for name, words in error.message_dict.items()]
        raise SchemaError(" ".join(told)) from error
    return page


def duplicate(page: FormPage, parent: Page, key: str, user: User) -> FormPage:
    """A copy of a form as it is drafted now, with a key of its own: nothing of it is shared.

    Raises as `make_from_json`.
    """
    source = page.get_latest_revision_as_object()
    return make_from_json(trying.draft_schema(source).to_json(), parent, key, user)


def _checked(data: Mapping[str, Any]) -> Schema:
    """The schema of a form that fits together. Raises SchemaError."""
    try:
        schema = Schema.from_json(data)
        flaws = problems(schema)
    except RecursionError as error:
        raise SchemaError(_("Its parts stand too deep in one another.")) from error
    if flaws:
        raise SchemaError(" ".join(map(str, flaws)))
    for texts in _maps(data):
        if not texts.get("uz", "").strip() and any(texts.values()):
            text = next(filter(None, texts.values()))
            raise SchemaError(_("“%(text)s” has no Uzbek words.") % {"text": text[:60]})
    return schema


def _check_editable(schema: Schema, page: FormPage) -> None:
    """Raises SchemaError where the editor's page would give another form back than it was made
    from: nothing may be lost unseen."""
    again = Schema.from_json(compiling.schema_json(page))
    if _plain(schema.to_json()) == _plain(again.to_json()):
        return
    held = {question.key: _plain(question.to_json()) for question in again.questions()}
    lost = [q.key for q in schema.questions() if held.get(q.key) != _plain(q.to_json())]
    places = ", ".join(lost) or _("what follows from the answers")
    raise SchemaError(_("The editor cannot hold this: %(places)s") % {"places": places})


def _plain(value: Any) -> Any:
    """The JSON of a form without its texts, and numbers as editors write them: as texts."""
    if isinstance(value, dict):
        found = without_texts(value)
        return {name: _plain(part) for name, part in found.items() if name != "has_fee"}
    return [_plain(part) for part in value] if isinstance(value, list) else rule_text(value)


def _free_slug(parent: Page) -> str:
    taken = set(parent.get_children().values_list("slug", flat=True))
    names = ("ariza", *(f"ariza-{number}" for number in range(2, 100)))
    return next(name for name in names if name not in taken)


def _memory(data: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Uzbek text → the whole text map, of all texts in the JSON of a schema; place in the page →
    text map, where the same Uzbek words are said otherwise elsewhere."""
    found = {texts["uz"]: complete(dict(texts)) for texts in _maps(data) if "uz" in texts}
    whole = importing.page_fields(data, lambda texts: complete(dict(texts or {})))
    places = compiling.texts_by_place(whole["steps"], whole["checks"])
    return found | {
        place: texts
        for place, texts in places.items()
        if texts and found.get(texts.get("uz", "")) != texts
    }


def _maps(value: Any) -> Iterator[Mapping[str, str]]:
    """All maps from languages to texts."""
    if isinstance(value, Mapping):
        if value and value.keys() <= _LANGUAGES:
            yield value
            return
        for part in value.values():
            yield from _maps(part)
    elif isinstance(value, list):
        for part in value:
            yield from _maps(part)
