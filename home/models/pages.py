"""The home page, sections and information pages."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelsearch import index
from wagtail.admin.panels import FieldPanel

from core.blocks import BODY_BLOCKS
from core.fields import QuietStreamField
from core.models import BasePage
from core.publishing import Problem
from home import selectors


class ContentPage(BasePage):
    """A page with a summary and a body of blocks."""

    search_fields: ClassVar = [*BasePage.search_fields, index.SearchField("summary")]

    summary = models.TextField(
        _("summary"),
        max_length=400,
        blank=True,
        help_text=_("One or two sentences. Example: Respublikaga kelish va roʻyxatdan oʻtish"),
    )
    body = QuietStreamField(BODY_BLOCKS, blank=True, verbose_name=_("body"))

    content_panels: ClassVar = [
        *BasePage.content_panels,
        FieldPanel("summary"),
        FieldPanel("body"),
    ]

    class Meta:
        abstract = True

    def headings(self) -> list[tuple[str, str]]:
        """(anchor, text) of the second-level headings, for the list of contents."""
        return [
            (f"b-{block.id}", block.value["text"])
            for block in self.body
            if block.block_type == "heading"
        ]


class HomePage(BasePage):
    """The front page of one language."""

    lead = models.TextField(
        _("lead"),
        max_length=300,
        blank=True,
        help_text=_("Under the title. Example: Barcha idoralarning xizmatlari bir joyda"),
    )

    content_panels: ClassVar = [*BasePage.content_panels, FieldPanel("lead")]
    parent_page_types: ClassVar = ["wagtailcore.Page"]
    template = "home/home_page.html"

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Search, life events, topics, popular services, agencies, announcements."""
        context = super().get_context(request, *args, **kwargs)
        return context | selectors.front(self)


class SectionPage(ContentPage):
    """A section: its own text, then the pages under it."""

    template = "home/section_page.html"

    class Meta:
        verbose_name = _("section")

    def publish_problems(self) -> list[Problem]:
        """No section opens on an empty page: it has text or published pages under it."""
        problems = super().publish_problems()
        if not self.summary and not self.body and not self.get_children().live().exists():
            problems.append(Problem("body", _("The section is empty: write a summary or a body.")))
        return problems

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The published pages of the section, in the editors' order."""
        context = super().get_context(request, *args, **kwargs)
        return context | {"children": selectors.children(self)}


class InformationPage(ContentPage):
    """A page of text."""

    template = "home/information_page.html"

    class Meta:
        verbose_name = _("information page")

    def publish_problems(self) -> list[Problem]:
        """A page of text has text."""
        problems = super().publish_problems()
        if not self.body:
            problems.append(Problem("body", _("The page has no text.")))
        return problems

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The page and those under it."""
        context = super().get_context(request, *args, **kwargs)
        return context | {"children": selectors.children(self)}


class StatisticsPage(ContentPage):
    """Live figures of the portal and a table of the districts; never typed by hand."""

    template = "home/statistics_page.html"
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("statistics")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Figures that the rooms offer, and the districts."""
        context = super().get_context(request, *args, **kwargs)
        return context | selectors.statistics(self.locale.language_code)


class ContactPage(ContentPage):
    """How to reach the people behind the portal."""

    template = "home/contact_page.html"
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("contact page")
