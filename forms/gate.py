"""What makes a form unusable: named in the editor, and publishing waits until it is mended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import Agency
from core.publishing import Problem
from forms import compiling, trying
from forms.engine.advice import warnings
from forms.engine.checking import problems as flaws
from forms.engine.routing import AGENCIES, PLACE
from forms.engine.schema import Schema, SchemaError, Texts
from forms.engine.types import offered
from languages.registry import DERIVED, LANGUAGES
from service_pages.models import PassportVersion, Service

if TYPE_CHECKING:
    from forms.models import FormPage


def problems(page: FormPage) -> list[Problem]:
    """Empty where the form may be published; a translation is judged by its source."""
    if page.locale.language_code != settings.LANGUAGE_CODE:
        return []
    if not page.steps:
        return [Problem("steps", _("The form has no questions."))]
    try:
        schema = Schema.from_json(compiling.schema_json(page))
    except (SchemaError, KeyError, ValueError) as error:
        return [Problem("steps", str(error))]
    found = [Problem("steps", str(flaw)) for flaw in flaws(schema)]
    if found:
        return found
    return [
        *_routing(schema), *_receiving(schema), *_passport(schema, page.definition.service)
    ]  # fmt: skip


def advice(page: FormPage) -> list[str]:
    """What good practice says of a form that could be published; a translation has none."""
    if page.locale.language_code != settings.LANGUAGE_CODE or problems(page):
        return []
    schema = trying.draft_schema(page)
    return [*map(str, warnings(schema)), *_untranslated(schema)]


def _untranslated(schema: Schema) -> Iterator[str]:
    """Languages in which something that is asked has no words of its own."""
    for language in LANGUAGES:
        if language.code in DERIVED or language.code == settings.LANGUAGE_CODE:
            continue
        count = sum(language.code not in texts for texts in _texts(schema))
        if count:
            yield _("Without translation: %(language)s, texts: %(count)s") % {
                "language": language.name_local,
                "count": count,
            }


def _texts(schema: Schema) -> Iterator[Texts]:
    for step in schema.steps:
        yield step.title
        for outer in step.questions:
            for question in (outer, *outer.questions):
                yield from filter(None, (question.label, question.help))
                yield from (option.label for option in question.options)


def possible_agencies(schema: Schema) -> set[str]:
    """Keys of all agencies that the form's answers can lead to, the service's own apart."""
    keys: set[str] = set()
    pattern = schema.routing_rule.agency_pattern if schema.routing_rule else ""
    patterns = {pattern} if pattern else set()
    for place in PLACE.findall(pattern):
        question = schema.by_key[place]
        values = [value for value, _label in offered(question)]
        patterns = {text.replace(f"{{{place}}}", value) for text in patterns for value in values}
    keys |= patterns
    if schema.routing_rule:
        for question in schema.questions():
            if question.validation.get("options_from") in AGENCIES:
                keys |= {value for value, _label in offered(question)}
    return keys


def _routing(schema: Schema) -> Iterator[Problem]:
    """Every agency that an answer can lead to exists."""
    keys = possible_agencies(schema)
    known = set(Agency.objects.filter(key__in=keys, active=True).values_list("key", flat=True))
    for key in sorted(keys - known):
        yield Problem(
            "agency_pattern",
            _("The routing rule names an agency that does not exist: %(key)s") % {"key": key},
        )


def _receiving(schema: Schema) -> Iterator[Problem]:
    """Every agency whose reception days are offered exists."""
    asked = {str(q.validation["agency"]) for q in schema.questions() if q.validation.get("agency")}
    known = Agency.objects.filter(key__in=asked, active=True).values_list("key", flat=True)
    for key in sorted(asked.difference(known)):
        yield Problem("steps", _("There is no agency “%(key)s”.") % {"key": key})


def _passport(schema: Schema, service: Service | None) -> Iterator[Problem]:
    """Rules name terms and fees that the published passport has."""
    version = PassportVersion.objects.filter(service=service).order_by("-number").first()
    if version is None:
        return
    for name, rules in (("term", schema.term_rules), ("fee", schema.fee_rules)):
        rows = version.content.get(f"{name}s") or []
        known = {row.get("key") for row in rows if isinstance(row, dict)}
        for rule in rules:
            if rule.target not in known:
                yield Problem(
                    f"{name}_rules",
                    _("The passport of the service has no “%(key)s”.") % {"key": rule.target},
                )
