"""What editors of search keep: results promoted for a query. What they read: the log of queries."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelsearch import index
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from core.fields import TextMapField
from core.publishing import bump_generation
from service_pages.models import Service

#: A place of this site without its language, or a whole address.
_ADDRESS = r"^(https://[^\s]+|[\w\-/]*(#[\w\-]+)?)$"


class Promotion(index.Indexed, models.Model):
    """A service or a page that stands above the results of certain queries for a time."""

    search_fields: ClassVar = [
        index.AutocompleteField("queries"),
        index.AutocompleteField("title"),
        index.RelatedFields("service", [index.AutocompleteField("titles")]),
    ]

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    queries = models.TextField(
        _("queries"),
        help_text=_(
            "One a line, as people write them. Script, spelling and endings do not matter; "
            "all words must be there and no others."
        ),
    )
    language = models.CharField(
        _("language of the page"), max_length=10, blank=True, choices=settings.LANGUAGES,
        help_text=_("Empty for all languages."),
    )  # fmt: skip
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.CASCADE, related_name="promotions",
        verbose_name=_("service"),
    )  # fmt: skip
    address = models.CharField(
        _("or a page"), max_length=300, blank=True,
        validators=[RegexValidator(_ADDRESS, _("A path without the language, or https://…"))],
        help_text=_("Path without the language, or https://… of another official site."),
    )  # fmt: skip
    title = TextMapField(verbose_name=_("title"), blank=True)
    note = TextMapField(
        verbose_name=_("one sentence"), blank=True,
        help_text=_("Why it stands here. Example: until 1 March by the old form."),
    )  # fmt: skip
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to, the day included"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=1)

    panels: ClassVar = [
        FieldPanel("queries"),
        FieldPanel("language"),
        MultiFieldPanel(
            [FieldPanel("service"), FieldPanel("address"), FieldPanel("title")],
            heading=_("What is shown"),
        ),
        FieldPanel("note"),
        FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on"), FieldPanel("order")]),
    ]

    class Meta:
        ordering = ("order", "pk")
        verbose_name = _("promoted result")
        verbose_name_plural = _("promoted results")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(service__isnull=False, address="")
                | (models.Q(service__isnull=True) & ~models.Q(address="")),
                name="promotion_of_one_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(starts_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="promotion_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(self.queries.split("\n"))[:80]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; queries see it at once."""
        super().save(*args, **kwargs)
        bump_generation()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete; queries forget it at once."""
        deleted = super().delete(*args, **kwargs)
        bump_generation()
        return deleted

    def clean(self) -> None:
        """Say in words what the constraints demand. Raises ValidationError."""
        if bool(self.service_id) == bool(self.address):
            raise ValidationError(
                {"service": _("Choose a service, or write the address of a page, not both.")}
            )
        if self.address and not self.title:
            raise ValidationError({"title": _("Write the title under which the page stands.")})
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The last day is before the first.")})

    def is_in_force(self, day: date) -> bool:
        """Whether it is shown on a day."""
        return (self.starts_on is None or self.starts_on <= day) and (
            self.ends_on is None or day <= self.ends_on
        )


class QueryCount(models.Model):
    """How often a query was asked on one day in one language, and what came of it.

    Counts alone: no person, address, device or time of day. `search.querylog` takes out what looks
    like a person's number before anything is kept, and forgets.
    """

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    day = models.DateField()
    #: Of the page.
    language = models.CharField(max_length=10)
    #: The folded query: spellings and scripts of one query count together.
    key = models.CharField(max_length=100)
    #: As it was written first.
    text = models.CharField(max_length=100)
    searches = models.PositiveIntegerField(default=0)
    #: Found at the last search.
    results = models.PositiveIntegerField(default=0)
    #: Results that were opened, and the sum of their places, the first being 1.
    clicks = models.PositiveIntegerField(default=0)
    ranks = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("count of a query")
        verbose_name_plural = _("counts of queries")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "language", "key"], name="query_count_once")
        ]

    def __str__(self) -> str:
        return f"{self.text} {self.day}"
