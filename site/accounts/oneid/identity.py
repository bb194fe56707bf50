"""What OneID's answer means to us; its fields and dates differ from version to version."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from accounts.numbers import has_form_of_stir, is_pinfl
from accounts.oneid.client import OneIDError
from languages.uzbek import to_cyrillic

#: The person signed in with the electronic signature of a company.
COMPANY_SIGNATURE = "LEPKCSMETHOD"


@dataclass(frozen=True)
class Firm:
    """A legal entity that the person acts for; `head`: they hold its signature."""

    stir: str
    name: str
    head: bool = False


@dataclass(frozen=True)
class Identity:
    """A person whom OneID has verified. `birth_date` is ISO 8601 or ""."""

    pinfl: str
    full_name: str
    birth_date: str = ""
    firms: tuple[Firm, ...] = ()
    signed: bool = False

    def as_dict(self) -> dict[str, Any]:
        """For a session (encrypted by the caller)."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Identity:
        """Of `as_dict`."""
        firms = tuple(Firm(**firm) for firm in data["firms"])
        return cls(**{**data, "firms": firms})

    @property
    def name_in_cyrillic(self) -> str:
        """The name in the other script; "" for a name that is Cyrillic already."""
        return "" if _is_cyrillic(self.full_name) else to_cyrillic(self.full_name)


def read(answer: Mapping[str, Any]) -> Identity:
    """The person of an answer with `ret_cd` 0.

    Raises OneIDError: `unverified` where OneID itself does not vouch for the person, `no_pinfl`
    without a sound personal number, `shape` where names are missing.
    """
    if str(answer.get("valid", "")).lower() != "true":
        raise OneIDError("unverified")
    pinfl = _text(answer, "pin")
    if not is_pinfl(pinfl):
        raise OneIDError("no_pinfl")
    name = _text(answer, "full_name") or " ".join(
        part for key in ("sur_name", "first_name", "mid_name") if (part := _text(answer, key))
    )
    if not name:
        raise OneIDError("shape")
    signed_for = ""
    if _text(answer, "auth_method") == COMPANY_SIGNATURE:
        signed_for = _text(answer, "pkcs_legal_tin")
    return Identity(
        pinfl=pinfl,
        full_name=readable_name(name)[:150],
        birth_date=_day(_text(answer, "birth_date")),
        firms=_firms(answer, signed_for),
        signed=bool(signed_for),
    )


def readable_name(name: str) -> str:
    """`DEMO FUQARO OʻGʻLI` as it is written in a letter; other writings as they are."""
    name = " ".join(name.split())
    if name != name.upper():
        return name
    return " ".join(word[:1] + word[1:].lower() for word in name.split())


def _firms(answer: Mapping[str, Any], signed_for: str) -> tuple[Firm, ...]:
    rows = answer.get("legal_info") or []
    if not isinstance(rows, list):
        raise OneIDError("shape")
    # Older answers hold one firm beside the person.
    rows = [*rows, {"tin": answer.get("le_tin"), "le_name": answer.get("le_name")}]
    firms: dict[str, Firm] = {}
    for row in rows:
        if not isinstance(row, dict):
            raise OneIDError("shape")
        stir = _text(row, "tin") or _text(row, "le_tin")
        if not stir or not has_form_of_stir(stir) or stir in firms:
            continue
        name = _text(row, "acron_UZ") or _text(row, "le_name") or stir
        firms[stir] = Firm(stir, name[:200], head=stir == signed_for)
    return tuple(firms.values())


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return str(value).strip() if isinstance(value, str | int) else ""


def _day(text: str) -> str:
    """ISO 8601 of `YYYY-MM-DD` or `YYYYMMDD`; "" of anything else."""
    if not re.fullmatch(r"\d{4}-?\d{2}-?\d{2}", text, re.ASCII):
        return ""
    try:
        day = datetime.strptime(text.replace("-", ""), "%Y%m%d").date()  # noqa: DTZ007
    except ValueError:
        return ""
    return day.isoformat() if date(1900, 1, 1) <= day else ""


def _is_cyrillic(text: str) -> bool:
    return any("\u0400" <= letter <= "\u04ff" for letter in text)
