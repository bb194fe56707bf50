"""The outbox: messages are rows of the transaction that caused them, sent afterwards."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django_tasks import task

from core.rows import add_new
from operations import channels, wording
from operations.calls import Uncertain
from operations.crypto import blind_index
from operations.models import OutboxMessage

log = logging.getLogger(__name__)

#: Waits between attempts: a server that is down comes back within a day.
_WAITS = [timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720)]
#: A message that has been `sending` for this long was cut off by a crash.
_CUT_OFF = timedelta(minutes=10)


#: Days after which a message loses its address and its words; that it was sent stays known.
KEPT_DAYS = 90


def queue(
    *,
    event_key: str,
    channel: str,
    address: str,
    template: str,
    context: dict[str, Any],
    language: str,
    user: Any = None,
    version: int | None = None,
) -> tuple[OutboxMessage, bool]:
    """Queue one message in the caller's transaction, and whether it is new: the same event never
    queues it twice.

    `template` names a kind of message (`operations.wording`), of which the version in force now is
    sent whatever becomes of it meanwhile (`version`: its number, where it is known); or files
    without their endings: `.subject.txt` and `.email.txt`, or `.sms.txt`. Both are written out in
    `language` when it is sent. `context` must be JSON. After the commit it is handed over in the queue
    of tasks, so that no reader waits for a mail server; should that task be lost, the next `deliver_due`
    finds the message.
    """
    message = OutboxMessage(
        event_key=event_key,
        channel=channel,
        address_index=blind_index(address),
        user=user,
        address=address,
        template=template,
        template_version=wording.current_number(template) if version is None else version,
        context=context,
        language=language,
        next_try=timezone.now(),
    )
    # Nearly always new: written first, looked for only where it is there already.
    if not add_new(message):
        known = {"event_key": event_key, "channel": channel}
        return OutboxMessage.objects.get(address_index=message.address_index, **known), False
    if getattr(settings, "OUTBOX_AT_ONCE", True):
        # What is registered stays so, even where nothing can be queued just now.
        transaction.on_commit(lambda: _soon(message.pk), robust=True)
    return message, True


#: Seconds in which messages of a process are gathered for one task: a task for each would cost more
#: than the message.
GATHERED = 1.0
#: Until when on the process's own clock a task that this process asked for has not begun.
_asked_until = 0.0


def _soon(pk: int) -> None:
    """Have a message handed over that was just committed."""
    global _asked_until
    if not hand_over_due.get_backend().supports_defer:
        hand_over.enqueue(pk)
    elif time.monotonic() >= _asked_until:
        begins = timezone.now() + timedelta(seconds=GATHERED)
        hand_over_due.using(run_after=begins).enqueue()
        _asked_until = time.monotonic() + GATHERED


def send(**message: Any) -> OutboxMessage:
    """As `queue`, for whom it is all the same whether the message was queued before."""
    return queue(**message)[0]


@task()
def hand_over(pk: int) -> None:
    """`deliver` in the queue, where tasks cannot wait."""
    deliver(pk)


@task()
def hand_over_due() -> None:
    """`deliver_due` in the queue, until nothing more can be handed over."""
    while deliver_due():
        pass


def deliver(pk: int) -> bool:
    """Hand one waiting message over. True if it was sent; a failure is planned again."""
    now = timezone.now()
    taken = OutboxMessage.objects.filter(pk=pk, state=OutboxMessage.State.WAITING).update(
        state=OutboxMessage.State.SENDING, next_try=now
    )
    if not taken:
        return False
    message = OutboxMessage.objects.get(pk=pk)
    try:
        message.reference = channels.get(message.channel).hand_over(message)
    except Uncertain as error:
        # It may have gone: only a person decides whether it is sent once more.
        message.attempts += 1
        message.state, message.error = OutboxMessage.State.UNKNOWN, type(error).__name__
        message.save()
        log.warning("message perhaps sent", extra={"message_id": pk, "error": message.error})
        return False
    except Exception as error:
        message.attempts += 1
        message.error = type(error).__name__
        over = message.attempts > len(_WAITS)
        message.state = OutboxMessage.State.FAILED if over else OutboxMessage.State.WAITING
        if not over:
            message.next_try = timezone.now() + _WAITS[message.attempts - 1]
        message.save()
        log.warning("message not sent", extra={"message_id": pk, "error": message.error})
        return False
    message.state, message.sent_at, message.error = OutboxMessage.State.SENT, timezone.now(), ""
    message.save()
    return True


@transaction.atomic
def send_again(pk: int) -> bool:
    """An operator's own decision to hand a failed or unknown message over once more."""
    ended = (OutboxMessage.State.FAILED, OutboxMessage.State.UNKNOWN)
    return bool(
        OutboxMessage.objects.filter(pk=pk, state__in=ended)
        .exclude(address="")
        .update(state=OutboxMessage.State.WAITING, attempts=0, next_try=timezone.now(), error="")
    )


_DELIVERED = frozenset({"DELIVRD", "DELIVERED"})
_UNDELIVERED = frozenset({"UNDELIV", "UNDELIVERABLE", "REJECTD", "REJECTED", "EXPIRED", "FAILED"})


def record_delivery(reference: str, status: str) -> bool:
    """Keep what a gateway tells of a message that it took; whether anything was kept."""
    status = status.strip().upper()
    if status in _DELIVERED:
        delivery = OutboxMessage.Delivery.DELIVERED
    elif status in _UNDELIVERED:
        delivery = OutboxMessage.Delivery.UNDELIVERED
    else:
        return False
    rows = OutboxMessage.objects.filter(reference=reference).exclude(reference="")
    return bool(rows.update(delivery=delivery))


def forget_old() -> int:
    """Take address and words away from messages that ended long ago; how many. Safe to repeat."""
    old = timezone.now() - timedelta(days=KEPT_DAYS)
    ended = OutboxMessage.objects.exclude(
        state__in=(OutboxMessage.State.WAITING, OutboxMessage.State.SENDING)
    )
    rows = ended.filter(created_at__lt=old).exclude(address="")
    return rows.update(address="", context={}, user=None)


def deliver_due(limit: int = 200) -> int:
    """Send what is due (each message in a transaction of its own); the number sent.

    Messages that a crash cut off become `unknown` for the operator.
    """
    now = timezone.now()
    OutboxMessage.objects.filter(
        state=OutboxMessage.State.SENDING, next_try__lt=now - _CUT_OFF
    ).update(state=OutboxMessage.State.UNKNOWN)
    due = OutboxMessage.objects.filter(state=OutboxMessage.State.WAITING, next_try__lte=now)
    if connection.features.has_select_for_update_skip_locked:
        with transaction.atomic():
            keys = list(
                due.select_for_update(skip_locked=True)
                .order_by("next_try")
                .values_list("pk", flat=True)[:limit]
            )
    else:
        keys = list(due.order_by("next_try").values_list("pk", flat=True)[:limit])
    return sum(deliver(key) for key in keys)
