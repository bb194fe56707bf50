"""The agenda of a session: signed proposals, late lines of the plan, findings on quality (S-17)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Agency, User
from core.texts import complete, lacking, pick
from languages.dates import format_date
from registry import columns, deciding, proposing
from registry.models import AgendaItem, PlanLine, RegistryLine, Session
from registry.monitoring import indicators, reading
from registry.monitoring.periods import Period

#: What a finding says, in the languages people read dossiers in; Cyrillic is derived.
_FINDING = {
    "uz": "Qizil chiroq. Idora: {agency}. Oʻz vaqtida javoblar: {on_time} %; muddati oʻtganlar:"
    " {overdue} %; takroriylar: {repeats} %.",
    "ru": "Красный сигнал. Ведомство: {agency}. Ответы в срок: {on_time} %; просрочено:"
    " {overdue} %; повторных: {repeats} %.",
    "en": "Red light. Agency: {agency}. Answers in time: {on_time} %; overdue: {overdue} %;"
    " repeated: {repeats} %.",
    "kaa": "Qızıl shıraq. Mákeme: {agency}. Óz waqtındaǵı juwaplar: {on_time} %; múddeti"
    " ótkenler: {overdue} %; qaytalanǵanlar: {repeats} %.",
}
#: Days that a finding looks back on.
QUALITY_DAYS = 90
_LATE = {
    "uz": "Reja kuni oʻtgan: {day}.",
    "ru": "Плановый день прошёл: {day}.",
    "en": "The planned day is over: {day}.",
    "kaa": "Reje kúni ótip ketken: {day}.",
}


@transaction.atomic
def fill(session: Session, by: User | None = None) -> int:
    """Put everything that waits on the agenda; how many items came. Safe to repeat.

    Raises CannotDecide where the session is over.
    """
    added = proposing.put_on_agenda(session, by)
    there = set(session.items.values_list("kind", "service_id"))
    for line in PlanLine.objects.late(timezone.localdate()).select_related("service"):
        if (AgendaItem.Kind.OVERDUE, line.service_id) not in there:
            texts = {
                code: text.format(day=format_date(line.planned_on, code))
                for code, text in _LATE.items()
            }
            deciding.put_on_agenda(
                session, AgendaItem.Kind.OVERDUE, line.service, text=complete(texts)
            )
            added += 1
    if not session.items.filter(kind=AgendaItem.Kind.FINDING).exists():
        added += _findings(session)
    return added


def _findings(session: Session) -> int:
    today = timezone.localdate()
    lately = Period(today - timedelta(days=QUALITY_DAYS - 1), today)
    found = reading.agencies_of(lately)
    red = {pk: counts for pk, counts in found.items() if indicators.light(counts) == "red"}
    names = Agency.objects.in_bulk(red)
    for pk, counts in sorted(red.items()):
        shares = {
            name: round(indicators.VALUES[key].formula.of(counts) or 0)
            for name, key in zip(("on_time", "overdue", "repeats"), indicators.LIGHTS, strict=True)
        }
        texts = {
            code: text.format(agency=names[pk].label(code), **shares)
            for code, text in _FINDING.items()
        }
        deciding.put_on_agenda(
            session, AgendaItem.Kind.FINDING, text=complete(texts), agency=names[pk]
        )
    return len(red)


def shown(session: Session, language: str) -> list[dict[str, Any]]:
    """Items for people: kind, service, what changes, why, outcome; in the active language."""
    items = list(session.items.select_related("service__agency", "agency", "decision"))
    lines = {
        line.service_id: line
        for line in RegistryLine.objects.current().filter(
            service_id__in=[item.service_id for item in items if item.service_id]
        )
    }
    return [
        {
            "item": item,
            "kind": item.get_kind_display(),
            "service": _service(item, lines, language),
            "agency": item.service.agency.label(language) if item.service else "",
            "changes": item.changes(),
            "text": pick(item.text, language),
            "lacking": lacking(item.text),
            "outcome": item.get_outcome_display(),
            "open": item.outcome == AgendaItem.Outcome.OPEN,
        }
        for item in items
    ]


def _service(item: AgendaItem, lines: dict[int, RegistryLine], language: str) -> str:
    if item.service is None:
        return ""
    line = lines.get(item.service.pk)
    title = columns.shown("title", line.content, language) if line else item.service.key
    return f"{item.service.registry_number} · {title}"
