"""Fiscal items of payments by Click: told after the payment, again until Click has taken them.

Payme asks for them itself (`CheckPerformTransaction`) and tells the receipt (`SetFiscalData`).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from payments import services
from payments.models import Attempt
from payments.providers import Silent, click_merchant
from payments.states import AttemptState, ProviderName

#: How long a payment's items are told again where Click did not take them.
FOR_DAYS = timedelta(days=3)
MOST = 200


def submit_due(now: datetime | None = None) -> int:
    """Tell what is not told yet; how many were taken. Safe to run twice."""
    moment = now or timezone.now()
    rows = (
        Attempt.objects.filter(
            provider=ProviderName.CLICK, state=AttemptState.PERFORMED,
            performed_at__gte=moment - FOR_DAYS, data__fiscal_told__isnull=True,
        )
        .exclude(account__ikpu="")
        .select_related("account", "invoice")
        .prefetch_related("invoice__items")
        .order_by("performed_at")
    )  # fmt: skip
    taken = 0
    for attempt in rows[:MOST]:
        payment = str(attempt.data.get("paydoc") or "")
        if not payment.isdigit() or not click_merchant.may_be_asked(attempt.account):
            continue
        try:
            told = click_merchant.submit_items(attempt, payment)
        except Silent:
            continue
        if told:
            services.note(attempt.pk, {"fiscal_told": moment.isoformat()})
            taken += 1
    return taken
