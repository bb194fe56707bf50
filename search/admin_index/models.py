"""What staff find in the admin: one entry for each object of an indexed model."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.contenttypes.models import ContentType
from django.db import models

from search.tables import AbstractGram, AbstractPosting, AbstractWord, Table


class AdminEntry(Table):
    """An object that staff can find, whatever its state. Who may see it is asked elsewhere."""

    #: Of the root model: all types of pages are pages.
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.BigIntegerField()
    #: The folded title: one that is the query stands first, then the shorter.
    title = models.CharField(max_length=255, blank=True)
    content_hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["content_type", "object_id"], name="admin_entry_once")
        ]

    def __str__(self) -> str:
        return f"{self.content_type_id}:{self.object_id}"


class AdminWord(AbstractWord):
    """A word of the admin's vocabulary in one view."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["view", "text"], name="admin_word_once")
        ]


class AdminPosting(AbstractPosting):
    """An entry has a word."""

    word = models.ForeignKey(
        AdminWord, on_delete=models.CASCADE, db_index=False, related_name="postings"
    )
    document = models.ForeignKey(AdminEntry, on_delete=models.CASCADE, related_name="postings")

    class Meta:
        indexes: ClassVar = [
            # Covers a search: the table itself is never read, and of common words only the best.
            models.Index(fields=["word", "weight", "document"], name="admin_postings")
        ]


class AdminGram(AbstractGram):
    """A key by which a word is found when mistyped."""

    word = models.ForeignKey(AdminWord, on_delete=models.CASCADE, related_name="grams")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["gram", "word"], name="admin_gram")]
