"""The reads of the room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    JSONField,
    OuterRef,
    Q,
    Subquery,
)
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Agency, Membership, Role, User
from accounts.selectors import agencies_of, memberships_of, remember_memberships
from casework import anonymous, desk, finding
from casework.graph import CLOSED, DECISIONS, State
from casework.models import (
    Kind,
    ListLook,
    RequestEvent,
    RequestTask,
    SavedFilter,
    ServiceRequest,
    ServiceRequestQuerySet,
    Unit,
)  # fmt: skip
from casework.numbers import parse_number
from casework.ownership import own
from casework.transitions import (
    APPEAL_GROUNDS,
    LEGAL_GROUND,
    NO_ANSWER,
    NO_ESSENCE,
    UNFOUNDED,
)
from core.http import number_in
from core.texts import pick
from forms.models import Attachment, Source
from home.figures import Figure
from service_pages.models import ServiceFigures

#: Who sees an agency's requests; a controller only reads.
STAFF = (Role.OFFICER, Role.HEAD, Role.DEPUTY, Role.CONTROLLER)
_DONE = CLOSED | {State.APPROVED}
LOOKS = ("viewed", "downloaded", "audited")
_LISTED = "listed"
#: More than this is not counted, only said to be more.
MOST_COUNTED = 999
SHOWS = ("open", "mine", "unit", "unassigned", "overdue", "to_sign", "closed", "all")
#: Orders of the inbox: first due, newest, oldest first.
_ORDERS: dict[str, tuple[Any, ...]] = {
    "due": (F("due_at").asc(nulls_last=True), "submitted_at", "pk"),
    "new": ("-submitted_at", "-pk"),
    "old": ("submitted_at", "pk"),
}


def requests_of(user: User) -> ServiceRequestQuerySet:
    """An applicant's own requests and those of whom they act for, newest first."""
    return (
        ServiceRequest.objects.filter(own(user))
        .select_related(
            "service",
            "agency",
            "organization",
            "representation__person",
            "submission__version",
            "passport_version",
            "rating",
        )
        .order_by("-submitted_at", "-pk")
    )


def open_and_closed(user: User) -> dict[str, int]:
    """How many requests an applicant has: `open`, `closed`."""
    closed = Q(state__in=CLOSED)
    return ServiceRequest.objects.filter(own(user)).aggregate(
        open=Count("pk", filter=~closed), closed=Count("pk", filter=closed)
    )


def seen_agencies(user: User) -> list[Agency]:
    """Agencies whose requests somebody sees, in one query; the menu then asks nothing more."""
    # Menu and pages ask again and again who the reader is: once is enough.
    remember_memberships(user)
    rows = [row for row in memberships_of(user) if row.role in STAFF and row.district_id is None]
    if user.is_superuser or any(row.agency is None for row in rows):
        return list(Agency.objects.all())
    found = {row.agency.pk: row.agency for row in rows if row.agency is not None}
    return sorted(found.values(), key=lambda agency: (agency.order, agency.key))


def visible_to(user: User, agencies: Iterable[Agency] | None = None) -> ServiceRequestQuerySet:
    """Requests of the agencies in which `user` answers or controls; nobody else's exist.

    `agencies` are those of the user, where the caller knows them already.
    """
    if agencies is not None:
        return ServiceRequest.objects.of_agencies(agencies)
    mine = agencies_of(user, *STAFF)
    counters = agencies_of(user, Role.CLERK)
    # A clerk sees what they entered, while it stays in an agency whose clerk they are.
    return ServiceRequest.objects.filter(
        Q(agency__in=mine) | Q(agency__in=counters, entered_by=user)
    )


def readable_by(user: User) -> ServiceRequestQuerySet:
    """Requests that `user` may open: those of their agencies, and those about which their agency
    decides a complaint; these they only read."""
    complaints = ServiceRequest.objects.filter(
        follows=OuterRef("pk"), kind=Kind.COMPLAINT, agency__in=agencies_of(user, *STAFF)
    )
    mine = visible_to(user).values("pk")
    return ServiceRequest.objects.filter(
        Q(pk__in=mine) | (Exists(complaints) & (~Q(applicant=user) | Q(applicant=None)))
    )


def _param(params: Mapping[str, str], name: str) -> str:
    """A parameter of the address, without what no column could hold."""
    return (params.get(name) or "").replace("\x00", "").strip()[:200]


