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


#: What is published.
PUBLIC = Corpus(SearchDocument, SearchWord, SearchPosting, SearchGram)
#: Pages with their drafts, files and rows of reference: found only within what a person may see.
ADMIN = Corpus(AdminEntry, AdminWord, AdminPosting, AdminGram)
