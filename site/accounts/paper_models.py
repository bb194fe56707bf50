"""The paper that shows why somebody may act for another: a private file beside the mandate."""

from __future__ import annotations

import uuid
from pathlib import PurePosixPath
from typing import ClassVar

from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.mandate_models import Representation
from core.rows import Row

#: Where the bytes stand in the private storage.
FOLDER = "mandates"


def _path(paper: MandatePaper, filename: str) -> str:
    """A path that says nothing about people or the file."""
    return str(PurePosixPath(FOLDER) / paper.uuid.hex[:2] / paper.uuid.hex)


def private_storage() -> Storage:
    """Where no address reaches."""
    return storages["private"]


class MandatePaper(Row):
    """A scan or a photo that whoever asks to act for a person attached."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mandate = models.ForeignKey(Representation, on_delete=models.CASCADE, related_name="papers")
    filename = models.CharField(max_length=200)
    #: As its bytes say.
    content_type = models.CharField(max_length=100)
    #: Bytes.
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=_path, storage=private_storage, max_length=200)
    #: A virus scanner looked at it; a house without one leaves this False.
    scanned = models.BooleanField(default=False)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("paper of a mandate")
        verbose_name_plural = _("papers of mandates")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(size__gt=0), name="mandate_paper_not_empty")
        ]

    def __str__(self) -> str:
        return f"paper {self.uuid}"
