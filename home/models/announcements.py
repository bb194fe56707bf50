"""Announcements: news, vacancies, tenders, draft acts, events."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from core.models import BasePage
from core.publishing import Problem
from home import selectors
from home.models.pages import ContentPage


class AnnouncementIndexPage(ContentPage):
    """All announcements, newest first, filtered by links; also an Atom feed."""

    template = "home/announcement_index_page.html"
    subpage_types: ClassVar = ["home.AnnouncementPage"]

    class Meta:
        verbose_name = _("announcements")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """One page of the announcements that the filter leaves."""
        context = super().get_context(request, *args, **kwargs)
        return context | selectors.announcements(self, request.GET)


class AnnouncementPage(ContentPage):
    """One announcement, with a closing date where there is one."""

    class Kind(models.TextChoices):
        NEWS = "news", _("News")
        VACANCY = "vacancy", _("Vacancy")
        TENDER = "tender", _("Tender")
        DRAFT_ACT = "draft_act", _("Draft act")
        EVENT = "event", _("Event")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.NEWS)
    announced_on = models.DateField(_("date"), default=timezone.localdate)
    closes_on = models.DateField(
        _("closing date"), null=True, blank=True, help_text=_("The last day to answer or come.")
    )
    agency = models.ForeignKey(
        "accounts.Agency",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("agency"),
    )

    content_panels: ClassVar = [
        *BasePage.content_panels,
        FieldRowPanel([FieldPanel("kind"), FieldPanel("announced_on"), FieldPanel("closes_on")]),
        FieldPanel("agency"),
        FieldPanel("summary"),
        FieldPanel("body"),
    ]
    parent_page_types: ClassVar = ["home.AnnouncementIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "home/announcement_page.html"

    class Meta:
        verbose_name = _("announcement")
        indexes: ClassVar = [models.Index(fields=["-announced_on"], name="announcement_date")]

    @property
    def is_closed(self) -> bool:
        """Whether the closing date has passed."""
        return self.closes_on is not None and self.closes_on < timezone.localdate()

    def publish_problems(self) -> list[Problem]:
        """An announcement says something; one that people answer says until when."""
        problems = super().publish_problems()
        if not self.summary and not self.body:
            problems.append(Problem("body", _("The announcement has no text.")))
        if self.kind in {"vacancy", "tender", "draft_act"} and self.closes_on is None:
            problems.append(Problem("closes_on", _("Say until when people may answer.")))
        return problems
