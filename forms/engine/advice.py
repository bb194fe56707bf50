"""What good practice says of a form: warnings, never reasons to refuse it."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.texts import pick
from forms.engine import types
from forms.engine.checking import Flaw
from forms.engine.schema import Question, Schema


class PersonalData(TextChoices):
    """Categories of personal data that a form may declare to collect."""

    NAME = "name", _("name")
    PINFL = "pinfl", _("personal number (PINFL)")
    PASSPORT = "passport", _("passport or ID card")
    BIRTH = "birth", _("date of birth")
    CONTACT = "contact", _("phone and e-mail")
    ADDRESS = "address", _("address")
    LOCATION = "location", _("location")
    FAMILY = "family", _("family")
    HEALTH = "health", _("health")
    FINANCE = "finance", _("income and bank account")
    VEHICLE = "vehicle", _("vehicle")
    DOCUMENTS = "documents", _("copies of documents and pictures")


#: So many questions on a step are read at once; more make people stop.
MOST_QUESTIONS = 8
MOST_STEPS, MOST_OPTIONS, MOST_LABEL = 10, 10, 120
#: Types that people fill in wrongly without a word of help.
_NEED_HELP = frozenset(
    {"text", "textarea", "pinfl", "stir", "passport", "bank_account", "coordinates", "file",
     "image", "plate"}
)  # fmt: skip
_BY_PREFILL = {
    "full_name": "name", "full_name_cyrillic": "name", "name": "name", "head": "name",
    "pinfl": "pinfl", "birth_date": "birth", "phone": "contact", "email": "contact",
    "address": "address", "district": "address",
}  # fmt: skip


def warnings(schema: Schema) -> list[Flaw]:
    """Advice on a form that has no flaws."""
    return [*_size(schema), *_questions(schema), *_personal(schema)]


def _size(schema: Schema) -> Iterator[Flaw]:
    if len(schema.steps) > MOST_STEPS:
        yield Flaw(_("The form has many steps: %(count)s. Ask only what the decision needs."),
                   count=len(schema.steps))  # fmt: skip
    for step in schema.steps:
        asked = [q for q in step.questions if types.get(q.type).is_answered]
        if len(asked) > MOST_QUESTIONS and schema.layout == "steps":
            yield Flaw(
                _("Step “%(key)s” asks much at once: %(count)s questions. Divide it."),
                key=pick(step.title) or step.key,
                count=len(asked),
            )


def _questions(schema: Schema) -> Iterator[Flaw]:
    for question in schema.questions():
        for asked in (question, *question.questions):
            yield from _question(asked)


def _question(asked: Question) -> Iterator[Flaw]:
    # As the editor calls it: keys are for computers.
    name = pick(asked.label) or asked.key
    if asked.type in _NEED_HELP and not asked.help and not asked.example:
        yield Flaw(_("Question “%(key)s” has no help: say where the answer is found."),
                   key=name)  # fmt: skip
    if len(asked.label.get("uz", "")) > MOST_LABEL and asked.type not in {"declaration", "content"}:
        yield Flaw(_("Question “%(key)s” is long: put the detail into the help."), key=name)
    if asked.type == "choice" and len(asked.options) > MOST_OPTIONS:
        yield Flaw(_("Question “%(key)s” has many answers: make it a list that is searched."),
                   key=name)  # fmt: skip
    if "regex" in asked.validation and not asked.message and not asked.example:
        yield Flaw(_("Question “%(key)s” has a pattern: give an example or words of its own."),
                   key=name)  # fmt: skip
    if types.get(asked.type).personal & {"pinfl", "passport", "finance"} and not asked.sensitive:
        yield Flaw(_("Question “%(key)s” asks for sensitive data: mark it so."), key=name)


def collected(schema: Schema) -> frozenset[str]:
    """Categories of personal data that the questions collect, as far as their types and sources
    tell."""
    found: set[str] = set()
    for question in schema.questions():
        for asked in (question, *question.questions):
            kind = types.get(asked.type)
            found |= kind.personal
            if kind.is_file:
                found.add(PersonalData.DOCUMENTS)
            name = _BY_PREFILL.get(asked.prefill.partition(".")[2])
            if name:
                found.add(name)
    return frozenset(found)


def _personal(schema: Schema) -> Iterator[Flaw]:
    for kind in sorted(collected(schema) - set(schema.personal_data)):
        yield Flaw(
            _("The form collects personal data that it does not declare: %(kind)s"),
            kind=PersonalData(kind).label,
        )
    if collected(schema) and not schema.purpose:
        yield Flaw(_("The form collects personal data and does not say what for."))
