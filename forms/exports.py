"""Answers as tables of data: CSV, XLSX and JSON. The same columns whatever the language."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone

from core import tables
from core.texts import pick
from forms.engine import types
from forms.engine.conditions import is_filled
from forms.engine.schema import Question
from forms.models import FormDefinition, Submission

FORMATS = {
    "csv": tables.CSV,
    "xlsx": tables.XLSX,
    "json": "application/json",
}
_FIRST = ("uuid", "number", "sent", "version", "language")


def export(definition: FormDefinition, kind: str, language: str) -> bytes:
    """All answers of a form. Raises KeyError on an unknown kind.

    Columns are keys of questions, with their words in `language` beside; of a chosen answer both
    the value and the label stand there. Questions of all versions have their column; what is
    sensitive has none.
    """
    writers = {"csv": _csv, "xlsx": _xlsx, "json": _json}
    columns = list(_columns(definition))
    return writers[kind](columns, _rows(definition), language)


def _columns(definition: FormDefinition) -> Iterator[Question]:
    seen: set[str] = set()
    for version in definition.versions.order_by("-number"):
        for question in version.schema.questions():
            kind = types.get(question.type)
            if question.key not in seen and kind.is_answered and not question.sensitive:
                seen.add(question.key)
                yield question


def _rows(definition: FormDefinition) -> Iterable[Submission]:
    rows = Submission.objects.filter(version__definition=definition, anonymised_at=None)
    return rows.select_related("version").order_by("submitted_at").iterator()


def _facts(submission: Submission) -> dict[str, str]:
    sent = timezone.localtime(submission.submitted_at).isoformat(timespec="seconds")
    return {
        "uuid": str(submission.uuid),
        "number": submission.receipt_number,
        "sent": sent,
        "version": str(submission.version.number),
        "language": submission.language,
    }


def _values(
    columns: list[Question], submission: Submission, language: str
) -> Iterator[tuple[str, str]]:
    """(value, label) of each column; read with the version it was sent with."""
    by_key = submission.version.schema.by_key
    for column in columns:
        question, value = by_key.get(column.key), submission.answers.get(column.key)
        if question is None or question.sensitive or not is_filled(value):
            yield "", ""
            continue
        kind = types.get(question.type)
        text = kind.export(question, value)
        yield text, kind.display(question, value, language) if _has_labels(question) else text


def _has_labels(question: Question) -> bool:
    kind = types.get(question.type)
    return isinstance(kind, types.ChoiceType | types.MultiChoiceType)


def _table(
    columns: list[Question], rows: Iterable[Submission], language: str
) -> Iterator[list[str]]:
    head, words = list(_FIRST), ["" for _name in _FIRST]
    for column in columns:
        head.append(column.key)
        words.append(pick(column.label, language))
        if _has_labels(column):
            head.append(f"{column.key}:label")
            words.append(pick(column.label, language))
    yield head
    yield words
    for submission in rows:
        line = list(_facts(submission).values())
        pairs = _values(columns, submission, language)
        for column, (value, label) in zip(columns, pairs, strict=True):
            line.append(value)
            if _has_labels(column):
                line.append(label)
        yield line


def _csv(columns: list[Question], rows: Iterable[Submission], language: str) -> bytes:
    return tables.to_csv(_table(columns, rows, language))


def _xlsx(columns: list[Question], rows: Iterable[Submission], language: str) -> bytes:
    return tables.to_xlsx([("answers", _table(columns, rows, language))])


def _json(columns: list[Question], rows: Iterable[Submission], language: str) -> bytes:
    items: list[dict[str, Any]] = []
    for submission in rows:
        answers = {}
        for column, (value, label) in zip(
            columns, _values(columns, submission, language), strict=True
        ):
            if value:
                answers[column.key] = (
                    {"value": value, "label": label} if _has_labels(column) else value
                )
        items.append(_facts(submission) | {"answers": answers})
    labels = {column.key: pick(column.label, language) for column in columns}
    return json.dumps({"questions": labels, "items": items}, ensure_ascii=False, indent=1).encode()
