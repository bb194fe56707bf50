"""Invented people of the mock, and what may go wrong."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.numbers import pinfl_control


def _pinfl(first: str) -> str:
    return first + pinfl_control(first)


PEOPLE: dict[str, dict[str, Any]] = {
    "person": {
        "pin": _pinfl("3050390000001"),
        "full_name": "DEMO SHAXS BIRINCHI",
        "sur_name": "DEMO",
        "first_name": "SHAXS",
        "mid_name": "BIRINCHI",
        "birth_date": "1990-03-05",
        "auth_method": "LOGINPASSMETHOD",
        "legal_info": [],
    },
    "director": {
        "pin": _pinfl("4110785000002"),
        "full_name": "DEMO RAHBAR IKKINCHI",
        "birth_date": "1985-07-11",
        "auth_method": "LEPKCSMETHOD",
        "pkcs_legal_tin": "300000015",
        "legal_info": [
            {"is_basic": True, "tin": "300000015", "le_tin": "300000015",
             "acron_UZ": "Demo Guruch MChJ", "le_name": "\"DEMO GURUCH\" MCHJ"},
            {"is_basic": False, "tin": "300000023", "le_tin": "300000023",
             "acron_UZ": "Demo Paxta MChJ", "le_name": "\"DEMO PAXTA\" MCHJ"},
        ],
    },
    # The citizen of the demonstration's accounts, to be linked.
    "citizen": {
        "pin": "31203850000008",
        "full_name": "DEMO FUQARO 01",
        "birth_date": "1985-03-12",
        "auth_method": "LOGINPASSMETHOD",
        "legal_info": [],
    },
}  # fmt: skip

PERSON_NAMES: dict[str, str | Promise] = {
    "person": _("A person"),
    "director": _("A head with two firms, by the firm's signature"),
    "citizen": _("The citizen of the demonstration"),
}

MOODS: dict[str, str | Promise] = {
    "well": _("All goes well"),
    "wrong_code": _("The code is wrong"),
    "expired": _("The code is too old"),
    "refused": _("OneID refuses (ret_cd 1)"),
    "unverified": _("The person is not verified (valid false)"),
    "no_pinfl": _("No personal number comes"),
    "older": _("Fields as in older answers"),
    "nonsense": _("The answer is no JSON"),
    "slow": _("OneID is too slow"),
    "down": _("OneID has a fault"),
    "wrong_state": _("Another state comes back"),
}


def answer(person: str, mood: str) -> dict[str, Any]:
    """The profile that OneID gives of a person in a mood."""
    found: dict[str, Any] = {
        "valid": "true",
        "validation_method": ["OFFLINE"],
        "user_id": person,
        "user_type": "I",
        "sess_id": "0",
        "pport_no": "AA0000000",
        "ret_cd": "0",
        **PEOPLE[person],
    }
    if mood == "unverified":
        found["valid"] = "false"
    elif mood == "no_pinfl":
        del found["pin"]
    elif mood == "refused":
        found = {"ret_cd": "1"}
    elif mood == "older":
        found |= {"birth_date": found["birth_date"].replace("-", ""), "ret_cd": 0, "natn": "",
                  "tin": "500000000"}  # fmt: skip
        firms = found.pop("legal_info")
        if firms:
            found |= {"le_tin": firms[0]["le_tin"], "le_name": firms[0]["le_name"]}
    return found
