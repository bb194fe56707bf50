"""Who translates a page into a language, and what is being sent to translation."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class TranslationTask(models.Model):
    """A page to be translated into a language: who does it, and until when.

    Whether it is done is never stored here: the desk works it out from the texts themselves.
    """

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    #: The page's `translation_key`, the same in all languages.
    page_key = models.UUIDField()
    language = models.CharField(_("language"), max_length=10)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+", verbose_name=_("translator"),
    )  # fmt: skip
    due_on = models.DateField(_("due on"), null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    sent_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("translation task")
        verbose_name_plural = _("translation tasks")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["page_key", "language"], name="translation_task_once_a_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.page_key} → {self.language}"


class TranslationBatch(models.Model):
    """Pages that are being sent to translation in the task queue."""

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    #: Primary keys of the Uzbek pages, in the order in which they are sent.
    pages = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    due_on = models.DateField(null=True, blank=True)
    #: How many of `pages` have been dealt with; a worker that starts again goes on from here.
    done = models.PositiveIntegerField(default=0)
    #: Primary keys of pages that could not be sent.
    failed = models.JSONField(default=list)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("sending to translation")
        verbose_name_plural = _("sendings to translation")

    def __str__(self) -> str:
        return f"{self.done} / {len(self.pages)} → {', '.join(self.languages)}"