def inbox(
    user: User,
    params: Mapping[str, str],
    agencies: Iterable[Agency] | None = None,
    *,
    by_name: bool = False,
) -> ServiceRequestQuerySet:
    """Requests of the reader's agencies, first due first; unknown filters filter nothing.

    `params`: `show` (one of SHOWS), `state`, `kind` (one of Kind, `anonymous`, `portal`), `agency` and
    `service` (keys), `unit` (its id),
    `sort` (`due`, `new`, `old`), `q` (a number, however typed; `by_name`: or who asks, which may
    not stand in an address).
    """
    rows = visible_to(user, agencies).for_lists()
    show = _param(params, "show")
    query, state = _param(params, "q"), _param(params, "state")
    if query and by_name and parse_number(query) is None:
        rows = finding.narrowed(rows, query)
    elif query:
        rows = rows.filter(number=parse_number(query) or query.upper())
    elif show == "mine":
        rows = rows.open().filter(desk.theirs(user))
    elif show == "unit":
        rows = rows.open().filter(desk.of_own_units(user))
    elif show == "unassigned":
        rows = rows.open().filter(assignee__isnull=True)
    elif show == "overdue":
        rows = rows.overdue(timezone.now())
    elif show == "to_sign":
        rows = rows.open().filter(is_proposed=True)
    elif show == "closed":
        rows = rows.filter(state__in=_DONE)
    elif show != "all" and state not in State.values:
        rows = rows.open()
    if state in State.values:
        rows = rows.filter(state=state)
    rows = _of_kind(rows, _param(params, "kind"))
    if agency := _param(params, "agency"):
        rows = rows.filter(agency__key=agency)
    if service := _param(params, "service"):
        rows = rows.filter(service__key=service)
    if unit := number_in(_param(params, "unit")):
        rows = rows.filter(unit_id=unit)
    return rows.order_by(*_ORDERS.get(_param(params, "sort"), _ORDERS["due"]))


def _of_kind(rows: ServiceRequestQuerySet, kind: str) -> ServiceRequestQuerySet:
    """Those of a kind, without a name, or about the portal; all for anything else."""
    if kind in Kind.values:
        return rows.filter(kind=kind)
    if kind == "anonymous":
        return rows.filter(is_anonymous=True)
    return rows.filter(about_portal=True) if kind == "portal" else rows


class _HowMany(Subquery):
    """The number of rows of a subquery, which is cut off beforehand."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


class _Filters(Subquery):
    """Kept filters as a list of [id, name, query]: they come with the counts, without a query of
    their own."""

    output_field = JSONField()

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:
        """A list by SQLite's functions."""
        made = "(SELECT json_group_array(json_array(id, name, query)) FROM (%(subquery)s) AS kept)"
        return self.as_sql(compiler, connection, template=made)

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        """A list by PostgreSQL's functions."""
        made = "(SELECT jsonb_agg(jsonb_build_array(id, name, query)) FROM (%(subquery)s) AS kept)"
        return self.as_sql(compiler, connection, template=made)


def inbox_counts(user: User, agencies: Iterable[Agency] | None = None) -> dict[str, Any]:
    """How many each filter of the inbox leaves, at most MOST_COUNTED + 1 of each, in one query;
    `tasks` are those that other agencies ask, `units` the agencies' own; `saved` are the reader's
    filters themselves. What is decided is not counted: it only grows."""
    seen = visible_to(user, agencies)
    parts: dict[str, Any] = {
        "open": seen.open(),
        "mine": seen.open().filter(desk.theirs(user)),
        "unit": seen.open().filter(desk.of_own_units(user)),
        "unassigned": seen.open().filter(assignee__isnull=True),
        "overdue": seen.overdue(timezone.now()),
        "to_sign": seen.open().filter(is_proposed=True),
        "tasks": RequestTask.objects.open().filter(
            agency__in=agencies if agencies is not None else agencies_of(user, *STAFF)
        ),
    }
    # Whether there is anything to ask for: most have none.
    parts["units"] = Unit.objects.filter(
        agency__in=agencies if agencies is not None else agencies_of(user, *STAFF), active=True
    )
    counted: dict[str, Subquery] = {
        name: _HowMany(rows.order_by().values("pk")[: MOST_COUNTED + 1])
        for name, rows in parts.items()
    }
    counted["saved"] = _Filters(desk.filters_of(user).values("id", "name", "query"))
    row: dict[str, Any] = dict(User.objects.filter(pk=user.pk).values(**counted).get())  # type: ignore[arg-type]
    saved = [SavedFilter(id=pk, name=name, query=query) for pk, name, query in row["saved"] or []]
    return row | {"saved": sorted(saved, key=lambda one: one.name)}


def events_of(request: ServiceRequest) -> list[RequestEvent]:
    """The history of a request, oldest first, with texts and actors, in one query."""
    return list(RequestEvent.objects.filter(request=request).select_related("text", "actor"))


def looks_at(request: ServiceRequest, language: str) -> list[dict[str, Any]]:
    """Who of the staff looked at the request, as its applicant is told: newest first, `when`,
    `where` (the agency they work for), whether they opened `files` or saw it `listed`; no names."""
    events = RequestEvent.objects.filter(request=request, kind__in=LOOKS)
    looks = [(row.at, row.actor_id or 0, row.kind) for row in events.order_by("-sequence")[:50]]
    listed = ListLook.objects.filter(request=request).order_by("-at")[:50]
    looks += [(row.at, row.viewer_id, _LISTED) for row in listed]
    looks.sort(reverse=True)
    places: dict[int, str] = {}
    for membership in Membership.objects.filter(
        user__in={person for _at, person, _kind in looks}, role__in=(*STAFF, Role.AUDITOR)
    ).select_related("agency"):
        own = membership.agency_id == request.agency_id
        if membership.agency is not None and (own or membership.user_id not in places):
            places[membership.user_id] = membership.agency.label(language)
    elsewhere = _("Territorial control")
    return [
        {
            "when": at,
            "where": _("Audit: %(agency)s") % {"agency": place} if kind == "audited" else place,
            "files": kind == "downloaded",
            "listed": kind == _LISTED,
        }
        for at, person, kind in looks[:50]
        for place in [places.get(person, elsewhere)]
    ]


