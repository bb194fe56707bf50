"""The reads of the room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from accounts.models import User
from accounts.selectors import ActingChoice, acting_choices
from core.texts import pick
from forms.engine import types
from forms.engine.conditions import is_filled, visible
from forms.engine.schema import Schema
from forms.models import Draft, FormDefinition, Submission
from service_pages.apply_links import ApplyLink
from service_pages.models import Service

#: Characters of the answer by which drafts are told apart.
_MOST_HINT = 120
_PERSONS = frozenset({"individual", "sole_trader", "foreigner"})
_ORGANISATIONS = frozenset({"legal_entity", "ngo"})


def drafts_of(user: User) -> list[Draft]:
    """Drafts that can be gone on with, newest first."""
    return list(
        Draft.objects.filter(user=user, expires_at__gt=timezone.now()).select_related(
            "version__definition__service", "representation__organization", "representation__person"
        )
    )


def open_forms(service_ids: list[int]) -> dict[int, FormDefinition]:
    """The open form of each service that has one, by the service's id."""
    rows = FormDefinition.objects.filter(
        service_id__in=service_ids, active=True, versions__isnull=False
    ).distinct()
    return {row.service_id: row for row in rows.order_by("-pk") if row.service_id}


def apply_link(service: Service) -> ApplyLink | None:
    """The way to the form of a service that is open, or None."""
    form = open_forms([service.pk]).get(service.pk)
    return ApplyLink(reverse("forms:start", args=[form.key]), form.key) if form else None


def choices_for(user: User, schema: Schema) -> list[ActingChoice]:
    """On whose behalf `user` may send a form: by its audience and the mandates' scope."""
    audience = set(schema.audience)
    found = []
    for choice in acting_choices(user):
        mandate = choice.representation
        wanted = _PERSONS if mandate is None or mandate.person_id else _ORGANISATIONS
        in_scope = mandate is None or not mandate.scope or schema.service in mandate.scope
        if in_scope and (not audience or audience & wanted):
            found.append(choice)
    return found


@dataclass(frozen=True)
class HelpLine:
    """Whom to call while filling in."""

    name: str
    phone: str


def help_line(draft: Draft) -> HelpLine | None:
    """The telephone of the agency that answers for a form; None where it has none."""
    service = draft.version.definition.service
    if service is None:
        return None
    phone = service.agency.hotline or service.agency.phone
    return HelpLine(pick(service.agency.name), phone) if phone else None


@dataclass(frozen=True)
class ShownAnswer:
    """One answer as people read it."""

    key: str
    label: str
    #: Empty where the question was not answered, and for files.
    text: str
    #: `[{"uuid", "name", "size"}]`
    files: list[dict[str, Any]]


@dataclass(frozen=True)
class ShownStep:
    """The answers of one step."""

    key: str
    title: str
    answers: list[ShownAnswer]


def shown(schema: Schema, answers: Mapping[str, Any], language: str) -> list[ShownStep]:
    """All answers by step, in a language; questions that were not asked are left out."""
    asked = visible(schema, answers)
    result = []
    for step in schema.steps:
        lines = [
            _shown(schema, key, answers.get(key), language)
            for key in (q.key for q in step.questions if types.get(q.type).is_answered)
            if key in asked
        ]
        if lines:
            result.append(ShownStep(step.key, pick(step.title, language), lines))
    return result


def told_apart(drafts: Iterable[Draft], language: str) -> dict[int, str]:
    """Where an account has several drafts of a form: pk → the first answer in which they differ, as
    its owner reads it. Saved on the same day for the same person they would look alike."""
    groups: dict[int, list[Draft]] = {}
    for draft in drafts:
        groups.setdefault(draft.version.definition_id, []).append(draft)
    found: dict[int, str] = {}
    for group in (several for several in groups.values() if len(several) > 1):
        read = {
            draft.pk: {
                answer.key: answer
                for step in shown(draft.version.schema, draft.answers, language)
                for answer in step.answers
            }
            for draft in group
        }
        keys = dict.fromkeys(key for answers in read.values() for key in answers)
        for key in keys:
            given = {pk: answers[key] for pk, answers in read.items() if key in answers}
            if len({given[pk].text if pk in given else "" for pk in read}) > 1:
                found |= {
                    pk: Truncator(f"{answer.label}: {answer.text}").chars(_MOST_HINT)
                    for pk, answer in given.items()
                    if answer.text
                }
                break
    return found


def shown_submission(submission: Submission, language: str) -> list[ShownStep]:
    """The answers of a submission, read with the version it was made with."""
    return shown(submission.version.schema, submission.answers, language)


def _shown(schema: Schema, key: str, value: Any, language: str) -> ShownAnswer:
    question = schema.by_key[key]
    is_file = types.get(question.type).is_file
    text = ""
    if is_filled(value) and not is_file:
        text = types.get(question.type).display(question, value, language)
    return ShownAnswer(
        key, pick(question.label, language), text, list(value or []) if is_file else []
    )
