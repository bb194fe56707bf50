"""The shape of an index in the database: a vocabulary, who has its words, keys for mistyped ones.

There are two indexes of this shape (`search.corpora`), each with tables of its own, so that nothing
unpublished can be found, counted or guessed from the public one.
"""

from __future__ import annotations

from django.db import models

from search.fields import TermField

LONGEST_WORD = 80


class Table(models.Model):
    """A table of an index."""

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True


class View(models.TextChoices):
    """How a word was analysed."""

    EXACT = "e", "exact"
    #: Only where it differs from the word itself.
    STEM = "s", "stem"
    #: Only where it differs from both.
    KEYBOARD = "k", "keyboard"


class AbstractWord(Table):
    """A word of a vocabulary in one view."""

    view = models.CharField(max_length=1, choices=View.choices)
    text = TermField(max_length=LONGEST_WORD)
    #: How some text writes it, for "did you mean".
    surface = models.CharField(max_length=LONGEST_WORD, blank=True)
    #: Documents that have it at the last count; no change of a document touches it.
    frequency = models.PositiveIntegerField(default=0)
    #: Of these, documents that have it in a title, code or synonym; in anything shown in a list.
    in_titles = models.PositiveIntegerField(default=0)
    in_summaries = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.view}:{self.text}"


class AbstractPosting(Table):
    """A document has a word; the weight is that of the best field it stands in.

    Has `word` and `document`.
    """

    weight = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.word_id} in {self.document_id}"


class AbstractGram(Table):
    """A key by which a `word` is found when mistyped (`search.spelling`)."""

    gram = TermField(max_length=LONGEST_WORD)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.gram
