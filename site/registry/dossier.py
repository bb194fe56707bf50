"""The papers of a session of the council as one tagged PDF."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.pdf import band, compile_pdf, frame
from core.texts import pick, pick_noted
from languages.dates import format_date
from languages.registry import by_code
from registry import agenda, columns, control, hindsight
from registry.models import Session

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
        "agenda": [_item(row, language) for row in agenda.shown(session, language)],
        "decisions_title": _("Decisions"),
        "decisions": [
            {
                "title": f"№ {row.number}, {format_date(row.decided_on, language)}",
                "text": pick(row.text, language),
            }
            for row in session.decisions.order_by("pk")
        ],
        "empty": _("The agenda is empty."),
        "parts": [
            part
            for part in (_late_lines(session, language), _late_tasks(session, language))
            if part["rows"]
        ],
    }


def _item(row: dict[str, Any], language: str) -> dict[str, Any]:
    why, code = pick_noted(row["item"].text, language)
    return {
        "title": ": ".join(filter(None, [capfirst(str(row["kind"])), row["service"]])),
        "lines": [
            *filter(None, [row["agency"]]),
            *(f"{capfirst(label)}: {text}" for label, text in row["changes"]),
        ],
        "why": why,
        "lang": by_code(code).iso if code else "",
        "outcome": f"{_('Outcome')}: {row['outcome']}",
    }


def _days(session: Session) -> tuple[date, date]:
    """The day as of which its papers speak, and the one whose beginning they know of: before its own day's
    decisions once it is over, until then now."""
    if session.closed_at:
        return session.held_on, session.held_on
    today = timezone.localdate()
    return today, today + timedelta(days=1)


def _late_lines(session: Session, language: str) -> dict[str, Any]:
    day, known = _days(session)
    late = hindsight.late_lines(day, known)
    titles = columns.lines([line.service for line, _planned in late])
    return {
        "title": _("Late lines of the plan on %(day)s") % {"day": format_date(day, language)},
        "head": [_("Service"), _("Agency"), _("Planned to start")],
        "widths": [2.6, 2.6, 1.4],
        "rows": [
            [
                f"{line.service.registry_number} · "
                f"{columns.shown('title', titles[line.service_id], language)}",
                line.service.agency.label(language),
                format_date(planned, language),
            ]
            for line, planned in late
        ],
    }


def _late_tasks(session: Session, language: str) -> dict[str, Any]:
    """Clauses of acts whose day is over, and whose they are."""
    day, known = _days(session)
    late = hindsight.late_tasks(day, known)
    acts = control.act_titles([task for task, _due in late], language)
    return {
        "title": _("Late tasks of the control card on %(day)s")
        % {"day": format_date(day, language)},
        "head": [
            _("Act"),
            capfirst(_("what is to be done")),
            _("Who answers"),
            capfirst(_("due")),
        ],
        "widths": [2, 3, 1.8, 1.5],
        "rows": [
            [
                acts[task.pk],
                pick(task.text, language),
                pick(task.agency.name if task.agency else task.post, language),
                format_date(due, language),
            ]
            for task, due in late
        ],
    }
