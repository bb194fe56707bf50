"""The index in the database: documents, the words they have, and keys for words with typos.

Every text is analysed once, by `languages.analysis`, into ASCII words; SQLite and PostgreSQL need no
extension, and Elasticsearch is given the same words. These tables are the truth: the node's index
is made from them and can be lost.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelsearch import index

from core.publishing import bump_generation
from search.tables import LONGEST_WORD, AbstractGram, AbstractPosting, AbstractWord
from service_pages.models import Service


class SearchDocument(index.Indexed, models.Model):
    """Something that can be found: a service in all its languages, or a page.

    Indexed for the node alone (`search.backends.elasticsearch`); the admin's backend leaves it out.
    """

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True
    #: The node is told by `search.node`, which loses nothing while it is down.
    search_auto_update = False
    search_fields: ClassVar = [index.FilterField("kind"), index.FilterField("facets")]

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
    #: Folded titles in all languages, parted by ` | `: for phrases.
    phrase = models.TextField(blank=True)
    #: The stems of the same titles without stop words, parted likewise.
    title_stems = models.TextField(blank=True)
    #: What it can be narrowed by: `|agency=iiv|free=yes|…|`, sorted. Few sets exist, so counting
    #: documents by set counts every facet at once.
    facets = models.TextField(blank=True)
    #: Views and requests of 90 days: breaks ties.
    popularity = models.PositiveIntegerField(default=0)
    content_hash = models.CharField(max_length=64)
    #: Grows with each change (nanoseconds since 1970 at the least): the node refuses an older one.
    version = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key"], name="search_document_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["-popularity"], condition=models.Q(popularity__gt=0), name="search_popular"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


class SearchWord(AbstractWord):
    """A word of the vocabulary in one view."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["view", "text"], name="search_word_once")
        ]


class SearchPosting(AbstractPosting):
    """A document has a word; the weight is that of the best field it stands in."""

    word = models.ForeignKey(
        SearchWord, on_delete=models.CASCADE, db_index=False, related_name="postings"
    )
    document = models.ForeignKey(SearchDocument, on_delete=models.CASCADE, related_name="postings")

    class Meta:
        indexes: ClassVar = [
            # Covers a search: the table itself is never read, and of common words only the best.
            models.Index(fields=["word", "weight", "document"], name="search_postings")
        ]


class SearchGram(AbstractGram):
    """A key by which a word is found when mistyped (`search.spelling`)."""

    word = models.ForeignKey(SearchWord, on_delete=models.CASCADE, related_name="grams")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["gram", "word"], name="search_gram")]


class PendingDocument(models.Model):
    """A document that the node has not been told of yet; written with the change itself."""

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    #: Of the SearchDocument, which may be gone.
    document_id = models.BigIntegerField(unique=True)
    version = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.document_id)


class RebuildLease(models.Model):
    """Who rebuilds the node's index just now; ends by itself where the process died."""

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    #: The alias that is rebuilt.
    name = models.CharField(max_length=100, unique=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Synonyms(index.Indexed, models.Model):
    """Words that mean the same to citizens; editors maintain them."""

    search_fields: ClassVar = [index.AutocompleteField("words"), index.SearchField("note")]

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    words = models.TextField(
        _("words"), help_text=_("One a line, in any language. Example: metrika")
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    is_used = models.BooleanField(
        _("used"), default=True, help_text=_("Groups that are not used stay here, without effect.")
    )
    #: What a group of the shipped list is known by, and its words there; empty for editors' own.
    shipped_key = models.CharField(max_length=100, null=True, unique=True, editable=False)
    shipped_words = models.TextField(blank=True, editable=False)

    class Meta:
        verbose_name = _("synonyms")
        verbose_name_plural = _("synonyms")

    def __str__(self) -> str:
        return ", ".join(self.words.splitlines())[:80]

    def save(self, *args: object, **kwargs: object) -> None:
        """Save; queries use it at once."""
        super().save(*args, **kwargs)  # type: ignore[arg-type]
        bump_generation()

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        """Delete; queries forget it at once."""
        outcome = super().delete(*args, **kwargs)  # type: ignore[arg-type]
        bump_generation()
        return outcome


# Django looks for models here.
from search.admin_index.models import AdminEntry, AdminGram, AdminPosting, AdminWord  # noqa: E402
from search.attached import Attachment, FileText  # noqa: E402
from search.editorial import Promotion, QueryCount  # noqa: E402

__all__ = [
    "LONGEST_WORD", "AdminEntry", "AdminGram", "AdminPosting", "AdminWord", "Attachment",
    "FileText", "PendingDocument", "Promotion", "QueryCount", "RebuildLease", "SearchDocument",
    "SearchGram", "SearchPosting", "SearchWord", "Synonyms",
]  # fmt: skip
