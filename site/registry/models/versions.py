"""The registry as it was published: numbered versions, each line with the versions it holds in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.rows import WrittenOnce
from registry.models.council import Decision, Row
from service_pages.models import Service


class RegistryVersion(WrittenOnce):
    """A published state of the whole registry. It never changes."""

    number = models.PositiveIntegerField(_("version"), unique=True)
    published_at = models.DateTimeField(_("published"))
    decision = models.ForeignKey(
        Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="versions"
    )
    #: How many lines came, changed and went: what the list of versions shows.
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    #: SHA-256 over all lines of this version and the hash of the version before.
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("-number",)
        verbose_name = _("version of the registry")
        verbose_name_plural = _("versions of the registry")

    def __str__(self) -> str:
        return str(self.number)


class RegistryLineQuerySet(models.QuerySet["RegistryLine"]):
    """Lines by version."""

    def of(self, number: int) -> RegistryLineQuerySet:
        """Lines that hold in a version."""
        return self.filter(since__lte=number).filter(
            models.Q(until__isnull=True) | models.Q(until__gt=number)
        )

    def current(self) -> RegistryLineQuerySet:
        """Lines that hold now."""
        return self.filter(until__isnull=True)


class RegistryLine(Row):
    """A service as the registry shows it, from version `since` until the one before `until`.

    What is searched stands in columns of its own; everything else, in all languages, in `content`
    (see registry/columns.py).
    """

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="registry_lines")
    since = models.PositiveIntegerField()
    until = models.PositiveIntegerField(null=True)
    agency_key = models.CharField(max_length=100)
    registry_number = models.CharField(max_length=20)
    phase = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=14)
    content = models.JSONField()

    objects = RegistryLineQuerySet.as_manager()

    class Meta:
        ordering = ("registry_number",)
        verbose_name = _("line of the registry")
        verbose_name_plural = _("lines of the registry")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["service"],
                condition=models.Q(until__isnull=True),
                name="registry_line_one_holds",
            ),
            models.UniqueConstraint(fields=["service", "since"], name="registry_line_since_once"),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gt=models.F("since")),
                name="registry_line_versions_in_order",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["until", "registry_number"], name="registry_line_current"),
            models.Index(fields=["since"], name="registry_line_since"),
        ]

    def __str__(self) -> str:
        return f"{self.registry_number} ({self.since}…)"
