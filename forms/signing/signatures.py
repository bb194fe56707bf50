"""The signature over a draft's answers."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.selectors import profile_value
from forms.models import Draft, Signature
from forms.signing.providers import SignatureProvider, Signer


class WrongSigner(Exception):
    """Somebody else than the applicant, or than a head of the organisation, signed."""


def digest(draft: Draft, answers: Mapping[str, Any]) -> str:
    """SHA-256 of the answers with the form's version and the draft they belong to."""
    signed = {
        "draft": str(draft.uuid),
        "form": draft.version.schema.key,
        "version": draft.version.number,
        "answers": answers,
    }
    text = json.dumps(signed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def text_to_sign(draft: Draft, answers: Mapping[str, Any]) -> str:
    """What the applicant signs: it names the form and holds the hash of the answers."""
    return (
        f"Yagona portal\n{draft.version.schema.key} {draft.version.number}\n"
        f"{draft.uuid}\nSHA-256: {digest(draft, answers)}\n"
    )


def owner(draft: Draft) -> Signer:
    """Who has to sign a draft: the applicant, for an organisation in its name."""
    user, mandate = draft.user, draft.representation
    return Signer(
        name=profile_value(user, "profile.full_name") if user else "",
        pinfl=profile_value(user, "profile.pinfl") if user else "",
        stir=mandate.organization.stir if mandate and mandate.organization else "",
        certificate="",
    )


def sign(draft: Draft, answers: Mapping[str, Any], pkcs7: str, by: SignatureProvider) -> Signature:
    """Verify a signature over the answers of a draft and keep it.

    Raises BadSignature, ProviderDown, WrongSigner where the certificate is of somebody else.
    """
    text = text_to_sign(draft, answers)
    signer = by.verify(text, pkcs7)
    needed = owner(draft)
    of_firm = bool(needed.stir) and signer.stir == needed.stir
    if not of_firm and (not needed.pinfl or signer.pinfl != needed.pinfl):
        raise WrongSigner
    with transaction.atomic():
        signature, _made = Signature.objects.update_or_create(
            draft=draft,
            defaults={
                "provider": by.name,
                "challenge": text,
                "answers_sha256": digest(draft, answers),
                "pkcs7": pkcs7,
                "signer_name": signer.name,
                "signer_pinfl": signer.pinfl,
                "signer_stir": signer.stir,
                "certificate": signer.certificate,
                "signed_at": timezone.now(),
            },
        )
    return signature


def as_base64(content: bytes) -> str:
    """A signature file as base64: as it is, or encoded where it is binary DER."""
    try:
        text = "".join(content.decode("ascii").split())
        base64.b64decode(text, validate=True)
    except (UnicodeDecodeError, binascii.Error):
        return base64.b64encode(content).decode()
    return text
