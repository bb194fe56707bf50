"""Doors: a sent form becomes a registered request. Portal, counter, phone and post alike."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import notifying
from accounts.models import Agency, IdentityLevel, Representation, User
from accounts.selectors import profile_value
from casework import (
    access,
    counted,
    elsewhere,
    journal,
    linking,
    notices,
    paper,
    paying,
    policy,
    receipts,
)
from casework.clock import promised
from casework.graph import State
from casework.models import Kind, NumberCounter, ServiceRequest, ServiceRules, Unit
from casework.numbers import format_number, parse_number
from core.models import work_calendar
from core.rows import add
from core.serials import next_serial
from forms import prices
from forms.engine import routing, rules
from forms.engine.schema import Schema
from forms.models import Source, Submission
from operations.crypto import blind_index
from payments.selectors import takes_money
from service_pages import passport
from service_pages.models import Service
from service_pages.vocabulary import Channel


class Facts(TypedDict, total=False):
    """What a door knows of a request by itself."""

    agency: Agency | None
    kind: Kind | None
    follows: ServiceRequest | None
    unit: Unit | None
    #: An appeal without a name.
    is_anonymous: bool
    about_portal: bool


#: The doors of the portal → the channels of passports that a price may be made for.
_CHANNELS: dict[Source, tuple[Channel, ...]] = {
    Source.PORTAL: prices.HERE,
    Source.COUNTER: (Channel.DXM, Channel.IN_PERSON),
    Source.HOME_VISIT: (Channel.DXM, Channel.IN_PERSON),
    Source.PHONE: (Channel.CALL_CENTRE, Channel.PORTAL),
    Source.POST: (Channel.POST, Channel.IN_PERSON),
}


def next_number(agency: Agency, year: int) -> str:
    """The next number of an agency in a year. The counter's row stays locked until commit, so
    whoever takes one has everything else ready."""
    return format_number(year, agency.code, next_serial(NumberCounter, agency=agency, year=year))


def register_request(
    submission: Submission, service: Service, **facts: Unpack[Facts]
) -> ServiceRequest:
    """Register a submission as a request: number, agency, term, snapshot, first event, receipt.

    What `facts` do not say is worked out from the answers; what goes to another agency than the
    form's has the term of the law on appeals. A complaint about a request never goes to those who
    answered it.

    The door is the submission's (`source`, `entered_by`). The clock starts on the day it came,
    or at the opening of the next working day. Registering twice gives the same request: nearly
    always a submission is new, so its request is written first, and looked for only where it turns
    out to be there, even if written at the same moment.
    """
    try:
        with transaction.atomic():
            return _register(submission, service, **facts)
    except IntegrityError:
        present = ServiceRequest.objects.filter(submission=submission).first()
        if present is None:
            raise
        return present


def _register(
    submission: Submission,
    service: Service,
    *,
    agency: Agency | None = None,
    kind: Kind | None = None,
    follows: ServiceRequest | None = None,
    unit: Unit | None = None,
    is_anonymous: bool = False,
    about_portal: bool = False,
) -> ServiceRequest:
    """`register_request` of what is new, in the caller's transaction."""
    schema, answers = submission.version.schema, submission.answers
    kind = kind or _kind(submission)
    policies = policy.rules_of(service.pk)
    # An appeal that came by another door has no form that knows the passport's terms.
    term_of_law = agency is not None or (
        kind != Kind.REQUEST and submission.version.definition.key == paper.KEY
    )
    about = follows or _follows(answers, submission.user)
    agency = agency or _agency(schema, answers, service)
    if kind == Kind.COMPLAINT and unit is None:
        agency, unit = elsewhere.body_for(agency, about)
    current = passport.current(service)
    received = submission.submitted_at
    registered = work_calendar().registration_moment(received)
    term = (
        policy.appeal_term(kind, is_anonymous=is_anonymous)
        if term_of_law or is_anonymous
        else _term(current, rules.term_key(schema, answers), kind)
    )
    mandate = submission.representation
    firm = mandate is not None and mandate.organization_id is not None
    price = prices.of_answers(
        schema, answers, current, timezone.localtime(received).date(),
        channels=_CHANNELS[Source(submission.source)], firm=firm,
    )  # fmt: skip
    items = paying.items_of(current, price.quotes, price.discount) if current else []
    # Without an account for payments nobody could pay: the agency says how, as before.
    owes = sum(item.amount - item.discount for item in items) > 0 and takes_money(agency)
    state = State.AWAITING_PAYMENT if owes else State.REGISTERED
    request = ServiceRequest(
        service=service,
        agency=agency,
        submission=submission,
        passport_version=current.version if current else None,
        applicant=submission.user,
        organization=mandate.organization if mandate else None,
        representation=mandate,
        subject=_subject_of(submission, about, is_anonymous=is_anonymous),
        identity_level=submission.user.identity_level if submission.user else IdentityLevel.NONE,
        language=submission.language,
        state=state,
        state_since=received,
        source=submission.source,
        entered_by=submission.entered_by,
        submitted_at=received,
        registered_at=None if owes else registered,
        due_at=None if owes else promised(registered, term),
        term=term,
        fee=_fee(price),
        kind=kind,
        follows=about,
        access_code=access.new_code(),
        unit=unit or _unit(policies, agency),
        is_anonymous=is_anonymous,
        about_portal=about_portal or policies.purpose == ServiceRules.Purpose.PORTAL,
    )
    if pinfl := request.subject.get("person_pinfl") or request.subject.get("pinfl"):
        request.person_index = blind_index(pinfl)
    before = linking.repeats(request, received)
    facts = counted.facts(request, submission, schema)
    if submission.user is not None:
        notifying.choices_of(submission.user)  # read now what telling them needs
    # Last, since everybody who sends to this agency waits for the counter until we commit.
    request.number = next_number(agency, timezone.localtime(received).year)
    receipts.keep(request)
    add(request)
    if before is not None:
        linking.note_repetition(request, before)
    event = journal.record(
        request,
        "submitted",
        actor=submission.entered_by or submission.user,
        to_state=state,
        data={
            "source": submission.source,
            "agency": agency.key,
            "form_version": submission.version.number,
            "registered_at": registered.isoformat() if not owes else None,
            "due_at": request.due_at.isoformat() if request.due_at else None,
            "repeats": before.number if before else None,
            "entered_late": submission.entered_by is not None and _is_late(received),
            **facts,
        },
        at=received,
        first=True,
    )
    notices.announce(request, event)
    if owes:
        assert current is not None
        paying.issue(request, items, current.content.get("payment_validity_days"))
        request.refresh_from_db()
    return request


