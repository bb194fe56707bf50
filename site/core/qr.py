"""QR codes as SVG, drawn on the server: one drawing for pages, receipts and documents."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

import qrcode
from qrcode.image.svg import SvgPathImage


@lru_cache(maxsize=256)
def svg(text: str) -> str:
    """The SVG of a QR code (error correction M, a quiet zone of four modules).

    `text` is at most 2,300 bytes: raises ValueError beyond what a code can hold.
    """
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(text)
    try:
        code.make(fit=True)
    except (qrcode.exceptions.DataOverflowError, ValueError) as error:
        raise ValueError("The text is too long for a QR code.") from error
    drawn = BytesIO()
    code.make_image(image_factory=SvgPathImage).save(drawn)
    return drawn.getvalue().decode()
