"""The papers of a session of the council as one tagged PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.pdf import band, compile_pdf, frame
from core.texts import pick
from languages.dates import format_date
from registry import agenda, readiness
from registry.models import PlanLine, Session

_TEMPLATE = Path(__file__).parent / "typst" / "dossier.typ"


def pdf(session: Session, language: str) -> bytes:
    """Agenda, decisions and late lines of the plan, in the active language."""
    return compile_pdf(_TEMPLATE, facts(session, language))


def facts(session: Session, language: str) -> dict[str, Any]:
    """Everything that stands in the dossier."""
    return {
        **frame(f"{_('Session of the council')} № {session.number}", language),
        "band": band(),
        "facts": list(
            filter(None, [format_date(session.held_on, language), pick(session.place, language)])
        ),
        "agenda_title": _("Agenda"),
        "agenda": [
            {
                "title": ": ".join(filter(None, [str(row["kind"]), row["service"]])),
                "lines": [
                    *filter(None, [row["agency"]]),
                    *(f"{label}: {text}" for label, text in row["changes"]),
                    *filter(None, [row["text"]]),
                    f"{_('Outcome')}: {row['outcome']}",
                ],
            }
            for row in agenda.shown(session, language)
        ],
        "decisions_title": _("Decisions"),
        "decisions": [
            {
                "title": f"№ {row.number}, {format_date(row.decided_on, language)}",
                "text": pick(row.text, language),
            }
            for row in session.decisions.order_by("pk")
        ],
        "empty": _("The agenda is empty."),
        "parts": [part for part in (_late_lines(language), _late_tasks(language)) if part["rows"]],
    }


def _late_lines(language: str) -> dict[str, Any]:
    late = PlanLine.objects.late(timezone.localdate()).select_related("service__agency")
    return {
        "title": _("Late lines of the plan"),
        "head": [_("Service"), _("Agency"), _("Planned to start")],
        "widths": [1, 3, 1.6],
        "rows": [
            [
                line.service.registry_number,
                line.service.agency.label(language),
                format_date(line.planned_on, language),
            ]
            for line in late
        ],
    }


def _late_tasks(language: str) -> dict[str, Any]:
    """Clauses of acts whose day is over, and whose they are."""
    late = readiness.late(language, timezone.localdate())["tasks"]
    return {
        "title": _("Late tasks of the control card"),
        "head": [_("Act"), _("what is to be done"), _("Who answers"), _("due")],
        "widths": [2, 3, 1.8, 1.5],
        "rows": [
            [
                task["act"],
                task["text"],
                task["whose"],
                format_date(task["row"].due_on, language),
            ]
            for task in late
        ],
    }
