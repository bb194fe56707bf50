"""What the sandbox remembers of its transactions: the provider's books, not ours."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from core.fields import TiyinField
from payments.models.accounts import MerchantAccount
from payments.models.base import Row


class SandboxTransaction(Row):
    """A transaction as the provider that the portal plays has it."""

    class State(models.TextChoices):
        PENDING = "pending"
        PAID = "paid"
        CANCELLED = "cancelled"
        RETURNED = "returned"

    account = models.ForeignKey(MerchantAccount, on_delete=models.CASCADE, related_name="+")
    external_id = models.CharField(max_length=64, unique=True)
    number = models.CharField(max_length=64)
    amount = TiyinField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    begun_at = models.DateTimeField(default=timezone.now)
    #: When its state last changed.
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["pending", "paid", "cancelled", "returned"]),
                name="sandbox_state_known",
            )
        ]

    def __str__(self) -> str:
        return self.external_id
