"""Sets of questions that several forms share."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelsearch import index
from wagtail.admin.panels import FieldPanel
from wagtail.models import TranslatableMixin

from core.fields import QuietStreamField
from core.tidying import tidy_row
from forms.blocks import QuestionBlock


class QuestionSet(TranslatableMixin, index.Indexed, models.Model):
    """Questions written once and asked by many forms, such as “who applies”.

    Forms take a change with their next publication: what was published stays as it was.
    """

    search_fields: ClassVar = [index.AutocompleteField("title")]

    title = models.CharField(_("title"), max_length=200)
    questions = QuietStreamField(
        [("question", QuestionBlock())], blank=True, verbose_name=_("questions")
    )

    panels: ClassVar[list[Any]] = [FieldPanel("title"), FieldPanel("questions")]

    class Meta(TranslatableMixin.Meta):
        ordering = ("title",)
        verbose_name = _("question set")
        verbose_name_plural = _("question sets")

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Uzbek and Karakalpak texts keep one spelling of signs."""
        tidy_row(self)
        super().save(*args, **kwargs)