def title_of(request: ServiceRequest, language: str) -> str:
    """The service's name as the form had it; of what came on paper, as its passport has it."""
    version = request.passport_version
    if request.source != Source.PORTAL and version is not None:
        return pick(version.content["title"], language)
    return request.submission.version.title(language)


_COMMON_GROUNDS = {
    NO_ANSWER: gettext_lazy("The applicant did not answer in time"),
    LEGAL_GROUND: gettext_lazy("The law does not allow it; the text names the point"),
    anonymous.GROUND: anonymous.GROUND_TEXT,
    UNFOUNDED: gettext_lazy("What it states was not confirmed"),
    NO_ESSENCE: gettext_lazy("It says nothing that could be considered"),
}


def grounds(request: ServiceRequest, language: str) -> list[tuple[str, str]]:
    """(code, text) of the grounds on which staff may refuse the request."""
    version = request.passport_version
    rows = version.content["refusal_grounds"] if version else []
    found = [(row["code"], pick(row["text"], language)) for row in rows]
    if request.kind != Kind.REQUEST:
        known = {code for code, _words in found}
        law = [(code, str(_COMMON_GROUNDS[code])) for code in sorted(APPEAL_GROUNDS - known)]
        return law[::-1] + found
    return found or [(LEGAL_GROUND, str(_COMMON_GROUNDS[LEGAL_GROUND]))]


def ground_of(request: ServiceRequest, language: str) -> dict[str, Any] | None:
    """The ground of a refusal: `text`, `legal_point`, `curable`, `cure_days`; None without one."""
    if not request.ground_code:
        return None
    version = request.passport_version
    rows = version.content["refusal_grounds"] if version else []
    row = next((row for row in rows if row["code"] == request.ground_code), {})
    common = str(_COMMON_GROUNDS.get(request.ground_code, request.ground_code))
    return {
        "text": pick(row.get("text") or {}, language) or common,
        "legal_point": pick(row.get("legal_point") or {}, language),
        "curable": bool(row.get("curable")),
        "cure_days": row.get("cure_days") or 0,
    }


def may_read_attachment(user: User, attachment: Attachment) -> bool:
    """Staff of the agency that answers may read the files of a request."""
    if attachment.submission_id is None:
        return False
    if readable_by(user).filter(submission_id=attachment.submission_id).exists():
        return True
    # An asked agency reads what it is asked about, until it is called back.
    asked = RequestTask.objects.exclude(status=RequestTask.Status.CALLED_BACK)
    return (
        asked.filter(
            request__submission_id=attachment.submission_id,
            agency__in=agencies_of(user, *STAFF),
        )
        .exclude(request__applicant=user)
        .exists()
    )


def figures() -> list[Figure]:
    """Aggregates for the statistics page."""
    counts = ServiceRequest.objects.aggregate(
        all=Count("pk"),
        decided=Count("pk", filter=Q(outcome__in=DECISIONS) & ~Q(ground_code=anonymous.GROUND)),
    )
    return [
        Figure(gettext_lazy("Requests received"), counts["all"]),
        Figure(gettext_lazy("Requests answered"), counts["decided"]),
    ]


def update_request_figures() -> int:
    """Write how many requests each service had in 90 days; the number of services."""
    since = timezone.now() - timedelta(days=90)
    counts = dict(
        ServiceRequest.objects.filter(submitted_at__gte=since)
        .order_by()
        .values_list("service_id")
        .annotate(n=Count("pk"))
    )
    for service_id, number in counts.items():
        ServiceFigures.objects.update_or_create(
            service_id=service_id, defaults={"requests_90": number}
        )
    ServiceFigures.objects.exclude(service_id__in=counts).filter(requests_90__gt=0).update(
        requests_90=0
    )
    return len(counts)


def show_labels() -> dict[str, str]:
    """The inbox's filters in words."""
    return {
        "open": _("Open"),
        "mine": _("Mine"),
        "unit": _("My unit's"),
        "unassigned": _("Nobody's yet"),
        "overdue": _("Overdue"),
        "to_sign": _("To sign"),
        "closed": _("Closed"),
    }


def kind_labels() -> dict[str, str]:
    """Kinds of requests to choose from in the inbox."""
    kinds = {kind.value: str(kind.label) for kind in Kind}
    return kinds | {"anonymous": _("Without a name"), "portal": _("About the portal")}


def order_labels() -> dict[str, str]:
    """Orders of the inbox in words."""
    return {"due": _("First due first"), "new": _("Newest first"), "old": _("Oldest first")}
