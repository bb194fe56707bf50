"""Forms that the room itself needs, in the shape of any other: paper and complaints."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise

from forms.models import FormDefinition, FormVersion
from forms.services import publish_schema


def texts(message: str | Promise) -> dict[str, str]:
    """A message in all languages of the catalogues."""
    found = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found[code] = (
                translation.gettext(str(message)) if isinstance(message, str) else str(message)
            )
    return found


def question(
    key: str, kind: str, label: str, *, required: bool = False, **validation: Any
) -> dict[str, Any]:
    """A question in the shape of `forms.json`."""
    return {
        "key": key, "type": kind, "label": texts(label), "help": {}, "required": required,
        "prefill": None, "validation": validation, "options": [], "condition": None,
    }  # fmt: skip


def step(key: str, title: str, *questions: dict[str, Any]) -> dict[str, Any]:
    """A step in the shape of `forms.json`."""
    return {"key": key, "title": texts(title), "questions": list(questions)}


def version(key: str, title: str, *steps: dict[str, Any]) -> FormVersion:
    """The present version of a form of ours, written anew where its texts have changed since.

    The form itself is closed: nobody opens it by its address.
    """
    definition, _created = FormDefinition.objects.get_or_create(key=key, defaults={"active": False})
    publish_schema(
        definition,
        {
            "key": key, "service": None, "version": 1, "title": texts(title), "audience": [],
            "identification_level": "none", "signature_required": False, "fee_mode": "none",
            "fee_rules": [], "term_rules": [], "routing_rule": None, "steps": list(steps),
        },
    )  # fmt: skip
    current = definition.current
    assert current is not None  # just written
    return current
