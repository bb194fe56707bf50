"""What stands on every page: menu, phones, useful links, notices. Plain rows with text maps."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import TextMapField
from core.publishing import bump_generation
from core.texts import pick


class Furniture(models.Model):
    """A row whose change shows on every page at once."""

    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save and make cached pages stale."""
        super().save(*args, **kwargs)
        bump_generation()

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Delete and make cached pages stale."""
        bump_generation()
        return super().delete(*args, **kwargs)


class MenuItem(Furniture):
    """An entry of the main menu or the footer."""

    class Place(models.TextChoices):
        MAIN = "main", _("main menu")
        FOOTER = "footer", _("footer")

    place = models.CharField(_("place"), max_length=8, choices=Place.choices, default=Place.MAIN)
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="children",
        verbose_name=_("under"),
    )
    title = TextMapField(verbose_name=_("title"))
    address = models.CharField(
        _("address"),
        max_length=200,
        help_text=_("A path of the portal without the language, or https://… Example: idoralar"),
    )

    class Meta:
        ordering = ("place", "order", "pk")
        verbose_name = _("menu entry")
        verbose_name_plural = _("menu")

    def __str__(self) -> str:
        return pick(self.title)

    def clean(self) -> None:
        """The menu has two levels. Raises ValidationError on a third."""
        if self.parent_id and self.parent and self.parent.parent_id:
            raise ValidationError({"parent": _("The menu has two levels.")})


class Phone(Furniture):
    """A telephone number for everybody."""

    class Kind(models.TextChoices):
        CALL_CENTRE = "call_centre", _("call centre")
        HOTLINE = "hotline", _("hotline")
        EMERGENCY = "emergency", _("emergency")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    name = TextMapField(verbose_name=_("name"))
    number = models.CharField(_("number"), max_length=24, help_text=_("Example: +998 61 000-00-00"))
    hours = TextMapField(verbose_name=_("hours"), blank=True)
    in_footer = models.BooleanField(_("in the footer"), default=True)

    class Meta:
        ordering = ("order", "pk")
        verbose_name = _("phone")
        verbose_name_plural = _("phones")

    def __str__(self) -> str:
        return f"{pick(self.name)} {self.number}"

    @property
    def href(self) -> str:
        """`tel:` link."""
        return "tel:" + "".join(c for c in self.number if c.isdigit() or c == "+")


class UsefulLink(Furniture):
    """A link to another site that citizens need."""

    title = TextMapField(verbose_name=_("title"))
    url = models.URLField(_("address"))

    class Meta:
        ordering = ("order", "pk")
        verbose_name = _("useful link")
        verbose_name_plural = _("useful links")

    def __str__(self) -> str:
        return pick(self.title)


class Notice(Furniture):
    """A notice over the whole site or one section, in all languages, from one moment to another."""

    class Level(models.TextChoices):
        INFORMATION = "info", _("information")
        OUTAGE = "important", _("outage")
        EMERGENCY = "warning", _("emergency")

    level = models.CharField(
        _("level"), max_length=10, choices=Level.choices, default=Level.INFORMATION
    )
    title = TextMapField(verbose_name=_("title"))
    text = TextMapField(verbose_name=_("text"), blank=True)
    #: Path without the language; empty for the whole site.
    section = models.CharField(
        _("section"),
        max_length=200,
        blank=True,
        help_text=_("Path of the section without the language; empty for the whole site."),
    )
    starts_at = models.DateTimeField(_("from"), default=timezone.now)
    ends_at = models.DateTimeField(_("to"), null=True, blank=True)

    class Meta:
        ordering = ("order", "-starts_at")
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True)
                | models.Q(ends_at__gt=models.F("starts_at")),
                name="notice_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return pick(self.title)
