"""The way of a report: draft → checked → signed → sent. Each step is one transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agency, Role, User
from accounts.selectors import has_role, may
from core.texts import complete, lacking
from forms.readers import is_controller
from registry.models import Report, ReportEvent
from registry.monitoring.closing import last_run
from registry.monitoring.periods import Period
from registry.reports import withheld
from registry.reports.freezing import figures

State = Report.State
#: Sections of requirements.md §5.5, in their order.
SECTIONS = (
    "method", "registry", "plan", "volumes", "timeliness", "outcomes", "satisfaction", "payments",
    "incidents", "law", "responsibility", "proposals", "decisions",
)  # fmt: skip
_MOST = 20_000
#: With this month a report's year ends, so that it can be written before 1 December.
LAST_MONTH = 10


class CannotReport(Exception):
    """A step that cannot be taken; the text says why."""


def may_work(user: User) -> bool:
    """Whether somebody writes and checks reports: the territorial department's controllers."""
    return is_controller(user)


def may_sign(user: User) -> bool:
    """Whether somebody signs: heads of the agency that REPORT_AGENCY names, and administrators."""
    if user.is_superuser and user.is_active:
        return True
    # The menu asks on every page: who heads no agency costs no query.
    if not has_role(user, Role.HEAD):
        return False
    agency = Agency.objects.filter(key=settings.REPORT_AGENCY).first()
    return agency is not None and may(user, agency, Role.HEAD)


def span(year: int) -> Period:
    """What the report of a year covers: twelve months up to the end of October, so that it can be
    written before 1 December and compared with the year before."""
    return Period(date(year - 1, 11, 1), date(year, 10, 31))


@transaction.atomic
def begin(year: int, by: User) -> Report:
    """A draft with the figures of the year. Raises CannotReport where there is one already, or the
    span is not closed yet."""
    if Report.objects.filter(year=year).exists():
        raise CannotReport(_("There is a report of this year already."))
    period = span(year)
    report = Report.objects.create(year=year, first_day=period.first, last_day=period.last)
    _note(report, "created", by)
    return freeze(report, by)


@transaction.atomic
def correct(report: Report, by: User, note: str) -> Report:
    """A draft of the next edition, with the figures as they are known now and the same comments.

    What was signed stays as it is. Raises CannotReport without a reason, before the signature, and
    where there is another edition already.
    """
    locked = Report.objects.select_for_update().get(pk=report.pk)
    if locked.state not in {State.SIGNED, State.SENT} or not may_work(by):
        raise CannotReport(_("This step is not possible now."))
    if not note.strip():
        raise CannotReport(_("Say why."))
    if Report.objects.of(locked.year).filter(edition__gt=locked.edition).exists():
        raise CannotReport(_("There is another edition of this report already."))
    made = Report.objects.create(
        year=locked.year, edition=locked.edition + 1, first_day=locked.first_day,
        last_day=locked.last_day, comments=locked.comments,
    )  # fmt: skip
    _note(made, "created", by, note)
    return freeze(made, by)


@transaction.atomic
def freeze(report: Report, by: User) -> Report:
    """Take the figures as they are known now. Only in a draft."""
    locked = _locked(report, State.DRAFT, by)
    run = last_run()
    if run is None or run.closed < locked.last_day:
        raise CannotReport(_("The days of the year are not closed yet."))
    locked.figures = figures(Period(locked.first_day, locked.last_day), run.number)
    locked.run, locked.frozen_at = run.number, timezone.now()
    locked.save()
    _note(locked, "frozen", by)
    return locked


@transaction.atomic
def comment(report: Report, section: str, texts: Mapping[str, str], by: User) -> Report:
    """Write the comment of a section, in any languages. Only in a draft."""
    locked = _locked(report, State.DRAFT, by)
    if section not in SECTIONS:
        raise CannotReport(_("There is no such section."))
    locked.comments[section] = complete(
        {code: str(text).strip()[:_MOST] for code, text in texts.items() if str(text).strip()}
    )
    locked.save(update_fields=["comments"])
    _note(locked, "commented", by, section)
    return locked


@transaction.atomic
def check(report: Report, by: User) -> Report:
    """Another person than whoever began it has checked it."""
    locked = _locked(report, State.DRAFT, by)
    writers = set(
        locked.events.filter(kind__in=["created", "commented"]).values_list("actor_id", flat=True)
    )
    if by.pk in writers:
        raise CannotReport(_("Another person checks what you have written."))
    if missing := _untranslated(locked):
        raise CannotReport(
            _("A comment is not written in every language: %(what)s") % {"what": missing}
        )
    return _moved(locked, State.CHECKED, "check", by)


def _untranslated(report: Report) -> str:
    """Sections and languages that a comment lacks, in words: nobody signs what others cannot read."""
    found = []
    for section in SECTIONS:
        names = lacking(report.comments.get(section) or {})
        if names:
            found.append(f"{SECTIONS.index(section) + 1} ({', '.join(names)})")
    return "; ".join(found)


@transaction.atomic
def send_back(report: Report, by: User, note: str) -> Report:
    """A checked report becomes a draft again, with a remark."""
    locked = Report.objects.select_for_update().get(pk=report.pk)
    if locked.state != State.CHECKED or not (may_work(by) or may_sign(by)):
        raise CannotReport(_("This step is not possible now."))
    if not note.strip():
        raise CannotReport(_("Say why."))
    return _moved(locked, State.DRAFT, "return", by, note)


@transaction.atomic
def sign(report: Report, by: User) -> Report:
    """Sign a checked report: from now on nothing in it changes, and a hash proves it."""
    locked = Report.objects.select_for_update().get(pk=report.pk)
    if locked.state != State.CHECKED or not may_sign(by):
        raise CannotReport(_("This step is not possible now."))
    checked = locked.events.filter(kind="check").last()
    if checked is not None and checked.actor_id == by.pk:
        raise CannotReport(_("Another person signs what you have checked."))
    # The public edition follows from what is signed: what it must not tell is signed with it.
    locked.figures = locked.figures | {"withheld": withheld.now(locked).as_json()}
    locked.hash = fingerprint(locked)
    return _moved(locked, State.SIGNED, "sign", by)


@transaction.atomic
def send(report: Report, by: User) -> Report:
    """Note that the signed report went to the council."""
    return _moved(_locked(report, State.SIGNED, by), State.SENT, "send", by)


def fingerprint(report: Report) -> str:
    """SHA-256 over all that the report says."""
    edition = [report.edition] if report.edition > 1 else []
    body = [report.year, *edition, report.first_day.isoformat(), report.last_day.isoformat(), report.run,
            report.figures, report.comments]  # fmt: skip
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def is_whole(report: Report) -> bool:
    """Whether a signed report is as it was signed."""
    return bool(report.hash) and report.hash == fingerprint(report)


def _locked(report: Report, state: str, by: User) -> Report:
    locked = Report.objects.select_for_update().get(pk=report.pk)
    if locked.state != state or not may_work(by):
        raise CannotReport(_("This step is not possible now."))
    return locked


def _moved(report: Report, state: str, kind: str, by: User, note: str = "") -> Report:
    report.state = state
    report.save()
    _note(report, kind, by, note)
    return report


def _note(report: Report, kind: str, by: User, note: str = "") -> None:
    ReportEvent.objects.create(report=report, kind=kind, actor=by, note=note.strip())
