"""Who read files."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AttachmentAccess(models.Model):
    """Somebody downloaded a file. Written before the first byte goes out; never changed."""

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    #: Not a foreign key to the file's row: the record outlives the file.
    attachment = models.UUIDField(db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-at",)
        verbose_name = _("download of a file")
        verbose_name_plural = _("downloads of files")

    def __str__(self) -> str:
        return f"{self.attachment} {self.at:%Y-%m-%d %H:%M}"
