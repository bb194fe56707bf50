"""Where a provider's call does not come, the provider is asked; the browser's return never decides."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone
from django_tasks import task

from payments import services
from payments.models import Attempt
from payments.providers import Status, known, provider_of
from payments.states import AttemptState, InvalidMove, ProviderName

#: Seconds in which one attempt is asked about once, however often its page is looked at.
PAUSE = 20
#: After this an attempt that nobody heard of again is asked about without anybody looking.
SILENCE = timedelta(minutes=10)
#: How long a reservation holds that the provider says nothing about. Payme's is its own (12 h);
#: Click completes within minutes, and is refused afterwards.
LONGEST = {ProviderName.PAYME: timedelta(hours=12), ProviderName.CLICK: timedelta(hours=1)}
#: Payme's reason for a transaction that ran out of time.
TIMEOUT = 4


@task()
def ask(attempt_pk: int) -> None:
    """Ask a provider about an attempt under way and act on its word. Safe to run twice."""
    learn(attempt_pk)


def ask_soon(attempt: Attempt) -> None:
    """Queue the question, at most once in PAUSE seconds."""
    if cache.add(f"payments:asked:{attempt.pk}", 1, PAUSE):
        ask.enqueue(attempt.pk)


def learn(attempt_pk: int, now: datetime | None = None) -> Status:
    """What the provider says of an attempt; a payment is booked, a failure breaks it off."""
    attempt = Attempt.objects.select_related("account", "invoice").get(pk=attempt_pk)
    if attempt.state != AttemptState.CREATED or attempt.provider not in known():
        return Status.UNKNOWN
    said = provider_of(attempt.provider).status(attempt)
    try:
        if said == Status.PAID:
            services.perform(attempt.pk, now=now)
        elif said == Status.CANCELLED:
            services.break_off(attempt.pk, now=now)
    except InvalidMove:
        # Its call came while we asked, or the invoice is closed: reconciliation tells which.
        return Status.UNKNOWN
    return said


def ask_about_silent(now: datetime | None = None) -> int:
    """Ask about attempts that nobody heard of for a while, and release what ran out of time.

    How many ended. Safe to run twice.
    """
    moment = now or timezone.now()
    rows = Attempt.objects.filter(state=AttemptState.CREATED, created_at__lt=moment - SILENCE)
    ended = 0
    for attempt in list(rows.order_by("created_at")[:200]):
        said = learn(attempt.pk, moment)
        if said in {Status.PAID, Status.CANCELLED}:
            ended += 1
        elif moment - attempt.created_at > LONGEST.get(ProviderName(attempt.provider), SILENCE):
            try:
                services.break_off(attempt.pk, TIMEOUT, now=moment)
            except InvalidMove:
                continue
            ended += 1
    return ended
