"""The control card: tasks are put on it, reported, confirmed by another person, moved with a reason.

Controllers of the territorial department keep it (S-28). An agency reports on its own tasks and
puts legal barriers of its own services on the card (S-22). Whoever reported does not confirm.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Role, User
from accounts.selectors import agencies_of, may
from core.texts import complete, pick
from forms.readers import is_controller
from home.models import LegalDocumentPage
from registry.models import ControlEvent, ControlTask
from registry.models.control import ControlTaskQuerySet

#: Who speaks for an agency.
REPORTERS = (Role.HEAD, Role.EDITOR, Role.OFFICER)
#: Who reads the whole card.
READERS = (Role.CONTROLLER, Role.COUNCIL)
State = ControlTask.State
Kind = ControlEvent.Kind


class NotAllowed(Exception):
    """This person may not do this with the task now; the text says why."""


def visible_to(user: Any) -> ControlTaskQuerySet:
    """All tasks for controllers and the council; an agency's own for its staff."""
    rows = ControlTask.objects.select_related("agency", "service", "document")
    if is_controller(user):
        return rows
    agencies = agencies_of(user, *REPORTERS, *READERS)
    return rows.filter(Q(agency__in=agencies) | Q(service__agency__in=agencies))


def act_titles(tasks: Iterable[ControlTask], language: str) -> dict[int, str]:
    """Task → how its act is cited in the reader's language, with the clause; in two queries."""
    rows = list(tasks)
    keys = {row.pk: row.document.translation_key for row in rows if row.document}
    pages = LegalDocumentPage.objects.filter(
        translation_key__in=keys.values(), locale__language_code=language
    )
    titles = dict(pages.values_list("translation_key", "title"))
    return {
        row.pk: f"{titles.get(keys.get(row.pk)) or pick({'uz': row.act_label}, language)} "
        f"{row.clause}".strip()
        for row in rows
    }


def may_make(user: Any, kind: str, service: Any = None) -> bool:
    """Whether the reader may put such a task on the card."""
    if is_controller(user):
        return True
    if kind != ControlTask.Kind.BARRIER:
        return False
    own = agencies_of(user, *REPORTERS)
    return own.exists() if service is None else own.filter(pk=service.agency_id).exists()


@transaction.atomic
def make(*, by: User | None, **fields: Any) -> ControlTask:
    """Put a task on the card; `fields` are those of ControlTask.

    Raises NotAllowed for who may not; `by` None is the portal's own loader.
    """
    if by is not None and not may_make(by, fields["kind"], fields.get("service")):
        raise NotAllowed(_("This task is not yours to make."))
    task = ControlTask.objects.create(**fields)
    ControlEvent.objects.create(task=task, kind=Kind.MADE, actor=by)
    return task


def steps_for(user: Any, task: ControlTask) -> list[str]:
    """Names of the steps that the reader may take now."""
    keeper = is_controller(user)
    mine = task.agency is not None and may(user, task.agency, *REPORTERS)
    steps: list[str] = []
    if task.state == State.OPEN and (mine or keeper):
        steps.append("report")
    if task.state == State.REPORTED and keeper and _reporter(task) != user.pk:
        steps += ["confirm", "return"]
    if task.is_open and keeper:
        steps += ["move", "drop"]
    return steps


def _reporter(task: ControlTask) -> int | None:
    last = task.events.filter(kind=Kind.REPORTED).last()
    return last.actor_id if last else None


@transaction.atomic
def take(
    task: ControlTask,
    step: str,
    *,
    by: User,
    note: str = "",
    proof: str = "",
    day: date | None = None,
) -> ControlTask:
    """Take a step under a lock. Raises NotAllowed where it is not the reader's, or a reason lacks."""
    locked = ControlTask.objects.select_for_update(of=("self",)).get(pk=task.pk)
    if step not in steps_for(by, locked):
        raise NotAllowed(_("This step is not possible now. Look at the task again."))
    if step != "confirm" and not note.strip():
        raise NotAllowed(_("Say what was done.") if step == "report" else _("Say why."))
    event = ControlEvent(task=locked, actor=by, note=note.strip(), proof=proof)
    if step == "move":
        if day is None or day == locked.due_on:
            raise NotAllowed(_("Choose another day."))
        event.kind, event.moved_from, event.moved_to = Kind.MOVED, locked.due_on, day
        locked.due_on = day
    else:
        event.kind, locked.state = {
            "report": (Kind.REPORTED, State.REPORTED),
            "return": (Kind.RETURNED, State.OPEN),
            "confirm": (Kind.CONFIRMED, State.CONFIRMED),
            "drop": (Kind.DROPPED, State.DROPPED),
        }[step]
    if not locked.is_open:
        locked.closed_at = timezone.now()
    locked.save(update_fields=["state", "due_on", "closed_at"])
    event.save()
    if step == "confirm" and locked.every_year:
        _again(locked)
    return locked


def _again(task: ControlTask) -> None:
    """The same task a year later, once."""
    stem, _colon, year = task.key.rpartition(":")
    key = f"{stem}:{int(year) + 1}" if stem and year.isdecimal() else ""
    if key and ControlTask.objects.filter(key=key).exists():
        return
    # 29 February becomes the 28th.
    try:
        due = task.due_on.replace(year=task.due_on.year + 1)
    except ValueError:
        due = task.due_on.replace(year=task.due_on.year + 1, day=28)
    make(
        by=None, key=key, kind=task.kind, document=task.document, act=task.act, clause=task.clause,
        text=task.text, service=task.service, agency=task.agency, post=task.post, due_on=due,
        every_year=True, milestone=task.milestone,
    )  # fmt: skip


def ensure(records: list[Mapping[str, Any]], documents: Mapping[str, Any]) -> int:
    """Put tasks that come with the portal on the card, each once; how many were new.

    A record: `key`, `document` (key of an act), `clause`, `text`, `post`, `due_on` (ISO),
    `every_year`, `milestone`.
    """
    known = set(ControlTask.objects.exclude(key="").values_list("key", flat=True))
    added = 0
    for record in records:
        if record["key"] in known:
            continue
        make(
            by=None, key=record["key"], kind=ControlTask.Kind.CLAUSE,
            document=documents.get(record["document"]), act=record.get("act", ""),
            clause=record["clause"], text=complete(record["text"]), post=complete(record["post"]),
            due_on=date.fromisoformat(record["due_on"]),
            every_year=record.get("every_year", False), milestone=record.get("milestone", False),
        )  # fmt: skip
        added += 1
    return added
