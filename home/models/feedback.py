"""What readers say of pages: votes as counts alone, and comments without a name."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.rows import Row


class PageVote(Row):
    """How many readers found a page useful on a day, and how many did not. Nobody is kept."""

    page_key = models.UUIDField()
    language = models.CharField(max_length=10)
    day = models.DateField(default=timezone.localdate)
    yes = models.PositiveIntegerField(default=0)
    no = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["page_key", "language", "day"], name="page_vote_once")
        ]

    def __str__(self) -> str:
        return f"{self.page_key} {self.day}: {self.yes}/{self.no}"


class PageComment(Row):
    """What a reader wrote about a page: the day alone, no name, no address."""

    class Theme(models.TextChoices):
        UNCLEAR = "unclear", _("hard to understand")
        OUTDATED = "outdated", _("out of date or wrong")
        MISSING = "missing", _("something is missing")
        BROKEN = "broken", _("something does not work")
        LANGUAGE = "language", _("language or translation")
        OTHER = "other", _("something else")

    class State(models.TextChoices):
        NEW = "new", _("new")
        ACCEPTED = "accepted", _("accepted")
        REJECTED = "rejected", _("rejected")

    page_key = models.UUIDField(db_index=True)
    language = models.CharField(max_length=10)
    day = models.DateField(default=timezone.localdate)
    theme = models.CharField(_("theme"), max_length=8, choices=Theme.choices)
    #: Empty once it is rejected: it may hold what nobody should keep.
    text = models.TextField(_("comment"), blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    answered_on = models.DateField(null=True)
    corrected_on = models.DateField(null=True)
    #: Of the appeal about the portal that it was entered as, where it asks for an answer.
    appeal_number = models.CharField(max_length=40, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("-day", "-pk")
        verbose_name = _("comment of a reader")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(state="rejected") | models.Q(text=""),
                name="comment_rejected_keeps_no_text",
            )
        ]

    def __str__(self) -> str:
        return f"comment {self.pk}"
