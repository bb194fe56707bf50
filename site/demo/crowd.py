"""Invented people behind generated requests: nobody can sign in as any of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import Agency, Organization, Representation, User

_BATCH = 2_000
_DOMAIN = "counted.example.org"


def _accounts(names: Sequence[str], label: str) -> list[int]:
    """Accounts that nobody can sign in to, made where they are missing."""
    emails = [f"{name}@{_DOMAIN}" for name in names]
    have = set(User.objects.filter(email__in=emails).values_list("email", flat=True))
    User.objects.bulk_create(
        [
            User(email=email, login=email, full_name=f"{label} {number}", password=make_password(None),
                 is_active=False, is_demo=True)
            for number, email in enumerate(emails, 1)
            if email not in have
        ],
        batch_size=_BATCH,
    )  # fmt: skip
    found = dict(User.objects.filter(email__endswith=f"@{_DOMAIN}").values_list("email", "pk"))
    return [found[email] for email in emails]


def people(count: int) -> list[int]:
    """Ids of so many applicants."""
    return _accounts([f"demo.applicant{n}" for n in range(count)], "Demo Fuqaro")


def officers(agencies: Iterable[Agency]) -> dict[int, int]:
    """Agency → the account of an officer."""
    rows = list(agencies)
    accounts = _accounts([f"demo.officer.{row.code.lower()}" for row in rows], "Demo Ijrochi")
    return {row.pk: account for row, account in zip(rows, accounts, strict=True)}


def mandates(accounts: Sequence[int], count: int) -> list[tuple[int, int, int]]:
    """(account, firm, mandate) of invented firms."""
    stirs = [f"9{number:08}" for number in range(count)]
    Organization.objects.bulk_create(
        [Organization(stir=stir, name=f"Demo firma {stir[-4:]}") for stir in stirs],
        ignore_conflicts=True,
    )
    firms = dict(Organization.objects.filter(stir__in=stirs).values_list("stir", "pk"))
    have = set(
        Representation.objects.filter(organization__in=firms.values()).values_list(
            "organization_id", flat=True
        )
    )
    start = timezone.now()
    Representation.objects.bulk_create(
        [
            Representation(
                user_id=accounts[place % len(accounts)], organization_id=firms[stir],
                role=Representation.Role.HEAD, basis=Representation.Basis.HEAD,
                valid_from=date(2020, 1, 1), confirmed_at=start,
            )
            for place, stir in enumerate(stirs)
            if firms[stir] not in have
        ]
    )  # fmt: skip
    rows = Representation.objects.filter(organization__in=firms.values()).order_by(
        "organization__stir"
    )
    return list(rows.values_list("user_id", "organization_id", "pk"))
