"""An authority that issues and verifies signatures of nobody: for tests and the demonstration.

`MockServer` answers over HTTP as a verifying server does. What it signs is real PKCS#7 with a
certificate of its own; it verifies the signature and that the certificate is one of its own, and
gives back what was signed. It is never reached in production: see the system check `forms.E001`.
"""

from __future__ import annotations

import base64
import binascii
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from django.utils import timezone

_OPTIONS = [pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.NoAttributes]
ISSUER = "Demonstration authority"
_PINFL = x509.ObjectIdentifier("1.2.860.3.16.1.2")
_STIR = x509.ObjectIdentifier("1.2.860.3.16.1.1")
_COMMON_NAME = x509.oid.NameOID.COMMON_NAME


@lru_cache(maxsize=1)
def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


class MockAuthority:
    """Issues a certificate for each signature."""

    def sign(self, text: str, *, name: str, pinfl: str, stir: str = "", days: int = 1) -> str:
        """PKCS#7 with the text inside, base64. Negative `days` give a certificate that ended."""
        now = timezone.now()
        subject = [x509.NameAttribute(_COMMON_NAME, name or "-")]
        subject += [x509.NameAttribute(_PINFL, pinfl)] if pinfl else []
        subject += [x509.NameAttribute(_STIR, stir)] if stir else []
        certificate = (
            x509.CertificateBuilder()
            .subject_name(x509.Name(subject))
            .issuer_name(x509.Name([x509.NameAttribute(_COMMON_NAME, ISSUER)]))
            .public_key(_key().public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=400))
            .not_valid_after(now + timedelta(days=days))
            .sign(_key(), hashes.SHA256())
        )
        signed = (
            pkcs7.PKCS7SignatureBuilder()
            .set_data(text.encode())
            .add_signer(certificate, _key(), hashes.SHA256())
            .sign(serialization.Encoding.DER, _OPTIONS)
        )
        return base64.b64encode(signed).decode()

    def verify(self, signature: str) -> dict[str, Any]:
        """The answer of a verifying server."""
        try:
            der = base64.b64decode(signature, validate=True)
            (certificate,) = pkcs7.load_der_pkcs7_certificates(der)
            issuer = certificate.issuer.get_attributes_for_oid(_COMMON_NAME)[0].value
            content, *_others, signed = _octets(der)
        except (binascii.Error, ValueError, IndexError):
            return {"status": -1, "message": "not a signature"}
        if issuer != ISSUER:
            return {"status": -20, "message": "unknown issuer"}
        own = _signed(certificate.tbs_certificate_bytes, certificate.signature)
        subject = {
            attribute.rfc4514_attribute_name: attribute.value for attribute in certificate.subject
        }
        signer = {
            "verified": _signed(content, signed),
            "certificateVerified": own,
            "certificateValidAtSigningTime": certificate.not_valid_after_utc > timezone.now(),
            "certificate": [
                {"subjectInfo": subject, "serialNumber": f"{certificate.serial_number:x}"}
            ],
        }
        document = base64.b64encode(content).decode()
        return {"status": 1, "pkcs7Info": {"signers": [signer], "documentBase64": document}}


def _signed(content: bytes, signature: bytes) -> bool:
    """Whether our own key signed this."""
    try:
        _key().public_key().verify(signature, content, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _octets(der: bytes) -> Iterator[bytes]:
    """The octet strings of DER in their order: without attributes and extensions, the first of a
    signature is what was signed, the last is the signature itself. Raises ValueError."""
    at = 0
    while at < len(der):
        kind, size, at = der[at], *_length(der, at + 1)
        part = der[at : at + size]
        if len(part) < size:
            raise ValueError("The bytes end too early.")
        if kind == 0x04:
            yield part
        elif kind & 0x20:  # holds others
            yield from _octets(part)
        at += size


def _length(der: bytes, at: int) -> tuple[int, int]:
    """The length that stands at a place in DER, and where its content begins."""
    first = der[at]
    if first < 0x80:
        return first, at + 1
    count = first & 0x7F
    return int.from_bytes(der[at + 1 : at + 1 + count], "big"), at + 1 + count


class MockServer:
    """A verifying server on a port of this machine; use it as a context manager.

    `broken` makes it answer nonsense with status 500, as a server under maintenance does.
    """

    def __init__(self) -> None:
        self.broken = False
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers.get("Content-Length", 0))
                body = self.rfile.read(size).decode("ascii", "replace")
                known = self.path == "/backend/pkcs7/verify/attached"
                answer = MockAuthority().verify(body) if known else {"status": -1}
                self.send_response(500 if outer.broken else 200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(b"<html>" if outer.broken else json.dumps(answer).encode())

            def log_message(self, format: str, *arguments: Any) -> None:
                """Nothing: what is signed is private."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> MockServer:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()
