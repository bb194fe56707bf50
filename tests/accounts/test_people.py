"""Accounts, roles, mandates: invariants of the database, the role matrix, tenancy."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts import selectors, services
from accounts.models import (
    Agency,
    AgencyName,
    IdentityLevel,
    Membership,
    Organization,
    Profile,
    Representation,
    Role,
    User,
)
from accounts.phones import clean_phone, spaced_phone
from tests.accounts.support import EMAIL, PASSWORD, PHONE, agency

# -- Accounts --------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("user_email_or_phone_or_oneid", {"email": None, "phone": None}),
        ("user_login_filled", {"login": ""}),
        ("user_email_in_small_letters", {"email": "Demo@example.org"}),
        ("user_phone_international", {"phone": "610000001"}),
    ],
)
def test_user_constraints(applicant: User, constraint: str, columns: dict[str, object]) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        User.objects.filter(pk=applicant.pk).update(**columns)


@pytest.mark.django_db
def test_login_follows_the_contact() -> None:
    user = services.create_applicant(phone=PHONE)
    assert (user.login, user.email) == (PHONE, None)
    user.email = f" {EMAIL.upper()} "
    user.save(update_fields=["email"])
    user.refresh_from_db()
    assert user.login == user.email == EMAIL
    assert User.objects.get_by_natural_key(EMAIL.upper()) == user


@pytest.mark.django_db
def test_one_contact_one_account(applicant: User) -> None:
    for contact in ({"email": EMAIL.upper()}, {"phone": PHONE}):
        with pytest.raises(IntegrityError), transaction.atomic():
            services.create_applicant(**contact)
    assert User.objects.count() == 1


def test_an_account_needs_a_contact() -> None:
    with pytest.raises(ValueError, match="e-mail or a phone"):
        User.objects.create_user(full_name="Demo")


@pytest.mark.django_db
def test_administrator_from_the_command_line() -> None:
    for login, column in ((EMAIL, "email"), (PHONE, "phone")):
        user = User.objects.create_superuser(login, PASSWORD)
        assert getattr(user, column) == user.login == login
        assert user.is_superuser and user.is_staff


@given(st.sampled_from(list(IdentityLevel)), st.sampled_from(list(IdentityLevel)))
def test_identity_levels_are_ordered(have: IdentityLevel, need: IdentityLevel) -> None:
    order = ["none", "account", "oneid", "eds"]
    expected = order.index(have) >= order.index(need)
    assert IdentityLevel.reaches(have, need) is have.reaches(need.value) is expected
    assert User(identity_level=have.value).reaches(need) is expected


@pytest.mark.django_db
def test_personal_number_cannot_be_read_in_the_database(applicant: User) -> None:
    profile = applicant.profile
    profile.pinfl = "31234567890123"
    profile.save()
    with connection.cursor() as cursor:
        cursor.execute("select pinfl, pinfl_index from accounts_profile")
        stored = " ".join(cursor.fetchone())
    assert "31234567890123" not in stored
    assert Profile.objects.get(pinfl_index=profile.pinfl_index).pinfl == "31234567890123"
    assert selectors.profile_value(applicant, "profile.pinfl") == "31234567890123"


@pytest.mark.django_db
def test_profile_values(applicant: User, district) -> None:
    Profile.objects.filter(user=applicant).update(
        birth_date=date(1990, 2, 3), district=district, address="Namuna koʻchasi, 1-uy"
    )
    applicant.refresh_from_db()
    expected = {
        "profile.full_name": "Demo Fuqaro",
        "profile.phone": PHONE,
        "profile.email": EMAIL,
        "profile.birth_date": "1990-02-03",
        "profile.district": "chimboy",
        "profile.address": "Namuna koʻchasi, 1-uy",
        "profile.pinfl": "",
        "profile.password": "",
        "organisation.name": "",
    }
    assert {path: selectors.profile_value(applicant, path) for path in expected} == expected


@given(st.from_regex(r"[1-9][0-9]{8}", fullmatch=True), st.sampled_from(["", "998", "+998"]))
def test_every_way_to_write_a_number_is_one(digits: str, prefix: str) -> None:
    ways = [
        f"{prefix}{digits}",
        f"{prefix} {digits[:2]} {digits[2:5]}-{digits[5:7]}-{digits[7:]}",
        f"{prefix}({digits[:2]}) {digits[2:5]}\u00a0{digits[5:]}",
    ]
    assert {clean_phone(way) for way in ways} == {f"+998{digits}"}
    assert clean_phone(spaced_phone(f"+998{digits}")) == f"+998{digits}"


@given(st.text(max_size=30))
def test_a_number_is_whole_or_refused(text: str) -> None:
    try:
        phone = clean_phone(text)
    except ValidationError:
        return
    assert phone.startswith("+") and phone[1:].isascii() and phone[1:].isdigit()
    assert clean_phone(phone) == phone


# -- Agencies and roles ----------------------------------------------------------------------


@pytest.mark.django_db
def test_agency_constraints(first_agency: Agency) -> None:
    with pytest.raises(IntegrityError, match="agency_parent_is_another"), transaction.atomic():
        Agency.objects.filter(pk=first_agency.pk).update(parent=first_agency)
    with pytest.raises(IntegrityError, match="agency_name_dates"), transaction.atomic():
        AgencyName.objects.create(
            agency=first_agency,
            name={"uz": "Eski nom"},
            used_from=date(2023, 1, 1),
            used_to=date(2022, 1, 1),
        )
    for code in ("AIR", "ADLIYA", "A", "adl", "A1"):
        with pytest.raises(ValidationError, match=r"code|Latin capitals"):
            Agency(key="x", code=code, kind="ministry", level="republic").clean_fields(
                exclude={"name"}
            )


@pytest.mark.django_db
def test_agency_label_in_the_readers_language(first_agency: Agency) -> None:
    first_agency.name = {"uz": "Adliya vazirligi", "ru": "Министерство юстиции"}
    first_agency.save()
    assert first_agency.label("ru") == "Министерство юстиции"
    assert first_agency.label("uz-cyrl") == "Адлия вазирлиги"
    assert str(first_agency) == "Adliya vazirligi"


@pytest.mark.django_db
@pytest.mark.parametrize("held", list(Role))
def test_role_matrix(first_agency: Agency, second_agency: Agency, held: Role) -> None:
    user = services.create_staff(email="demo.staff@example.org", agency=first_agency, roles=(held,))
    for asked in Role:
        assert selectors.may(user, first_agency, asked) is (asked == held)
        assert not selectors.may(user, second_agency, asked)
    assert selectors.may(user, first_agency) and not selectors.may(user, second_agency)
    assert selectors.may(user, first_agency, *Role)
    assert list(selectors.agencies_of(user)) == [first_agency]
    assert list(selectors.staff_of(first_agency, held)) == [user]
    assert not selectors.staff_of(second_agency)


@pytest.mark.django_db
def test_a_controller_without_agency_sees_all(first_agency: Agency, second_agency: Agency) -> None:
    user = services.create_staff(email="demo.controller@example.org", roles=("controller",))
    assert set(selectors.agencies_of(user, "controller")) == {first_agency, second_agency}
    assert not selectors.agencies_of(user, "officer")


@pytest.mark.django_db
def test_nobody_else_sees_an_agency(applicant: User, first_agency: Agency) -> None:
    staff = services.create_staff(email="demo.x@example.org", agency=first_agency, roles=("head",))
    User.objects.filter(pk=staff.pk).update(is_active=False)
    staff.refresh_from_db()
    for user in (applicant, AnonymousUser(), staff):
        assert not selectors.may(user, first_agency)
    admin = User.objects.create_superuser("demo.admin@example.org")
    assert selectors.may(admin, first_agency, "head")


@pytest.mark.django_db
def test_an_editor_of_offices_edits_no_passport(first_agency: Agency, district) -> None:
    user = services.create_staff(email="demo.offices@example.org")
    services.grant(user, first_agency, "editor", district=district)
    assert not selectors.may(user, first_agency, "editor")
    assert list(selectors.districts_of(user, first_agency)) == [district]
    assert [group.name for group in user.groups.all()] == [services.STAFF_GROUP]


@pytest.mark.django_db
def test_a_role_is_held_once(first_agency: Agency) -> None:
    user = services.create_staff(email="demo.twice@example.org", agency=None, roles=("controller",))
    services.grant(user, None, "controller")
    services.grant(user, first_agency, "officer", "head")
    assert user.memberships.count() == 3
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=user, agency=None, role="controller")
    with pytest.raises(ValueError, match="emperor"):
        services.grant(user, first_agency, "emperor")


@pytest.mark.django_db
def test_access_follows_the_roles(applicant: User, first_agency: Agency) -> None:
    assert not applicant.has_perm("wagtailadmin.access_admin")
    services.grant(applicant, first_agency, "officer")
    user = User.objects.get(pk=applicant.pk)
    assert user.is_staff and user.has_perm("wagtailadmin.access_admin")
    names = set(user.groups.values_list("name", flat=True))
    assert names == {services.STAFF_GROUP, "agency:adliya:officer"}
    services.revoke(user, first_agency)
    user = User.objects.get(pk=applicant.pk)
    assert not user.is_staff and not user.groups.exists()
    assert not user.has_perm("wagtailadmin.access_admin")


@pytest.mark.django_db
def test_staff_may_be_deleted(first_agency: Agency) -> None:
    user = services.create_staff(email="demo.gone@example.org", agency=first_agency, roles=Role)
    user.delete()
    assert not Membership.objects.exists()


# -- Mandates --------------------------------------------------------------------------------


@pytest.fixture
def firm(db: None) -> Organization:
    return Organization.objects.create(stir="300000001", name="Demo firma")


def test_mandates_in_force(applicant: User, firm: Organization) -> None:
    today = timezone.localdate()
    mandate = services.give_mandate(
        applicant, firm, basis="head", role="head", valid_until=today + timedelta(days=1)
    )
    choices = selectors.acting_choices(applicant)
    assert [choice.label for choice in choices] == ["Demo Fuqaro", "Demo firma"]
    assert choices[1].representation == mandate and choices[0].value == ""
    assert not selectors.mandates_of(applicant, today - timedelta(days=1))
    assert selectors.mandates_of(applicant, today + timedelta(days=1)) == [mandate]
    assert not selectors.mandates_of(applicant, today + timedelta(days=2))
    services.revoke_mandate(mandate)
    assert not selectors.mandates_of(applicant)
    assert len(selectors.acting_choices(applicant)) == 1


def test_mandate_constraints(applicant: User, firm: Organization) -> None:
    first = services.give_mandate(applicant, firm, basis="head")
    with pytest.raises(IntegrityError), transaction.atomic():
        services.give_mandate(applicant, firm, basis="oneid")
    services.revoke_mandate(first)
    services.give_mandate(applicant, firm, basis="oneid")
    with pytest.raises(IntegrityError, match="representation_dates"), transaction.atomic():
        Representation.objects.filter(revoked_at__isnull=True).update(valid_until=date(2000, 1, 1))


@pytest.mark.django_db
def test_two_agencies_are_no_tenants_of_each_other() -> None:
    agencies = [agency(f"idora-{letter}", f"ID{letter}") for letter in "ABC"]
    users = [
        services.create_staff(email=f"demo.{row.key}@example.org", agency=row, roles=("officer",))
        for row in agencies
    ]
    for user, own in zip(users, agencies, strict=True):
        assert list(selectors.agencies_of(user)) == [own]
        assert [row for row in agencies if selectors.may(user, row)] == [own]
