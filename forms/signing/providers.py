"""Who verifies signatures: a server that holds the certificates of the country's authorities.

`HttpProvider` speaks the interface of E-IMZO-SERVER (`POST /backend/pkcs7/verify/attached`), which
runs beside the portal. It was built against the published description and our own mock of it
(`signing.mock`), not yet against the product.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any, Protocol

import requests
from django.conf import settings

from forms.signing.mock import MockAuthority

#: Object identifiers of the personal and the tax number in a certificate's subject.
PINFL_OID, STIR_OID = "1.2.860.3.16.1.2", "1.2.860.3.16.1.1"
#: Characters of the base64 of a PKCS#7 beyond which nothing is sent on.
MOST_LETTERS = 200_000


class BadSignature(Exception):
    """The signature is none, is of something else, or its certificate does not hold."""


class ProviderDown(Exception):
    """The provider does not answer, or not as agreed. Nothing counts as signed."""


@dataclass(frozen=True)
class Signer:
    """Who signed, as the certificate says."""

    name: str
    pinfl: str
    stir: str
    certificate: str


class SignatureProvider(Protocol):
    """Verifies signatures."""

    name: str

    def verify(self, text: str, pkcs7: str) -> Signer:
        """Who signed `text`; `pkcs7` is base64 with the text inside.

        Raises BadSignature, ProviderDown.
        """

    def demonstrate(self, text: str, signer: Signer) -> str:
        """A signature for the demonstration; "" where the provider is a real one."""


class HttpProvider:
    """A verifying server over HTTP."""

    name = "e-imzo"

    def __init__(self, url: str, *, seconds: float = 10) -> None:
        self._url, self._seconds = url.rstrip("/"), seconds

    def verify(self, text: str, pkcs7: str) -> Signer:
        """Ask the server, then look whether it is this very text that was signed."""
        if not pkcs7 or len(pkcs7) > MOST_LETTERS:
            raise BadSignature("There is no signature.")
        try:
            answer = requests.post(
                f"{self._url}/backend/pkcs7/verify/attached",
                data=pkcs7.encode(),
                headers={"Content-Type": "text/plain"},
                timeout=self._seconds,
            )
            answer.raise_for_status()
            found = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise ProviderDown(type(error).__name__) from error
        return self._signer(found, text)

    def _signer(self, found: Any, text: str) -> Signer:
        try:
            if found["status"] != 1:
                raise BadSignature("The signature does not hold.")
            info = found["pkcs7Info"]
            signed = base64.b64decode(info["documentBase64"], validate=True)
            signers = info["signers"]
            if signed != text.encode() or len(signers) != 1:
                raise BadSignature("Something else was signed.")
            one = signers[0]
            if not (one["verified"] and one["certificateVerified"]):
                raise BadSignature("The certificate does not hold.")
            if not one.get("certificateValidAtSigningTime", True):
                raise BadSignature("The certificate was not valid.")
            certificate = one["certificate"][0]
            subject = certificate["subjectInfo"]
            return Signer(
                name=str(subject.get("CN", ""))[:200],
                pinfl=str(subject.get(PINFL_OID, "")),
                stir=str(subject.get(STIR_OID, "")),
                certificate=str(certificate.get("serialNumber", ""))[:100],
            )
        except (KeyError, IndexError, TypeError, binascii.Error) as error:
            raise ProviderDown("The answer has another shape.") from error

    def demonstrate(self, text: str, signer: Signer) -> str:
        """Nothing: people sign with their own keys."""
        return ""


class DemonstrationProvider:
    """Signs and verifies by itself: for a demonstration, where nobody has a key."""

    name = "demonstration"

    def verify(self, text: str, pkcs7: str) -> Signer:
        """As the mock authority says."""
        found = MockAuthority().verify(pkcs7)
        return HttpProvider("")._signer(found, text)

    def demonstrate(self, text: str, signer: Signer) -> str:
        """Sign as if the person had a key."""
        return MockAuthority().sign(text, name=signer.name, pinfl=signer.pinfl, stir=signer.stir)


def provider() -> SignatureProvider | None:
    """The provider of this house (`SIGNATURE_URL`), or None where nothing can be signed."""
    if settings.SIGNATURE_URL:
        return HttpProvider(settings.SIGNATURE_URL)
    return DemonstrationProvider() if settings.DEMO else None
