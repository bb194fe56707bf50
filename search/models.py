"""The index: documents, their titles, and terms made by `languages.analysis` for every engine.

Terms are plain ASCII words in a table of ours, so SQLite and PostgreSQL need no extension.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.publishing import bump_generation
from service_pages.models import Service


class SearchDocument(models.Model):
    """Something that can be found: a service in all its languages, or a page."""

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    #: `service` or the page type.
    kind = models.CharField(max_length=30)
    #: The service's key, or a page's translation key.
    key = models.CharField(max_length=100)
    service = models.OneToOneField(
        Service, null=True, on_delete=models.CASCADE, related_name="search_document"
    )
    #: Text maps of what lists show.
    titles = models.JSONField(default=dict)
    paths = models.JSONField(default=dict)
    #: Folded titles in all languages, for phrases.
    phrase = models.TextField(blank=True)
    content_hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key"], name="search_document_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


class SearchTerm(models.Model):
    """A term of a document in one view, with the weight of the best field it stands in."""

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    class View(models.TextChoices):
        EXACT = "e", "exact"
        STEM = "s", "stem"
        KEYBOARD = "k", "keyboard"

    document = models.ForeignKey(SearchDocument, on_delete=models.CASCADE, related_name="terms")
    view = models.CharField(max_length=1, choices=View.choices)
    term = models.CharField(max_length=80)
    weight = models.PositiveSmallIntegerField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["view", "term", "document", "weight"], name="search_term")
        ]

    def __str__(self) -> str:
        return f"{self.view}:{self.term}"


class Synonyms(models.Model):
    """Words that mean the same to citizens; editors maintain them."""

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    words = models.TextField(
        _("words"), help_text=_("One a line, in any language. Example: metrika")
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("synonyms")
        verbose_name_plural = _("synonyms")

    def __str__(self) -> str:
        return ", ".join(self.words.split("\n"))[:80]

    def save(self, *args: object, **kwargs: object) -> None:
        """Save; queries use it at once."""
        super().save(*args, **kwargs)  # type: ignore[arg-type]
        bump_generation()
