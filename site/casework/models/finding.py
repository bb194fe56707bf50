"""By what an officer finds a request although who asks is encrypted: keyed digests of words."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from casework.models.requests import ServiceRequest
from core.rows import Row


class NameWord(Row):
    """A word of a name, or a number of a person, as a digest: it cannot be read, only met again."""

    digest = models.BigIntegerField(unique=True)

    def __str__(self) -> str:
        return str(self.digest)


class NameKey(Row):
    """Digest of a beginning of a word, or of how it may be misspelt: what leads to the word."""

    key = models.BigIntegerField()
    word = models.ForeignKey(
        NameWord, on_delete=models.CASCADE, db_index=False, related_name="keys"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "word"], name="name_key_once")
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.word_id}"


class RequestName(Row):
    """A request has a word."""

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="names")
    word = models.ForeignKey(
        NameWord, on_delete=models.CASCADE, db_index=False, related_name="requests"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["word", "request"], name="request_name_once")
        ]

    def __str__(self) -> str:
        return f"{self.word_id} in {self.request_id}"
