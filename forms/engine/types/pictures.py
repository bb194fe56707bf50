"""Pictures written anew: without the place, the time and the phone that took them."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

#: Longest side that the phone's script leaves a photograph, and quality of what we write.
LONGEST_SIDE = 2_000
_QUALITY = 88
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG"}


def without_metadata(kind: str, content: bytes) -> bytes:
    """The picture as pixels alone, turned as its camera meant it.

    Raises ValueError where it cannot be decoded: what is not read to its end is not kept.
    """
    written = io.BytesIO()
    try:
        with warnings.catch_warnings():
            # Pixels were counted before (`files.MOST_PIXELS`).
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[_FORMATS[kind], "MPO"]) as image:
                image.load()
                upright = ImageOps.exif_transpose(image)
                _write(upright, kind, written)
    except (OSError, SyntaxError, EOFError, Image.DecompressionBombError, ValueError) as error:
        raise ValueError("The picture cannot be decoded.") from error
    return written.getvalue()


def _write(image: Image.Image, kind: str, target: io.BytesIO) -> None:
    if kind == "image/jpeg":
        plain = image.convert("RGB") if image.mode not in {"RGB", "L"} else image
        _bare(plain).save(target, "JPEG", quality=_QUALITY, optimize=True)
        return
    plain = image if image.mode in {"RGB", "RGBA", "L", "LA"} else image.convert("RGBA")
    _bare(plain).save(target, "PNG", optimize=True)


def _bare(image: Image.Image) -> Image.Image:
    """The pixels alone: a new image takes no metadata along, whatever the format calls it."""
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    return bare
