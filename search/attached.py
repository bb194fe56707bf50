"""The text of attached files, as it was read, and what they are attached to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class FileText(models.Model):
    """The text of a PDF or DOCX file; empty where it has none or cannot be read."""

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    document = models.OneToOneField(
        "wagtaildocs.Document", on_delete=models.CASCADE, related_name="+"
    )
    #: Wagtail's hash of the content that was read.
    file_hash = models.CharField(max_length=40, blank=True)
    text = models.TextField(blank=True)
    #: Code of the language that it is probably in.
    language = models.CharField(max_length=10)
    is_read = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"text of file {self.document_id}"


class Attachment(models.Model):
    """A file belongs to something that is found: its kind and key in the index."""

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=100)
    file = models.ForeignKey(FileText, on_delete=models.CASCADE, related_name="attachments")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key", "file"], name="search_attachment_once")
        ]

    def __str__(self) -> str:
        return f"{self.file_id} of {self.kind}:{self.key}"
