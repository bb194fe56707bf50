"""Requests of the demonstration's citizen: the inbox and "my requests" do not open empty."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from casework.intake import register_request
from casework.models import ServiceRules
from casework.transitions import transition
from core.models import work_calendar
from demo.reading import items, load
from forms.engine.validation import validate_answers
from forms.models import FormDefinition, Submission
from operations.models import OutboxMessage
from service_pages.models import Service

CITIZEN, OFFICER = "fuqaro@example.org", "ijrochi@example.org"
_AGO = re.compile(r"today-(\d+)d")


#: What appeals of the site are counted under.
PURPOSES = {"appeal-to-body": ServiceRules.Purpose.APPEALS,
            "portal-feedback": ServiceRules.Purpose.PORTAL}  # fmt: skip


def mark_services() -> None:
    """Say which services take appeals, as administrators do under *Rules of services*."""
    for key, purpose in PURPOSES.items():
        if not ServiceRules.objects.filter(purpose=purpose).exists():
            service = Service.objects.get(key=key)
            ServiceRules.objects.update_or_create(service=service, defaults={"purpose": purpose})


@transaction.atomic
def load_requests() -> int:
    """Send the requests that are missing, as of the days they tell of; how many were sent.

    Each passes the same checks and transitions as a citizen's. What was announced then is not
    sent today. Raises ValueError where the content does not fit its form.
    """
    citizen, officer = User.objects.get(email=CITIZEN), User.objects.get(email=OFFICER)
    sent = 0
    for record in items("requests"):
        token = f"demo-{record['key']}"
        if Submission.objects.filter(submit_token=token).exists():
            continue
        _send(record, token, citizen, officer)
        sent += 1
    return sent


def _send(record: dict[str, Any], token: str, citizen: User, officer: User) -> None:
    definition = FormDefinition.objects.get(key=record["form"])
    version = definition.current
    if version is None or definition.service is None:
        raise ValueError(f"{record['form']} is not published")
    answers = {name: _answer(value) for name, value in load("requests")[record["answers"]].items()}
    answers |= {"text": record["text"]} if "text" in record else {}
    checked = validate_answers(version.schema, answers, record["language"])
    if checked.errors:
        raise ValueError(f"{record['key']}: {checked.errors}")
    came = _moment(record["days_ago"])
    request = register_request(
        Submission.objects.create(
            version=version,
            user=citizen,
            language=record["language"],
            answers=checked.cleaned,
            submitted_at=came,
            submit_token=token,
        ),
        definition.service,
    )
    for number, move in enumerate(record["moves"], 1):
        transition(
            request.pk,
            move["to"],
            actor=officer,
            reason=move.get("reason", ""),
            ground=move.get("ground", ""),
            now=_moment(record["days_ago"] - move["days"]) + timedelta(minutes=20 * number),
        )
    OutboxMessage.objects.filter(event_key__startswith=f"request:{request.uuid}:").update(
        state=OutboxMessage.State.SENT, sent_at=came
    )


def _answer(value: Any) -> Any:
    """A day that is told as `today-800d` is counted from today."""
    ago = _AGO.fullmatch(value) if isinstance(value, str) else None
    return (timezone.localdate() - timedelta(days=int(ago[1]))).isoformat() if ago else value


def _moment(days_ago: int) -> datetime:
    """Ten in the morning of the last working day that is at least so many days ago."""
    day: date = timezone.localdate() - timedelta(days=days_ago)
    calendar = work_calendar()
    while not calendar.is_working(day):
        day -= timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time(10)))
