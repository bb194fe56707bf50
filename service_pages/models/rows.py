"""Plain rows: what services are, whatever page shows them in whatever language."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelsearch import index

from core.fields import TextMapField
from core.publishing import bump_generation
from core.rows import WrittenOnce
from core.texts import pick
from service_pages import gate, vocabulary


class PublicRow(models.Model):
    """A row that public pages show: a change makes whatever is cached of them stale."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and let pages show it at once."""
        super().save(*args, **kwargs)
        bump_generation()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete, and let pages forget it at once."""
        result = super().delete(*args, **kwargs)
        bump_generation()
        return result


class Topic(index.Indexed, PublicRow):
    """A theme of the catalogue."""

    search_fields: ClassVar = [index.AutocompleteField("name"), index.AutocompleteField("key")]

    key = models.SlugField(max_length=60, unique=True)
    order = models.PositiveSmallIntegerField(default=0)
    name = TextMapField()
    icon = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ("order",)
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return pick(self.name)


class LifeEvent(index.Indexed, PublicRow):
    """Something in a life or a business that calls for several services."""

    search_fields: ClassVar = [index.AutocompleteField("name"), index.AutocompleteField("key")]

    class Kind(models.TextChoices):
        LIFE = "life", _("life event")
        BUSINESS = "business", _("business event")

    key = models.SlugField(max_length=60, unique=True)
    order = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    #: Categories of applicants (`vocabulary.Audience`); empty for all.
    audience = models.JSONField(default=list, blank=True)
    name = TextMapField()

    class Meta:
        ordering = ("-kind", "order")
        verbose_name = _("life event")
        verbose_name_plural = _("life events")

    def __str__(self) -> str:
        return pick(self.name)


class Service(index.Indexed, PublicRow):
    """A public service: the identity that requests, figures, versions and pages refer to."""

    Phase = vocabulary.Phase
    Status = vocabulary.Status

    search_fields: ClassVar = [
        index.AutocompleteField("key"),
        index.AutocompleteField("registry_number"),
        index.AutocompleteField("external_id"),
        index.AutocompleteField("titles"),
    ]

    key = models.SlugField(_("key"), max_length=100, unique=True)
    registry_number = models.CharField(_("registry number"), max_length=20, unique=True)
    agency = models.ForeignKey(
        "accounts.Agency", on_delete=models.PROTECT, related_name="services",
        verbose_name=_("agency"),
    )  # fmt: skip
    external_id = models.PositiveIntegerField(_("number on my.gov.uz"), null=True, blank=True)
    external_url = models.URLField(_("page on my.gov.uz"), blank=True)
    phase = models.PositiveSmallIntegerField(
        _("phase"), choices=vocabulary.Phase.choices, default=vocabulary.Phase.INFORMATION
    )
    status = models.CharField(
        _("status"),
        max_length=14,
        choices=vocabulary.Status.choices,
        default=vocabulary.Status.LIVE,
    )
    #: Key of the form that belongs to it in the data it came from; the form itself points here.
    form_key = models.SlugField(_("key of the form"), max_length=100, blank=True)
    planned_on = models.DateField(_("planned to start"), null=True, blank=True)
    launched_on = models.DateField(_("started"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("key",)
        verbose_name = _("service")
        verbose_name_plural = _("services")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(phase__lte=5), name="service_phase_known")
        ]

    def __str__(self) -> str:
        return self.key

    def clean(self) -> None:
        """Rooms above may forbid what is chosen by hand. Raises ValidationError with their words."""
        found = gate.row_problems(self)
        if found:
            raise ValidationError([problem.message for problem in found])

    @property
    def titles(self) -> dict[str, str]:
        """Language → title, as published; empty where nothing is."""
        return dict(self.entries.values_list("language", "title"))

    @property
    def view_key(self) -> str:
        """What views are counted under: the same in all languages."""
        return f"service:{self.key}"


class Discount(PublicRow):
    """A discount that passports refer to by its code, such as SOC50."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    percent = models.PositiveSmallIntegerField(_("per cent"))
    #: Kinds of fees and channels it applies to.
    applies_to = models.JSONField(_("kinds of fees"), default=list)
    channels = models.JSONField(_("channels"), default=list)
    #: `[{"key", "name": text map}]`: who has it.
    groups = models.JSONField(_("who has it"), default=list)
    exclusions = TextMapField(verbose_name=_("when it does not apply"), blank=True)

    class Meta:
        verbose_name = _("discount")
        verbose_name_plural = _("discounts")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(percent__gte=1, percent__lte=100), name="discount_percent"
            )
        ]

    def __str__(self) -> str:
        return self.code


