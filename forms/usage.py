"""What is counted of the use of forms: never who, never what was answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median
from typing import Literal

from django.db.models import Count
from django.utils import timezone

from core.rows import add
from forms.engine.validation import question_of
from forms.models import FormDefinition, FormEvent, FormVersion

Kind = Literal["started", "step", "error", "sent", "abandoned"]
#: Days after which single events go.
KEPT_DAYS = 400


def record(
    version: FormVersion, kind: Kind, place: str = "", *, seconds: int | None = None
) -> None:
    """Count one event, in the caller's transaction."""
    add(FormEvent(version=version, kind=kind, place=place, seconds=seconds))


def record_page(version: FormVersion, step: str, errors: Iterable[str]) -> None:
    """Count a page that was sent: finished, or each question that was refused."""
    refused = sorted({question_of(name) for name in errors})
    rows = [FormEvent(version=version, kind="error", place=key) for key in refused]
    FormEvent.objects.bulk_create(rows or [FormEvent(version=version, kind="step", place=step)])


@dataclass
class Usage:
    """The use of a form in a time, all versions together."""

    started: int = 0
    sent: int = 0
    #: Key of a step → how often it was finished; how often the form was given up there.
    steps: Counter[str] = field(default_factory=Counter)
    abandoned: Counter[str] = field(default_factory=Counter)
    #: Key of a question → how often its answer was refused.
    errors: Counter[str] = field(default_factory=Counter)
    #: From the start to the sending, in the middle of all.
    median_minutes: int | None = None


def of_form(definition: FormDefinition, since: date) -> Usage:
    """How a form was used since a day."""
    rows = FormEvent.objects.filter(version__definition=definition, day__gte=since)
    usage = Usage()
    counted = rows.values_list("kind", "place").annotate(times=Count("pk")).order_by()
    for kind, place, times in counted:
        match kind:
            case "started":
                usage.started += times
            case "sent":
                usage.sent += times
            case "step":
                usage.steps[place] += times
            case "abandoned":
                usage.abandoned[place] += times
            case "error":
                usage.errors[place] += times
    seconds = list(rows.filter(kind="sent").values_list("seconds", flat=True))
    times_taken = [value for value in seconds if value is not None]
    if times_taken:
        usage.median_minutes = max(1, round(median(times_taken) / 60))
    return usage


def delete_old() -> int:
    """Delete events that are too old to tell anything; how many there were."""
    oldest = timezone.localdate() - timedelta(days=KEPT_DAYS)
    return FormEvent.objects.filter(day__lt=oldest).delete()[0]