def _agency(schema: Schema, answers: dict[str, Any], service: Service) -> Agency:
    key = routing.agency_key(schema, answers, service.agency.key)
    if key == service.agency.key:
        return service.agency
    # Publish checks that every agency exists; one closed since goes to the service's own.
    return Agency.objects.filter(key=key, active=True).first() or service.agency


def _unit(policies: ServiceRules, agency: Agency) -> Unit | None:
    """The unit that gets requests for a service, where the request stays in its agency."""
    unit = policies.unit
    fits = unit is not None and unit.active and unit.agency_id == agency.pk
    return unit if fits else None


def _term(current: passport.Passport | None, key: str, kind: str) -> dict[str, Any]:
    term = current.term(key) if current else None
    if term is None:
        return policy.legal_term(kind)
    return {"key": term["key"], "value": term["value"], "unit": term["unit"]}


def _fee(price: prices.Price) -> dict[str, Any]:
    """The price to keep with the request, since rules and base amount change."""
    if not price.quotes:
        return {}
    return {
        "total_tiyin": price.total,
        "keys": [line.key for line in price.lines],
        "discount": price.discount,
        "base_tiyin": price.quotes[0].base_amount,
    }


#: Value of an answer `appeal_kind` → kind; the words are those of the law.
_KINDS = {"ariza": Kind.APPLICATION, "taklif": Kind.PROPOSAL, "shikoyat": Kind.COMPLAINT}


def _kind(submission: Submission) -> Kind:
    answers = submission.answers
    if submission.version.definition.key == paper.KEY:
        return Kind(answers["kind"])
    return _KINDS.get(str(answers.get("appeal_kind", "")), Kind.REQUEST)


def _is_late(received: datetime) -> bool:
    """Whether what came by another door is entered later than on the next working day (ZRU-445,
    art. 23): its clock ran all the same."""
    days = work_calendar().working_days_between(timezone.localdate(received), timezone.localdate())
    return days > 1


def _follows(answers: dict[str, Any], user: User | None) -> ServiceRequest | None:
    """The applicant's own request that a complaint names; anybody else's number links nothing."""
    number = parse_number(str(answers.get("complained_request") or ""))
    if number is None or user is None:
        return None
    return ServiceRequest.objects.filter(number=number, applicant=user).first()


def _subject_of(
    submission: Submission, about: ServiceRequest | None, *, is_anonymous: bool
) -> dict[str, str]:
    """Nobody for an appeal without a name; whoever asked before, where no account says who it is."""
    if is_anonymous:
        return {}
    if submission.user is None and submission.source == Source.PORTAL and about is not None:
        return dict(about.subject)
    return _subject(submission)


def _subject(submission: Submission) -> dict[str, str]:
    """Who asks, as their profile and mandate say on this day."""
    user, mandate = submission.user, submission.representation
    names = ("full_name", "pinfl", "phone", "email", "address")
    if submission.source == Source.PORTAL and user is not None:
        subject = {name: profile_value(user, f"profile.{name}") for name in names}
    else:
        # As the clerk read it: who came may share a phone with the account that it belongs to.
        subject = {name: str(submission.answers.get(name) or "") for name in names}
    if mandate is not None:
        subject |= _represented(mandate)
    return {name: value for name, value in subject.items() if value}


def _represented(mandate: Representation) -> dict[str, str]:
    """For whom the applicant acts and by what right, kept as it is on this day."""
    found = {"basis": mandate.basis, "document": mandate.document}
    if mandate.organization is not None:
        found |= {"organization": mandate.organization.name, "stir": mandate.organization.stir}
    if mandate.person is not None:
        found |= {
            "person": mandate.person.full_name,
            "person_pinfl": mandate.person.pinfl,
            "person_birth_date": mandate.person.birth_date.isoformat(),
        }
    return found


class PortalReceiver:
    """Takes forms of services."""

    def accept(self, submission: Submission) -> None:
        """Register and store it, in the caller's transaction. Raises LookupError without a service.

        It is new, for a draft is sent once: nothing is to be looked for.
        """
        service = submission.version.definition.service
        if service is None:
            raise LookupError("A form without a service has no request.")
        _register(submission, service)
