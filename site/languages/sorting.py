"""The order of names in lists that people read."""

from __future__ import annotations

import unicodedata

#: The acute accent and the dots over ё: letters that have them stand with those that do not.
_LAID_ASIDE = frozenset("\u0301\u0308")


def sort_key(text: str) -> str:
    """The key by which names stand in order: without case, without quotation marks before the name;
    `Ádillik` stands under A and not after Z. Letters of the Uzbek alphabet's end (ў, қ, ғ, ҳ) stay there."""
    parted = unicodedata.normalize("NFD", text.casefold()).replace("ı", "i")
    plain = "".join(sign for sign in parted if sign not in _LAID_ASIDE)
    return unicodedata.normalize("NFC", plain).lstrip("\"'«»“”„‘’‹› ")
