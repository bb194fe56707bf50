"""The two indexes: what the public may find, and what staff may find in the admin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from search.models import (
    AdminEntry,
    AdminGram,
    AdminPosting,
    AdminWord,
    SearchDocument,
    SearchGram,
    SearchPosting,
    SearchWord,
)


@dataclass(frozen=True)
class Corpus:
    """The models of one index (`search.tables`)."""

    documents: type[Any]
    words: type[Any]
    postings: type[Any]
    grams: type[Any]
    #: Of a common word, only where it says most of a document is read: what one looks for with many
    #: others has it there. Not so where whatever has all words of a query is to be found.
    reads_best: bool = False


#: What is published.
PUBLIC = Corpus(SearchDocument, SearchWord, SearchPosting, SearchGram, reads_best=True)
#: Pages with their drafts, files and rows of reference: found only within what a person may see.
ADMIN = Corpus(AdminEntry, AdminWord, AdminPosting, AdminGram)
