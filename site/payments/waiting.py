"""What waits for whoever decides about money."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.selectors import agencies_of
from core.waiting import Waiting, counted
from payments.models import Refund
from payments.refunds import MONEY


def piles(user: User) -> Iterator[Waiting]:
    """Refunds that others asked for and that the user may decide about; in two queries."""
    agencies = list(agencies_of(user, *MONEY))
    if agencies:
        rows = Refund.objects.filter(invoice__agency__in=agencies, state=Refund.State.REQUESTED)
        asked = rows.exclude(requested_by=user).exclude(invoice__payer=user)
        yield counted(_("Refunds to decide about"), asked, reverse("payments_refunds"))
