"""Many requests with their histories: to measure with, and for dashboards that are not empty.

Rows go in as casework would have written them, in bulk, with whole chains of hashes; nobody is
told of anything. In the same database the same number and last day give the same requests; called
again, others.
"""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Agency
from casework import paper, receipts
from casework.counted import ApplicantKind
from casework.graph import CLOSED, Outcome, State
from casework.linking import REPEATED_WITHIN
from casework.models import Kind, NumberCounter, Rating, RequestEvent, ServiceRequest
from casework.numbers import format_number
from casework.transitions import LEGAL_GROUND
from core import copying
from core.models import District, work_calendar
from demo import crowd
from demo.lives import LATENESS, Life, WorkDays, Writer
from forms.models import FormDefinition, FormEvent, FormVersion, Source, Submission
from registry.monitoring.periods import begin_of
from service_pages.models import PassportVersion, Service

DAYS = 730
_BATCH = 2_000
#: Of a service whose passport names none.
_TERM = {"key": "", "value": 15, "unit": "calendar_days"}
_MOST_PEOPLE, _FIRMS = 50_000, 200
#: Begin of the submit tokens of generated requests.
MARK = "counted-"
_CHANNELS = (
    [Source.PORTAL] * 80 + [Source.COUNTER] * 12 + [Source.PHONE] * 3 + [Source.POST] * 3
    + [Source.HOME_VISIT] * 2
)  # fmt: skip
_KINDS = [Kind.REQUEST] * 93 + [Kind.APPLICATION] * 4 + [Kind.PROPOSAL] * 2 + [Kind.COMPLAINT]


@dataclass
class _Pattern:
    """A service that requests are made for."""

    service: Service
    version: FormVersion | None
    passport: PassportVersion | None
    term: dict[str, Any]
    grounds: list[str]
    lateness: float
    paid: bool


@dataclass
class _World:
    """Everything that rows point at."""

    patterns: list[_Pattern]
    weights: list[float]
    people: list[int]
    mandates: list[tuple[int, int, int]]
    officers: dict[int, int]
    agencies: dict[int, Agency]
    districts: list[str]
    paper: FormVersion
    #: (agency, year) → the last number before, and how many were taken.
    starts: dict[tuple[int, int], int] = field(default_factory=dict)
    numbers: Counter[tuple[int, int]] = field(default_factory=Counter)
    #: (applicant or firm, service) → when they asked last, and its number.
    asked: dict[tuple[int, int], tuple[datetime, str]] = field(default_factory=dict)


@dataclass
class _Made:
    """One request on its way into the tables."""

    submission: Submission
    request: ServiceRequest
    life: Life
    facts: dict[str, Any]
    officer: int


def generate(
    count: int, until: date | None = None, *, end: date | None = None, days: int = DAYS
) -> int:
    """Add `count` requests that came in the `days` up to `until` (yesterday); how many.

    `end`: the last day on which anything happens to them (`until`). Raises LookupError without
    services whose forms are published.
    """
    last = until or timezone.localdate() - timedelta(days=1)
    first = last - timedelta(days=days - 1)
    present = Submission.objects.filter(submit_token__startswith=MARK).count()
    chance = random.Random(f"requests-{count}-{present}")  # noqa: S311 - not a secret
    world = _world(count, chance)
    writer = Writer(
        chance,
        WorkDays(work_calendar(), first, end or last),
        begin_of((end or last) + timedelta(days=1)),
    )
    made = _requests(count, first, days, world, writer)
    added = 0
    while batch := list(islice(made, _BATCH)):
        with transaction.atomic():
            _write(batch, world)
        added += len(batch)
    for (agency, year), number in sorted(world.numbers.items()):
        NumberCounter.objects.filter(agency_id=agency, year=year).update(last=F("last") + number)
    return added


