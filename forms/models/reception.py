"""When heads of agencies receive citizens."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency


class Weekday(models.IntegerChoices):
    """Days as Python counts them."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class ReceptionSlot(models.Model):
    """A weekday on which an agency receives people, with its hours and how many it can take."""

    agency = models.ForeignKey(
        Agency, on_delete=models.CASCADE, related_name="reception_slots", verbose_name=_("agency")
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices)
    begins = models.TimeField(_("from"))
    ends = models.TimeField(_("until"))
    places = models.PositiveSmallIntegerField(_("people at most"), default=12)

    class Meta:
        ordering = ("agency", "weekday", "begins")
        verbose_name = _("reception of citizens")
        verbose_name_plural = _("receptions of citizens")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency", "weekday", "begins"], name="reception_slot_once"
            ),
            models.CheckConstraint(
                condition=models.Q(weekday__lte=6), name="reception_slot_weekday"
            ),
            models.CheckConstraint(
                condition=models.Q(ends__gt=models.F("begins")), name="reception_slot_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.get_weekday_display()} {self.begins:%H:%M}"


class ReceptionBooking(models.Model):
    """A place that is taken: one for each request, freed where it is refused or withdrawn."""

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    slot = models.ForeignKey(ReceptionSlot, on_delete=models.PROTECT, related_name="bookings")
    day = models.DateField()
    submission = models.OneToOneField(
        "portal_forms.Submission", on_delete=models.CASCADE, related_name="reception"
    )

    class Meta:
        verbose_name = _("booking of a reception")
        verbose_name_plural = _("bookings of receptions")
        indexes: ClassVar = [models.Index(fields=["slot", "day"], name="reception_booking_day")]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"