class PassportVersion(WrittenOnce):
    """A passport as it was published: all languages in one immutable row."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-number",)
        verbose_name = _("version of a passport")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "number"], name="passport_version_number")
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.number}"


class CatalogueEntry(models.Model):
    """A service as lists show it in one language; written when its passport is published."""

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="entries")
    language = models.CharField(max_length=10)
    #: The language of the text: another one where nothing is translated.
    text_language = models.CharField(max_length=10)
    title = models.CharField(max_length=255)
    summary = models.TextField(blank=True)
    path = models.CharField(max_length=400)
    agency = models.ForeignKey("accounts.Agency", on_delete=models.CASCADE, related_name="+")
    #: Folded title: one order for every script and spelling.
    sort_title = models.CharField(max_length=255)
    is_online = models.BooleanField(default=False)
    is_free = models.BooleanField(default=False)
    popularity = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "language"], name="catalogue_entry_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["language", "-popularity", "sort_title"], name="catalogue_popular"
            ),
            models.Index(fields=["language", "sort_title"], name="catalogue_by_name"),
            models.Index(fields=["language", "agency", "-popularity"], name="catalogue_agency"),
        ]

    def __str__(self) -> str:
        return self.title


class CatalogueFacet(models.Model):
    """What a service is filtered by: a topic, an event or an audience."""

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="facets")
    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "kind", "key"], name="catalogue_facet_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "key", "service"], name="catalogue_facet")
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


class ServiceFigures(models.Model):
    """What is counted of a service: written by casework and the schedule, read everywhere."""

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    service = models.OneToOneField(Service, on_delete=models.CASCADE, related_name="figures")
    views_90 = models.PositiveIntegerField(default=0)
    requests_90 = models.PositiveIntegerField(default=0)
    rating_sum = models.PositiveIntegerField(default=0)
    rating_count = models.PositiveIntegerField(default=0)
    #: Decided within the term ÷ decided, in per cent; null before the first decision.
    on_time_percent = models.PositiveSmallIntegerField(null=True)

    def __str__(self) -> str:
        return f"figures {self.service_id}"

    @property
    def popularity(self) -> int:
        """A request weighs as much as ten views."""
        return self.views_90 + 10 * self.requests_90


class Office(index.Indexed, PublicRow):
    """A place where an agency receives people. A district's editor keeps it without a passport."""

    search_fields: ClassVar = [
        index.AutocompleteField("name"),
        index.AutocompleteField("address"),
        index.SearchField("landmark"),
        index.RelatedFields("agency", [index.AutocompleteField("name")]),
        index.RelatedFields("district", [index.AutocompleteField("name")]),
    ]

    agency = models.ForeignKey(
        "accounts.Agency",
        on_delete=models.CASCADE,
        related_name="offices",
        verbose_name=_("agency"),
    )
    district = models.ForeignKey(
        "core.District", on_delete=models.PROTECT, related_name="offices",
        verbose_name=_("city or district"),
    )  # fmt: skip
    name = TextMapField(verbose_name=_("name"))
    address = TextMapField(verbose_name=_("address"))
    landmark = TextMapField(verbose_name=_("landmark"), blank=True)
    transport = TextMapField(verbose_name=_("transport"), blank=True)
    #: Spans `[{"days": [...], "from", "to", "break_from", "break_to"}]`, times as HH:MM.
    hours = models.JSONField(_("hours"), default=list, blank=True)
    reception = TextMapField(verbose_name=_("reception hours"), blank=True)
    phones = models.JSONField(_("phones"), default=list, blank=True)
    step_free = models.BooleanField(_("step-free entrance"), null=True, blank=True)
    latitude = models.DecimalField(
        _("latitude"), max_digits=8, decimal_places=5, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=8, decimal_places=5, null=True, blank=True
    )
    #: Keys of services accepted here; empty for all of the agency's.
    services_accepted = models.JSONField(_("services accepted"), default=list, blank=True)

    class Meta:
        ordering = ("district__order", "pk")
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="office_point_whole",
            )
        ]

    def __str__(self) -> str:
        return pick(self.name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; one span of hours may be given without a list around it."""
        if isinstance(self.hours, dict):
            self.hours = [self.hours] if self.hours else []
        super().save(*args, **kwargs)
