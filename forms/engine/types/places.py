"""Where something is: an address in its parts, and a point on the map."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core import banking
from core.texts import pick
from core.typed import number_typed, ungrouped
from forms.engine import references
from forms.engine.schema import Question
from forms.engine.types.base import (
    TOO_LONG,
    AnswerError,
    Part,
    QuestionType,
    Raw,
    register,
    typed_parts,
)
from forms.engine.types.numbers import parse_decimal, plain


class PartsType(QuestionType):
    """An answer of several inputs; stored as `{name of the part: text}`."""

    template = "forms/types/parts.html"
    is_group = True
    stored = dict
    #: Parts that may stay empty.
    optional: ClassVar[frozenset[str]] = frozenset()

    def parse(self, question: Question, raw: Raw) -> Any:
        """The parts that are written. Raises AnswerError where only some are."""
        found = {part.name: raw.one(f"{question.key}-{part.name}", 2_000) for part in self.parts}
        if not any(found.values()):
            return None
        for part in self.parts:
            if not found[part.name] and part.name not in self.optional:
                raise AnswerError(_("This is missing: %(part)s"), part=part.label)
        return {name: self.read(name, text) for name, text in found.items() if text}

    def read(self, name: str, text: str) -> str:
        """One part as it is stored."""
        return " ".join(unicodedata.normalize("NFC", text).split())

    def check(self, question: Question, value: Any, answers: Mapping[str, Any]) -> None:
        """Exactly the parts, each a text."""
        names = {part.name for part in self.parts}
        if not names - self.optional <= value.keys() <= names:
            raise AnswerError(self.missing)
        if not all(isinstance(text, str) for text in value.values()):
            raise AnswerError(self.missing)

    def export(self, question: Question, value: Any) -> str:
        """The parts in their order."""
        return "; ".join(str(value.get(part.name, "")) for part in self.parts)

    def initial(self, question: Question, value: Any) -> Any:
        """A text for each part."""
        held = value or {}
        return {part.name: held.get(part.name, "") for part in self.parts}

    def typed(self, question: Question, raw: Raw) -> Any:
        """What was typed into each part."""
        return typed_parts(question, self.parts, raw)


@register
class PostalAddressType(PartsType):
    """An address: city or district, mahalla, street with house and flat."""

    name = "postal_address"
    missing = _("Write the address.")
    personal = frozenset({"address"})
    parts = (
        Part("district", _("City or district"), source="districts"),
        Part("mahalla", _("Mahalla")),
        Part("street", _("Street, house, flat"), attributes={"autocomplete": "street-address"}),
    )

    def check(self, question: Question, value: Any, answers: Mapping[str, Any]) -> None:
        """A known district; no part overlong."""
        super().check(question, value, answers)
        if references.label("districts", value["district"]) is None:
            raise AnswerError(_("Choose a city or district."))
        for name, limit in (("mahalla", 120), ("street", 250)):
            if len(value[name]) > limit:
                raise AnswerError(TOO_LONG, length=len(value[name]), limit=limit)

    def display(self, question: Question, value: Any, language: str) -> str:
        """On one line, from the large to the small."""
        texts = references.label("districts", value["district"])
        district = pick(texts, language) if texts else value["district"]
        return ", ".join([district, value["mahalla"], value["street"]])


_TOO_FAR = _("The point lies too far away. Look whether the two numbers are in order.")
_NO_POINT = _("Write both numbers in degrees. Example: 42,4600 and 59,6100")


@register
class CoordinatesType(PartsType):
    """A point in WGS 84, in degrees; typed, or taken from the phone by the script."""

    name = "coordinates"
    missing = _("Write where it is.")
    personal = frozenset({"location"})
    parts = (
        Part("latitude", _("Latitude"), 10, {"inputmode": "decimal"}),
        Part("longitude", _("Longitude"), 10, {"inputmode": "decimal"}),
    )
    #: Degrees that make sense, and those of the republic with its surroundings (`area: republic`).
    bounds: ClassVar = {
        "": {"latitude": (-90, 90), "longitude": (-180, 180)},
        "republic": {"latitude": (40, 46), "longitude": (55, 63)},
    }

    def parse(self, question: Question, raw: Raw) -> Any:
        """Also from one text such as `42.46, 59.61`, as maps copy it: in a field `KEY`, or pasted
        into the first box."""
        first, second = (raw.one(f"{question.key}-{part.name}", 2_000) for part in self.parts)
        whole = raw.one(question.key, 200) or ("" if second else first)
        pair = self._pair(whole)
        if not whole or (len(pair) == 1 and whole == first):
            return super().parse(question, raw)
        if len(pair) != len(self.parts):
            raise AnswerError(_NO_POINT)
        return {part.name: self.read(part.name, text)
                for part, text in zip(self.parts, pair, strict=True)}  # fmt: skip

    @staticmethod
    def _pair(whole: str) -> list[str]:
        """The numbers of a text; a comma without a space divides where points are decimal."""
        divided = r"\s*;\s*|\s*,\s+|\s+" + (r"|," if whole.count(".") == 2 else "")
        return re.split(divided, whole)

    def read(self, name: str, text: str) -> str:
        """Six places: a step of the foot. Maps give more."""
        number = number_typed(text.rstrip("°"), places=20)
        if number is None or abs(number) > 180:
            raise AnswerError(_NO_POINT if number is None else _TOO_FAR)
        return plain(number.quantize(Decimal("0.000001")))

    def check(self, question: Question, value: Any, answers: Mapping[str, Any]) -> None:
        """Inside the bounds."""
        super().check(question, value, answers)
        bounds = self.bounds[str(question.validation.get("area") or "")]
        for name, (least, most) in bounds.items():
            if not least <= parse_decimal(value[name], _NO_POINT) <= most:
                raise AnswerError(_TOO_FAR)

    def display(self, question: Question, value: Any, language: str) -> str:
        """Latitude, longitude: as every map reads them."""
        return f"{value['latitude']}, {value['longitude']}"


@register
class BankAccountType(PartsType):
    """A settlement account with the code of its bank (MFO)."""

    name = "bank_account"
    missing = _("Write the account and the MFO.")
    personal = frozenset({"finance"})
    parts = (
        Part("account", _("Account, 20 digits"), 20, {"inputmode": "numeric"}),
        Part("mfo", _("MFO of the bank, 5 digits"), 8, {"inputmode": "numeric"}),
    )

    def read(self, name: str, text: str) -> str:
        """The digits without spaces."""
        return ungrouped(text)

    def check(self, question: Question, value: Any, answers: Mapping[str, Any]) -> None:
        """20 and 5 digits."""
        super().check(question, value, answers)
        try:
            banking.check_account(value["account"])
            banking.check_mfo(value["mfo"])
        except ValidationError as error:
            raise AnswerError(error.message, **(error.params or {})) from error

    def display(self, question: Question, value: Any, language: str) -> str:
        """In groups."""
        return f"{banking.grouped(value['account'])}, MFO {value['mfo']}"
