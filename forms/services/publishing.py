"""From the editors' pages to immutable versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q

from accounts.models import User
from forms import compiling
from forms.engine.checking import problems
from forms.engine.schema import Schema, SchemaError
from forms.models import FormDefinition, FormPage, FormVersion
from languages import registry


@transaction.atomic
def publish_schema(
    definition: FormDefinition, data: Mapping[str, Any], by: User | None = None, *, note: str = ""
) -> FormVersion | None:
    """Write a version if the schema differs from the newest. None where it does not.

    Raises SchemaError where the schema has the wrong shape or contradicts itself.
    """
    schema = Schema.from_json(data)
    flaws = problems(schema)
    if flaws:
        raise SchemaError(" ".join(map(str, flaws)))
    definition = FormDefinition.objects.select_for_update().get(pk=definition.pk)
    newest = definition.current
    if newest is not None and newest.content_hash == schema.content_hash:
        return None
    number = (definition.versions.aggregate(n=Max("number"))["n"] or 0) + 1
    return FormVersion.objects.create(
        definition=definition,
        number=number,
        content=schema.to_json() | {"version": number},
        structure_hash=schema.structure_hash,
        content_hash=schema.content_hash,
        published_by=by,
        note=note,
    )


def compile_form(
    form: FormPage | FormDefinition, *, by: User | None = None, note: str = ""
) -> FormVersion | None:
    """Compile the published pages of a form into a version.

    None where nothing changed, or where the Uzbek page is not published. Raises SchemaError.
    """
    definition = form.definition if isinstance(form, FormPage) else form
    pages = list(
        FormPage.objects.filter(
            # A derived page that is not live yet goes live on commit, with its source.
            Q(live=True) | Q(locale__language_code__in=registry.DERIVED),
            definition=definition,
            alias_of__isnull=True,
        ).select_related("locale", "definition__service")
    )
    source = next((p for p in pages if p.locale.language_code == settings.LANGUAGE_CODE), None)
    if source is None:
        return None
    others = [page for page in pages if page is not source]
    return publish_schema(definition, compiling.schema_json(source, others), by, note=note)


def on_page_changed(sender: Any, page: Any, live: bool, **kwargs: Any) -> None:
    """A form page went live or was taken down in some language."""
    if not isinstance(page, FormPage) or page.alias_of_id:
        return
    if page.locale.language_code == settings.LANGUAGE_CODE:
        FormDefinition.objects.filter(pk=page.definition_id).update(active=live)
    revision = page.live_revision
    compile_form(page, by=revision.user if revision else None)
