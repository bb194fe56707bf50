"""Electronic signatures over answers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import EncryptedTextField
from forms.models.filling import Draft, Submission


class Signature(models.Model):
    """The signature over the checked answers of a draft; it stays with what was sent."""

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    draft = models.OneToOneField(
        Draft, null=True, blank=True, on_delete=models.CASCADE, related_name="signature"
    )
    submission = models.OneToOneField(
        Submission, null=True, blank=True, on_delete=models.PROTECT, related_name="signature"
    )
    #: Name of the provider that verified it.
    provider = models.CharField(max_length=40)
    #: What the provider asked to be signed: a text that holds the hash below.
    challenge = models.TextField()
    #: SHA-256 of the answers as they were signed, see `signing.digest`.
    answers_sha256 = models.CharField(max_length=64)
    #: PKCS#7, base64.
    pkcs7 = models.TextField()
    #: As the certificate says.
    signer_name = EncryptedTextField(blank=True)
    signer_pinfl = EncryptedTextField(blank=True)
    signer_stir = EncryptedTextField(blank=True)
    certificate = models.CharField(max_length=100, blank=True)
    signed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("electronic signature")
        verbose_name_plural = _("electronic signatures")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(draft__isnull=False, submission__isnull=True)
                | models.Q(draft__isnull=True, submission__isnull=False),
                name="signature_of_draft_or_submission",
            ),
            models.CheckConstraint(condition=~models.Q(pkcs7=""), name="signature_not_empty"),
        ]

    def __str__(self) -> str:
        return f"signature {self.pk}"
