"""Rows of the passport without text. Neutral: read from the Uzbek page alone.

wagtail-localize leaves many-to-many silently stale (verified), hence child rows.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from accounts.models import Agency
from service_pages import vocabulary
from service_pages.models.rows import LifeEvent, Service, Topic


class ServiceChannel(Orderable):
    """Where the service is asked for."""

    page = ParentalKey(
        "service_pages.ServicePage", on_delete=models.CASCADE, related_name="channels"
    )
    channel = models.CharField(
        _("channel"), max_length=12, choices=vocabulary.Channel.choices,
        help_text=_("Example: Portal"),
    )  # fmt: skip

    class Meta(Orderable.Meta):
        verbose_name = _("channel")

    def __str__(self) -> str:
        return self.channel


class ServiceTopic(Orderable):
    """A topic of the service."""

    page = ParentalKey("service_pages.ServicePage", on_delete=models.CASCADE, related_name="topics")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="+")

    class Meta(Orderable.Meta):
        verbose_name = _("topic")

    def __str__(self) -> str:
        return str(self.topic)


class ServiceLifeEvent(Orderable):
    """A life or business event of the service."""

    page = ParentalKey("service_pages.ServicePage", on_delete=models.CASCADE, related_name="events")
    event = models.ForeignKey(LifeEvent, on_delete=models.CASCADE, related_name="+")

    class Meta(Orderable.Meta):
        verbose_name = _("life event")

    def __str__(self) -> str:
        return str(self.event)


class ServiceAudience(Orderable):
    """A category of applicants."""

    page = ParentalKey(
        "service_pages.ServicePage", on_delete=models.CASCADE, related_name="audiences"
    )
    category = models.CharField(
        _("category"), max_length=20, choices=vocabulary.Audience.choices,
        help_text=_("Example: jismoniy shaxslar"),
    )  # fmt: skip

    class Meta(Orderable.Meta):
        verbose_name = _("category of applicants")

    def __str__(self) -> str:
        return self.category


class CoAgency(Orderable):
    """An agency that takes part."""

    page = ParentalKey(
        "service_pages.ServicePage", on_delete=models.CASCADE, related_name="co_agencies"
    )
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="+")

    class Meta(Orderable.Meta):
        verbose_name = _("participating agency")

    def __str__(self) -> str:
        return str(self.agency)


class RelatedService(Orderable):
    """A service that comes before or after, or goes with this one."""

    class Kind(models.TextChoices):
        BEFORE = "before", _("needed before")
        AFTER = "after", _("often follows")
        RELATED = "related", _("related")

    page = ParentalKey(
        "service_pages.ServicePage", on_delete=models.CASCADE, related_name="related"
    )
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.RELATED)

    class Meta(Orderable.Meta):
        verbose_name = _("related service")

    def __str__(self) -> str:
        return str(self.service)
