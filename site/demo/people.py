"""Accounts of the demonstration: public passwords, refused by production."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import Agency, IdentityLevel, Organization, Profile, Representation, Role, User
from accounts.second_factor import give_app
from accounts.services import create_applicant, grant
from core.models import District
from demo.codes import secret_of

PASSWORD = "namuna-parol-2026"  # noqa: S105  public on purpose: the demonstration prints it


@dataclass(frozen=True)
class Person:
    """One account of the demonstration."""

    role: str
    email: str
    full_name: str
    roles: tuple[str, ...] = ()
    #: Key of the agency; None for all.
    agency: str | None = None
    superuser: bool = False

    @property
    def is_staff(self) -> bool:
        """Whether the account works in an agency or administers the portal."""
        return bool(self.roles) or self.superuser


AGENCY = "maktab-talimi-vazirligi"
#: The agency whose services are paid for in the demonstration.
PAID = "adliya-vazirligi"
PEOPLE = (
    Person("citizen", "fuqaro@example.org", "Demo Fuqaro 01"),
    Person("company", "firma@example.org", "Demo Vakil 01"),
    Person("officer", "ijrochi@example.org", "Demo Ijrochi 91", (Role.OFFICER,), AGENCY),
    Person("head", "rahbar@example.org", "Demo Rahbar 91", (Role.HEAD,), AGENCY),
    Person("editor", "muharrir@example.org", "Demo Muharrir 01", (Role.EDITOR,), AGENCY),
    Person("translator", "tarjimon@example.org", "Demo Tarjimon 01", (Role.TRANSLATOR,)),
    Person(
        "approver", "tasdiqlovchi@example.org", "Demo Tasdiqlovchi 01", (Role.APPROVER,), AGENCY
    ),
    Person("controller", "nazoratchi@example.org", "Demo Nazoratchi 01", (Role.CONTROLLER,)),
    Person("administrator", "admin@example.org", "Demo Administrator 01", superuser=True),
    Person("accountant", "hisobchi@example.org", "Demo Hisobchi 01", (Role.ACCOUNTANT,), PAID),
    Person(
        "second accountant", "hisobchi2@example.org", "Demo Hisobchi 02", (Role.ACCOUNTANT,), PAID
    ),
    Person("deputy", "orinbosar@example.org", "Demo Oʻrinbosar 91", (Role.DEPUTY,), AGENCY),
    Person("clerk", "qabul@example.org", "Demo Qabul 91", (Role.CLERK,), AGENCY),
    Person("auditor", "auditor@example.org", "Demo Auditor 91", (Role.AUDITOR,), AGENCY),
    Person("council member", "kengash@example.org", "Demo Kengash 01", (Role.COUNCIL,)),
    Person("support", "yordam@example.org", "Demo Yordam 01", (Role.SUPPORT,)),
)


@transaction.atomic
def load_people() -> None:
    """Create the accounts that are missing; passwords and roles are the same after each run."""
    for number, person in enumerate(PEOPLE, 1):
        user = User.objects.filter(email=person.email).first()
        if user is None:
            user = create_applicant(
                email=person.email,
                phone=f"+9986100009{number:02d}",
                password=PASSWORD,
                full_name=person.full_name,
                is_demo=True,
                is_superuser=person.superuser,
                is_staff=person.superuser,
                identity_level=(
                    IdentityLevel.ACCOUNT if person.roles or person.superuser else IdentityLevel.EDS
                    if person.role == "company" else IdentityLevel.ONEID
                ),
            )  # fmt: skip
        agency = Agency.objects.get(key=person.agency) if person.agency else None
        if person.roles:
            grant(user, agency, *person.roles)
        if person.is_staff:
            give_app(user, secret_of(person.email))
    _citizen()
    _company()


def _citizen() -> None:
    profile = Profile.objects.get(user__email="fuqaro@example.org")
    if not profile.pinfl:
        profile.full_name_cyrillic = "Демо Фуқаро 01"
        profile.pinfl = "31203850000008"
        profile.address = "Namuna (demo) koʻchasi, 1-uy"
        profile.district = District.objects.exclude(kind="republic").first()
        profile.save()


def _company() -> None:
    user = User.objects.get(email="firma@example.org")
    firm, _created = Organization.objects.get_or_create(
        stir="300000008",
        defaults={
            "name": "Demo Firma MChJ",
            "address": "Namuna (demo) koʻchasi, 2-uy",
            "bank_account": "10000000000000000002",
            "bank_name": "Namuna bank",
            "bank_mfo": "00000",
        },
    )
    if not Representation.objects.filter(user=user, organization=firm).exists():
        Representation.objects.create(
            user=user,
            organization=firm,
            basis=Representation.Basis.HEAD,
            valid_from=timezone.localdate(),
        )


def table() -> str:
    """`role email password key`, one account a line; the key is for an authenticator app."""
    rows = [("role", "email", "password", "key of the second step")]
    rows += [
        (person.role, person.email, PASSWORD, secret_of(person.email) if person.is_staff else "")
        for person in PEOPLE
    ]
    lines = [
        f"{role:<14} {email:<28} {password:<18} {key}".rstrip()
        for role, email, password, key in rows
    ]
    lines.append("Code of a second step now: manage.py demo_code E-MAIL")
    return "\n".join(lines)
