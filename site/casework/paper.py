"""The form behind what comes on paper, by phone or at the counter: one for every service.

A clerk enters who asks and what for, and adds the scan. It is a form like any other, so answers,
files, retention and reading work as for what citizens fill in themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_noop

from casework.models import Kind
from forms.models import FormDefinition, FormVersion
from forms.services import publish_schema

KEY = "paper"
SCAN = "scan"
#: What is taken of scans, in kilobytes and files.
_SCANS: dict[str, Any] = {
    "accept": ["application/pdf", "image/jpeg", "image/png"],
    "extensions": ["pdf", "jpg", "jpeg", "png"],
    "max_size_kb": 10 * 1024,
    "max_files": 10,
}


def _texts(message: str | Promise) -> dict[str, str]:
    found = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found[code] = translation.gettext(str(message))
    return found


def _question(
    key: str, kind: str, label: str, *, required: bool = False, **validation: Any
) -> dict[str, Any]:
    return {
        "key": key, "type": kind, "label": _texts(label), "help": {}, "required": required,
        "prefill": None, "validation": validation, "options": [], "condition": None,
    }  # fmt: skip


def _kinds() -> Iterable[dict[str, Any]]:
    for kind in Kind:
        label = {}
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                label[code] = str(kind.label)
        yield {"value": kind.value, "label": label}


def schema() -> dict[str, Any]:
    """The form in the shape of `forms.json`, in all languages of the catalogues."""
    return {
        "key": KEY,
        "service": None,
        "version": 1,
        "title": _texts(gettext_noop("Request on paper")),
        "audience": [],
        "identification_level": "none",
        "signature_required": False,
        "fee_mode": "none",
        "fee_rules": [],
        "term_rules": [],
        "routing_rule": None,
        "steps": [
            {
                "key": "applicant",
                "title": _texts(gettext_noop("Applicant")),
                "questions": [
                    _question("full_name", "text", gettext_noop("Full name"), required=True,
                              max_length=120),
                    _question("pinfl", "pinfl", gettext_noop("Personal number (PINFL)")),
                    _question("phone", "phone", gettext_noop("Phone")),
                    _question("email", "email", gettext_noop("E-mail")),
                    _question("address", "textarea", gettext_noop("Address"), max_length=250),
                ],
            },
            {
                "key": "matter",
                "title": _texts(gettext_noop("Matter")),
                "questions": [
                    _question("kind", "choice", gettext_noop("Kind"), required=True)
                    | {"options": list(_kinds())},
                    _question("text", "textarea", gettext_noop("What is asked for"),
                              required=True, max_length=10_000),
                    _question(SCAN, "file", gettext_noop("Scan"), **_SCANS),
                ],
            },
        ],
    }  # fmt: skip


def version() -> FormVersion:
    """The present version, written anew where its texts have changed since."""
    definition, _created = FormDefinition.objects.get_or_create(key=KEY, defaults={"active": False})
    publish_schema(definition, schema())
    current = definition.current
    assert current is not None  # just written
    return current
