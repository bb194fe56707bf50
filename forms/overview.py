"""What a form is, before the first question: on its page and at its start."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import get_language

from accounts.models import IdentityLevel
from core.texts import pick
from forms import compiling
from forms.engine import advice, types
from forms.engine.advice import PersonalData
from forms.engine.schema import Schema, SchemaError
from forms.engine.types import files
from service_pages.models import PassportVersion, Service
from service_pages.vocabulary import Audience

if TYPE_CHECKING:
    from forms.models import FormPage


@dataclass(frozen=True)
class NeededFile:
    """A file to have ready."""

    label: str
    kinds: str
    limit: str
    #: Whether everybody is asked for it.
    always: bool


@dataclass(frozen=True)
class Overview:
    """What a form asks for, in the reader's language."""

    key: str
    title: str
    steps: list[str]
    files: list[NeededFile]
    audience: list[str | Promise]
    level: str
    level_label: str | Promise
    minutes: int | None
    signed: bool
    #: What the personal data is used for, which it is, and how long it is kept.
    purpose: str = ""
    personal_data: list[str | Promise] = field(default_factory=list)
    kept_days: int | None = None


def of_schema(schema: Schema, service: Service | None, kept_days: int | None = None) -> Overview:
    """The overview of a schema in the active language."""
    language = get_language() or "uz"
    level = IdentityLevel(schema.identification_level)
    minutes = (
        PassportVersion.objects.filter(service=service)
        .order_by("-number")
        .values_list("content__minutes_to_complete", flat=True)
        .first()
        if service
        else None
    )
    return Overview(
        key=schema.key,
        title=pick(schema.title, language),
        steps=[pick(step.title, language) for step in schema.steps],
        files=[
            NeededFile(
                label=pick(question.label, language),
                kinds=files.kinds(question),
                limit=files.megabytes(files.size_limit(question)),
                always=question.required and question.condition is None,
            )
            for question in schema.questions()
            if types.get(question.type).is_file
        ],
        audience=[Audience(value).label for value in schema.audience if value in Audience.values],
        level=level.value,
        level_label=level.label,
        minutes=minutes if isinstance(minutes, int) else None,
        signed=schema.signature_required,
        purpose=pick(schema.purpose, language),
        personal_data=[
            PersonalData(kind).label
            for kind in sorted(advice.collected(schema) | set(schema.personal_data))
        ],
        kept_days=kept_days,
    )


def of_page(page: FormPage, *, preview: bool = False) -> Overview | None:
    """The overview of a page: of its newest version, or of its draft in a preview."""
    if preview:
        try:
            schema = Schema.from_json(compiling.schema_json(page))
        except SchemaError:
            return None
        return of_schema(schema, page.definition.service, page.definition.retention_days)
    version = page.definition.current
    if version is None or not page.definition.active:
        return None
    return of_schema(version.schema, page.definition.service, page.definition.retention_days)
