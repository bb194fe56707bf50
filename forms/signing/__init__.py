"""Electronic signatures: what is signed, by whom, and who says that it is right."""

from forms.signing.providers import (
    BadSignature,
    HttpProvider,
    ProviderDown,
    SignatureProvider,
    Signer,
    provider,
)
from forms.signing.signatures import WrongSigner, as_base64, digest, sign, text_to_sign

__all__ = [
    "BadSignature", "HttpProvider", "ProviderDown", "SignatureProvider", "Signer", "WrongSigner",
    "as_base64",
    "digest", "provider", "sign", "text_to_sign",
]  # fmt: skip
