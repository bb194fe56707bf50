"""Each day our books are compared with the provider's, and with themselves.

Where a provider can be asked for its side (`Provider.statement`), it is asked, again until it
answers; otherwise a person brings the file of its cabinet (`payments.statements`). What one side
lacks is learnt where possible, and stands on the page of differences until a person settles it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.selectors import may
from payments import asking, books, services
from payments.days import bounds
from payments.models import Attempt, Comparison, Difference, Invoice, MerchantAccount
from payments.providers import Line, Silent, known, provider_of
from payments.refunds import MONEY, NotAllowed
from payments.states import AttemptState, InvalidMove

log = logging.getLogger(__name__)
#: A day that could not be compared is tried again for so long.
BACK = 7
_MONEY = {AttemptState.PERFORMED, AttemptState.SURPLUS}
Kind = Difference.Kind
Found = dict[tuple[str, str], dict[str, Any]]


def compare(
    account: MerchantAccount, day: date, lines: Iterable[Line], actor: User | None = None
) -> list[Difference]:
    """Compare a day of an account with its statement; what differs, as it now stands open.

    What is equal again settles what was found before. Safe to repeat. `actor` brought a file.
    """
    start, end = bounds(day)
    theirs = {line.external_id: line for line in lines}
    own = Attempt.objects.filter(account=account)
    for row in own.filter(external_id__in=theirs, state=AttemptState.CREATED):
        # Its call never came, or was lost in the middle: the provider's word is asked for first.
        asking.learn(row.pk)
    ours = {
        row.external_id: row
        for row in own.filter(
            Q(performed_at__gte=start, performed_at__lt=end) | Q(external_id__in=theirs)
        ).select_related("invoice")
    }
    found: Found = {}
    for number in {*theirs, *ours}:
        kind, facts = _differ(ours.get(number), theirs.get(number))
        if kind:
            found[kind, number] = facts
    differences = _keep(account, day, found, {*theirs, *ours})
    Comparison.objects.update_or_create(
        account=account, day=day,
        defaults={
            "at": timezone.now(), "lines": len(theirs), "found": len(found), "by": actor
        },
    )  # fmt: skip
    return differences


def _differ(row: Attempt | None, line: Line | None) -> tuple[str, dict[str, Any]]:
    """(kind, facts) of a difference; ("", {}) where the two sides agree."""
    here = row is not None and row.state in _MONEY
    there = line is not None and line.paid
    facts = {
        "here": row.amount if row is not None and here else None,
        "there": line.amount if line is not None and there else None,
        "invoice": row.invoice if row is not None else None,
    }
    if here != there:
        if row is None:
            assert line is not None
            facts["invoice"] = Invoice.objects.filter(number=line.number).first()
            return Kind.MISSING_HERE, facts
        return (Kind.MISSING_THERE if line is None else Kind.STATE), facts
    told = facts["there"] is not None
    return (Kind.AMOUNT, facts) if told and facts["here"] != facts["there"] else ("", {})


@transaction.atomic
def _keep(
    account: MerchantAccount, day: date, found: Found, compared: set[str]
) -> list[Difference]:
    open_rows = Difference.objects.select_for_update().filter(
        agency=account.agency, provider=account.provider, settled_at__isnull=True,
        external_id__in=compared,
    )  # fmt: skip
    known_rows = {(row.kind, row.external_id): row for row in open_rows}
    for key, row in known_rows.items():
        if key not in found:
            row.settled_at = timezone.now()
            row.save(update_fields=["settled_at"])
    for (kind, number), facts in found.items():
        if (kind, number) not in known_rows:
            Difference.objects.create(
                agency=account.agency, provider=account.provider, day=day, kind=kind,
                external_id=number, **facts,
            )  # fmt: skip
    return list(
        Difference.objects.filter(
            agency=account.agency, provider=account.provider, settled_at__isnull=True
        )
    )


def reconcile(today: date | None = None) -> int:
    """Compare yesterday, and the days before that could not be compared or still differ; how many
    differences are open. Safe to repeat; one that cannot be reached holds up no other."""
    today = today or timezone.localdate()
    first = today - timedelta(days=BACK)
    accounts = MerchantAccount.objects.filter(provider__in=known()).filter(
        Q(active=True) | Q(attempts__performed_at__gte=bounds(first)[0])
    )
    for account in accounts.distinct():
        try:
            _compare_days(account, first, today - timedelta(days=1))
        except Silent:
            log.warning("no statement", extra={"account": account.pk})
    books.check(since=bounds(today - timedelta(days=1))[0])
    return Difference.objects.filter(settled_at__isnull=True).count()


def _compare_days(account: MerchantAccount, first: date, last: date) -> None:
    """Compare the days that need it, the newest first. Raises Silent."""
    done = set(Comparison.objects.filter(account=account).values_list("day", flat=True))
    differing = set(
        Difference.objects.filter(
            agency=account.agency, provider=account.provider, settled_at__isnull=True
        ).values_list("day", flat=True)
    )
    day = last
    while day >= first:
        if day not in done or day in differing:
            lines = provider_of(account.provider).statement(account, day)
            if lines is None:
                return
            compare(account, day, lines)
        day -= timedelta(days=1)


@transaction.atomic
def take_money(pk: int, actor: User) -> None:
    """Record money that the provider has of us and we do not: it pays its invoice where that is
    owed, and is to be returned otherwise.

    Raises NotAllowed without the role, InvalidMove where nothing is to be recorded.
    """
    row = Difference.objects.select_for_update(of=("self",)).select_related("agency").get(pk=pk)
    if not may(actor, row.agency, *MONEY):
        raise NotAllowed("difference")
    invoice = row.invoice
    if not row.is_money_there or invoice is None or invoice.agency_id != row.agency_id:
        raise InvalidMove(row.kind, "recorded")
    attempt = Attempt.objects.filter(provider=row.provider, external_id=row.external_id).first()
    if attempt is not None:
        services.keep_late(attempt.pk, actor=actor)
    else:
        account = MerchantAccount.objects.filter(
            agency=row.agency, provider=row.provider, active=True
        ).first()
        services.receive(
            invoice.pk, row.provider, row.external_id, row.there or invoice.total, account=account,
            actor=actor, data={"paydoc": row.external_id},
        )  # fmt: skip
    _settle(row, actor)


def settle(pk: int, actor: User) -> None:
    """A person has cleared a difference up. Raises NotAllowed, InvalidMove once it is settled."""
    row = Difference.objects.select_related("agency").get(pk=pk)
    if not may(actor, row.agency, *MONEY):
        raise NotAllowed("difference")
    _settle(row, actor)


def _settle(row: Difference, actor: User) -> None:
    changed = Difference.objects.filter(pk=row.pk, settled_at__isnull=True).update(
        settled_at=timezone.now(), settled_by=actor
    )
    if not changed:
        raise InvalidMove(row.kind, "settled")