def _world(count: int, chance: random.Random) -> _World:
    agencies = {row.pk: row for row in Agency.objects.filter(active=True).order_by("order", "key")}
    patterns = _patterns(list(agencies))
    if not any(pattern.version for pattern in patterns):
        raise LookupError("There is no published form: load the demonstration first.")
    people = crowd.people(min(max(count // 3, 10), _MOST_PEOPLE))
    chance.shuffle(patterns)
    return _World(
        patterns=patterns,
        # A few services have most requests, as everywhere.
        weights=[1 / (place + 1) for place in range(len(patterns))],
        people=people,
        mandates=crowd.mandates(people, min(_FIRMS, max(3, count // 50))),
        officers=crowd.officers(agencies.values()),
        agencies=agencies,
        districts=list(
            District.objects.exclude(kind=District.Kind.REPUBLIC)
            .order_by("order", "key")
            .values_list("key", flat=True)
        ),
        paper=paper.version(),
    )


def _patterns(agencies: Sequence[int]) -> list[_Pattern]:
    """Services in use, with form and passport where they have them."""
    forms = {
        definition.service_id: definition.current
        for definition in FormDefinition.objects.filter(service__isnull=False).order_by("pk")
    }
    passports = {
        row.service_id: row for row in PassportVersion.objects.order_by("service_id", "number")
    }
    found = []
    for service in Service.objects.filter(agency__in=agencies).order_by("key"):
        passport = passports.get(service.pk)
        content = passport.content if passport else {}
        terms = content.get("terms") or [_TERM]
        grounds = [row["code"] for row in content.get("refusal_grounds") or []]
        found.append(
            _Pattern(
                service=service,
                version=forms.get(service.pk),
                passport=passport,
                term={name: terms[0].get(name) for name in ("key", "value", "unit")},
                grounds=grounds or [LEGAL_GROUND],
                lateness=LATENESS[agencies.index(service.agency_id) % len(LATENESS)],
                paid=bool(content.get("fees")),
            )
        )
    return found


def _requests(count: int, first: date, days: int, world: _World, writer: Writer) -> Iterator[_Made]:
    """Requests in the order in which they came."""
    for day, number in _by_day(count, first, days):
        for came in sorted(writer.came(day) for _n in range(number)):
            yield _request(came, world, writer)


def _by_day(count: int, first: date, length: int) -> Iterator[tuple[date, int]]:
    """How many come on each day: more on working days, more as time goes on."""
    days = [first + timedelta(days=n) for n in range(length)]
    weights = [(1.0 if day.weekday() < 5 else 0.3) * (1 + n / length) for n, day in enumerate(days)]
    total, given, seen = sum(weights), 0, 0.0
    for day, weight in zip(days, weights, strict=True):
        seen += weight
        number = round(count * seen / total) - given
        given += number
        yield day, number


def _request(came: datetime, world: _World, writer: Writer) -> _Made:
    chance = writer.chance
    [pattern] = chance.choices(world.patterns, world.weights)
    source = chance.choice(_CHANNELS) if pattern.version else Source.COUNTER
    at_portal = source == Source.PORTAL
    agency = world.agencies[pattern.service.agency_id]
    kind = chance.choice(_KINDS)
    account, firm, mandate = chance.choice(world.people), None, None
    if at_portal and chance.random() < 0.12:
        account, firm, mandate = chance.choice(world.mandates)
    officer = world.officers[agency.pk]
    others = [pk for pk in world.agencies if pk != agency.pk]
    life = writer.live(
        came, pattern.term, pattern.grounds, pattern.lateness, others,
        {pk: row.key for pk, row in world.agencies.items()},
        paid=at_portal and pattern.paid and chance.random() < 0.5,
    )  # fmt: skip
    facts: dict[str, Any] = {
        "source": str(source),
        "agency": agency.key,
        "district": chance.choice(world.districts) if world.districts else "",
        "applicant": str(
            ApplicantKind.ORGANIZATION
            if firm
            else ApplicantKind.PERSON
            if at_portal
            else ApplicantKind.UNKNOWN
        ),
        "repeats": None,
    }
    version = pattern.version if at_portal and pattern.version else world.paper
    submission = Submission(
        uuid=uuid.UUID(int=chance.getrandbits(128), version=4),
        version=version,
        user_id=account if at_portal else None,
        representation_id=mandate,
        language=chance.choice(("uz", "uz", "kaa", "ru", "uz-cyrl")),
        answers={},
        submitted_at=came,
        submit_token=f"{MARK}{chance.getrandbits(96):x}",
        source=source,
        entered_by_id=None if at_portal else officer,
    )
    made = _Made(submission, ServiceRequest(), life, facts, officer)
    _fill(made, pattern, kind, firm, world, chance)
    if at_portal and kind != Kind.COMPLAINT:
        key = (-firm if firm else account, pattern.service.pk)
        before = world.asked.get(key)
        if before is not None and came - before[0] <= REPEATED_WITHIN:
            facts["repeats"] = before[1]
        world.asked[key] = came, made.request.number
    return made


def _fill(
    made: _Made, pattern: _Pattern, kind: Kind, firm: int | None, world: _World,
    chance: random.Random,
) -> None:  # fmt: skip
    """The request's row as it stands at the end."""
    life, submission = made.life, made.submission
    agency = world.agencies[pattern.service.agency_id]
    year = timezone.localtime(submission.submitted_at).year
    state = life.state
    moved = [step for step in life.steps if step.kind in State.values or step.kind == "submitted"]
    decided = State.APPROVED if state == State.COMPLETED else state
    row = made.request
    row.uuid = uuid.UUID(int=chance.getrandbits(128), version=4)
    row.number = _number(agency, year, world)
    row.service, row.agency_id = pattern.service, agency.pk
    receipts.write(row, submission)
    if any(step.kind == State.FORWARDED for step in life.steps) and life.agency:
        row.agency_id = life.agency
    row.passport_version = pattern.passport
    row.applicant_id, row.organization_id = submission.user_id, firm
    row.representation_id = submission.representation_id
    row.subject, row.identity_level, row.language = {}, "account", submission.language
    row.state, row.state_since = state, moved[-1].at
    row.outcome = decided if decided in Outcome.values else ""
    row.ground_code = life.ground if state == State.REFUSED else ""
    row.kind, row.asked_count, row.extended_at = kind, life.asked, life.extended
    row.assignee_id = world.officers[row.agency_id] if len(moved) > 1 else None
    row.source, row.entered_by_id = submission.source, submission.entered_by_id
    row.submitted_at, row.registered_at = submission.submitted_at, life.registered
    row.due_at, row.term, row.paused_at = life.due, pattern.term, life.paused
    row.closed_at = moved[-1].at if state in CLOSED else None
    if state == State.INFO_REQUESTED:
        row.answer_by = datetime.fromisoformat(moved[-1].data["answer_by"])
    if state == State.AWAITING_PAYMENT:
        row.registered_at = row.due_at = None


def _number(agency: Agency, year: int, world: _World) -> str:
    key = (agency.pk, year)
    if key not in world.numbers:
        counter, _new = NumberCounter.objects.get_or_create(agency=agency, year=year)
        world.numbers[key] = 0
        world.starts[key] = counter.last
    world.numbers[key] += 1
    return format_number(year, agency.code, world.starts[key] + world.numbers[key])


def _write(batch: list[_Made], world: _World) -> None:
    Submission.objects.bulk_create([made.submission for made in batch], batch_size=500)
    for made in batch:
        made.request.submission = made.submission
    ServiceRequest.objects.bulk_create([made.request for made in batch], batch_size=300)
    copying.add(RequestEvent, (event for made in batch for event in _events(made)))
    copying.add(
        Rating,
        [
            Rating(request=made.request, score=made.life.score, rated_at=step.at)
            for made in batch
            for step in made.life.steps
            if step.kind == "rated"
        ],
    )
    copying.add(FormEvent, (event for made in batch for event in _form_events(made)))


def _events(made: _Made) -> Iterator[RequestEvent]:
    """The history, each event chained to the one before."""
    before = ""
    people = {"officer": made.officer, "applicant": made.submission.user_id, "system": None}
    for sequence, step in enumerate(made.life.steps, 1):
        first = step.kind == "submitted"
        event = RequestEvent(
            request=made.request,
            sequence=sequence,
            at=step.at,
            actor_id=made.submission.entered_by_id or people["applicant"]
            if first
            else people[step.by],
            kind=step.kind,
            from_state=step.before,
            to_state=step.kind if step.kind in State.values else "",
            ground_code=step.ground,
            data=step.data | made.facts if first else step.data,
            prev_hash=before,
        )
        event.hash = before = event.computed_hash()
        yield event


def _form_events(made: _Made) -> Iterator[FormEvent]:
    """How the form was filled in: one in three that were begun is not sent."""
    if made.submission.source != Source.PORTAL:
        return
    day = timezone.localdate(made.submission.submitted_at)
    seconds = 60 + made.request.uuid.int % 1200
    version = made.submission.version_id
    yield FormEvent(version_id=version, kind="started", day=day)
    yield FormEvent(version_id=version, kind="sent", day=day, seconds=seconds)
    if made.request.uuid.int % 3 == 0:
        yield FormEvent(version_id=version, kind="started", day=day)
