"""Who held which post of an agency, from which day to which (requirements.md S-23)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from core.rows import Row


class PostHolding(Row):
    """One person in one of the two posts that answer for an agency's services."""

    class Post(models.TextChoices):
        HEAD = "head", _("head")
        EXECUTOR = "executor", _("responsible executor")

    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="holdings", verbose_name=_("agency")
    )
    post = models.CharField(_("post"), max_length=8, choices=Post.choices)
    name = models.CharField(_("name"), max_length=120)
    #: None: since before the portal knew.
    since = models.DateField(_("from"), null=True, blank=True)
    #: The last day; None for whoever holds the post now.
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ("agency", "post", "-since", "-pk")
        verbose_name = _("holder of a post")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency", "post"],
                condition=models.Q(until__isnull=True),
                name="post_one_holder_now",
            ),
            models.CheckConstraint(
                condition=models.Q(since__isnull=True)
                | models.Q(until__isnull=True)
                | models.Q(until__gte=models.F("since")),
                name="post_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.post}: {self.since}…{self.until}"
