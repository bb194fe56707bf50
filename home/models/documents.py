"""The library of legal documents."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelsearch import index
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.models import Orderable
from wagtail_localize.fields import SynchronizedField

from core.models import BasePage
from core.publishing import Problem
from home import selectors
from home.models.pages import ContentPage


class DocumentIndexPage(ContentPage):
    """All legal documents, filtered by links."""

    template = "home/document_index_page.html"
    subpage_types: ClassVar = ["home.LegalDocumentPage"]

    class Meta:
        verbose_name = _("library of documents")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """One page of the documents that the filters leave."""
        context = super().get_context(request, *args, **kwargs)
        return context | selectors.documents(self, request.GET)


class LegalDocumentPage(ContentPage):
    """A law, decree, resolution or order: number, date, issuing body, in force or not."""

    class Kind(models.TextChoices):
        LAW = "law", _("law")
        PRESIDENTIAL_DECREE = "presidential_decree", _("presidential decree")
        PRESIDENTIAL_RESOLUTION = "presidential_resolution", _("presidential resolution")
        CABINET_RESOLUTION = "cabinet_resolution", _("Cabinet resolution")
        COUNCIL_RESOLUTION = "council_resolution", _("resolution of the Council of Ministers")
        CODE = "code", _("code")
        ORDER = "order", _("order (act)")
        OTHER = "other", _("other document")

    search_fields: ClassVar = [
        *ContentPage.search_fields,
        index.AutocompleteField("number"),
        index.AutocompleteField("key"),
        index.SearchField("issuing_body"),
    ]

    #: What citations refer to; the same in all languages.
    key = models.SlugField(_("key"), max_length=80)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind.choices)
    number = models.CharField(_("number"), max_length=40, help_text=_("Example: 12"))
    issued_on = models.DateField(_("date"), null=True, blank=True)
    issuing_body = models.CharField(
        _("issued by"), max_length=200, help_text=_("Example: Vazirlar Kengashi")
    )
    in_force = models.BooleanField(_("in force"), default=True)
    official_url = models.URLField(_("official text"), blank=True)
    file = models.ForeignKey(
        "wagtaildocs.Document",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("file"),
    )

    content_panels: ClassVar = [
        *BasePage.content_panels,
        FieldRowPanel([FieldPanel("kind"), FieldPanel("number"), FieldPanel("issued_on")]),
        FieldPanel("issuing_body"),
        FieldPanel("in_force"),
        FieldPanel("summary"),
        FieldPanel("body"),
        FieldPanel("official_url"),
        FieldPanel("file"),
        InlinePanel("relations", label=_("Relations to other documents")),
        FieldPanel("key"),
    ]
    override_translatable_fields: ClassVar = [
        *ContentPage.override_translatable_fields,
        SynchronizedField("key", overridable=False),
    ]
    parent_page_types: ClassVar = ["home.DocumentIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "home/legal_document_page.html"

    class Meta:
        verbose_name = _("legal document")
        indexes: ClassVar = [models.Index(fields=["key"], name="legal_document_key")]

    def publish_problems(self) -> list[Problem]:
        """A document is dated and has a text, a summary or a link to the official text."""
        problems = super().publish_problems()
        if self.issued_on is None:
            problems.append(Problem("issued_on", _("The date of the document is missing.")))
        if not (self.summary or self.body or self.official_url or self.file_id):
            problems.append(
                Problem("body", _("Give a text, a file or a link to the official text."))
            )
        return problems

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """What it amends and repeals, and what amends and repeals it."""
        context = super().get_context(request, *args, **kwargs)
        return context | selectors.document_relations(self)


class DocumentRelation(Orderable):
    """This document amends, repeals or implements another, named by its key."""

    class Kind(models.TextChoices):
        AMENDS = "amends", _("amends")
        REPEALS = "repeals", _("repeals")
        IMPLEMENTS = "implements", _("implements")

    page = ParentalKey(LegalDocumentPage, on_delete=models.CASCADE, related_name="relations")
    kind = models.CharField(_("relation"), max_length=12, choices=Kind.choices)
    target = models.SlugField(_("key of the other document"), max_length=80)

    class Meta(Orderable.Meta):
        verbose_name = _("relation")

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"
