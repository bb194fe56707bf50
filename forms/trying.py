"""A form before it is published: drawn, and tried out, without keeping or sending anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import get_language

from core.texts import pick
from forms import compiling, presenting
from forms.engine import routing, rules, types
from forms.engine.conditions import kept
from forms.engine.paging import pages
from forms.engine.schema import Schema, SchemaError, Step
from forms.engine.validation import validate

if TYPE_CHECKING:
    from forms.models import FormPage

#: Stands for a file that nobody attaches to a trial.
_SOME_FILE = [{"uuid": "00000000-0000-4000-8000-000000000000", "name": "…", "size": 1}]


def draft_schema(page: FormPage) -> Schema:
    """The schema as the drafts of all languages would make it. Raises SchemaError."""
    drafts = list(_drafts(page))
    code = settings.LANGUAGE_CODE
    source = next((draft for draft in drafts if draft.locale.language_code == code), page)
    others = [draft for draft in drafts if draft.locale_id != source.locale_id]
    try:
        return Schema.from_json(compiling.schema_json(source, others))
    except (KeyError, ValueError) as error:
        raise SchemaError(str(error)) from error


def _drafts(page: FormPage) -> Iterator[FormPage]:
    """The newest draft of the form in each language; the page itself as the editor holds it."""
    yield page
    if page.pk is None:
        return
    others = type(page).objects.filter(definition_id=page.definition_id, alias_of=None)
    for other in others.exclude(pk=page.pk).select_related("locale"):
        yield other.get_latest_revision_as_object()


def whole(schema: Schema) -> Step:
    """All questions on one page, whatever the form's own pages are."""
    return pages(replace(schema, layout="one_page"))[0]


def questions(page: FormPage) -> dict[str, Any]:
    """Context of a preview of the questions: `questions`, `title`, or `problem`."""
    try:
        schema = draft_schema(page)
    except SchemaError as error:
        return {"problem": str(error), "questions": [], "title": page.title}
    language = page.locale.language_code
    return {
        "questions": presenting.step(schema, whole(schema), {}, language),
        "title": pick(schema.title, language),
    }


@dataclass(frozen=True)
class Trial:
    """What came of trying a form out."""

    #: The questions as they are drawn after it, with what is wrong.
    questions: list[presenting.ShownQuestion]
    errors: list[dict[str, str]]
    #: What would be sent; None where something is wrong.
    answers: dict[str, Any] | None
    agency: str
    term: str
    fees: list[str]
    discount: str


def run(schema: Schema, raw: Mapping[str, Any] | None) -> Trial:
    """Check what was typed into a trial (None: nothing yet). Files need not be attached."""
    language = get_language() or settings.LANGUAGE_CODE
    step = whole(schema)
    if raw is None:
        drawn = presenting.step(schema, step, {}, language)
        return Trial(drawn, [], None, "", "", [], "")
    some = {q.key: _SOME_FILE for q in schema.questions() if types.get(q.type).is_file}
    result = validate(schema, None, raw, language, known=some)
    answers = kept(schema, result.cleaned)
    shown = {key: value for key, value in answers.items() if value is not _SOME_FILE}
    drawn = presenting.step(schema, step, shown, language, errors=result.errors, raw=raw)
    return Trial(
        questions=drawn,
        errors=[mistake for question in drawn for mistake in question.mistakes()],
        answers=None if result.errors else answers,
        agency=routing.agency_key(schema, answers),
        term=rules.term_key(schema, answers),
        fees=rules.fee_keys(schema, answers),
        discount=rules.discount_code(schema, answers),
    )
