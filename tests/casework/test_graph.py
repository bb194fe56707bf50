"""Every pair of states: the ways that exist are gone by the right people, all others refused."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Agency, User
from casework.graph import ACTS_NOW, CLOSED, EDGES, GRAPH, RUNNING, Edge, Party, State, ways_from
from casework.models import RequestEvent, ServiceRequest
from casework.transitions import (
    NO_ANSWER,
    InvalidTransition,
    Missing,
    NotAllowed,
    transition,
)
from service_pages.models import Service
from tests.casework.support import WEDNESDAY, make_request, make_service, put

pytestmark = pytest.mark.every_database

ROOT = Path(__file__).resolve().parents[2]
#: The graph as requirements.md §3.2 and the casework issue have it, written a second time.
EXPECTED = {
    ("awaiting_payment", "registered"), ("awaiting_payment", "expired"),
    ("awaiting_payment", "withdrawn"),
    ("registered", "in_review"), ("registered", "forwarded"), ("registered", "withdrawn"),
    # Paid, and the payment taken back before anybody took it up (protocols.md §2.5).
    ("registered", "expired"),
    ("forwarded", "registered"), ("forwarded", "withdrawn"),
    ("in_review", "info_requested"), ("in_review", "forwarded"), ("in_review", "approved"),
    ("in_review", "refused"), ("in_review", "withdrawn"),
    ("info_requested", "in_review"), ("info_requested", "expired"),
    ("info_requested", "refused"), ("info_requested", "withdrawn"),
    ("approved", "completed"),
    ("refused", "reopened"), ("completed", "reopened"), ("reopened", "in_review"),
}  # fmt: skip
PAIRS = [(source, target) for source in State for target in State]


def test_the_graph_is_the_one_agreed() -> None:
    assert {(str(a), str(b)) for a, b in GRAPH} == EXPECTED
    assert len(EDGES) == len(GRAPH)


def test_every_state_says_who_acts_and_is_reached_or_first() -> None:
    assert set(ACTS_NOW) == set(State)
    assert RUNNING.isdisjoint(CLOSED)
    for state in State:
        closed = ACTS_NOW[state] == Party.NOBODY
        assert closed == (state in CLOSED)
        first = {State.AWAITING_PAYMENT, State.REGISTERED}
        assert state in first or any(edge.target == state for edge in EDGES)
    for edge in EDGES:
        assert edge.acts_now == ACTS_NOW[edge.target]
        assert edge in ways_from(edge.source)


def _actor(edge: Edge | None, people: dict[str, User | None]) -> User | None:
    if edge is None:
        return people["head"]
    for name in ("staff", "head", "controller", "applicant"):
        if name in edge.who:
            return people[name]
    return None


@pytest.fixture
def people(citizen: User, officer: User, head: User, controller: User) -> dict[str, User | None]:
    return {
        "applicant": citizen,
        "staff": officer,
        "head": head,
        "controller": controller,
        "system": None,
    }


def _ground(edge: Edge | None) -> str:
    return NO_ANSWER if edge and "system" in edge.who else "data_mismatch"


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_each_pair(
    source: State,
    target: State,
    row: ServiceRequest,
    other_agency: Agency,
    people: dict[str, User | None],
) -> None:
    put(row, source)
    edge = GRAPH.get((source, target))
    actor = _actor(edge, people)
    before = RequestEvent.objects.count()
    if edge is None:
        for person in people.values():
            with pytest.raises(InvalidTransition):
                transition(
                    row.pk,
                    target,
                    actor=person,
                    reason="x",
                    ground="data_mismatch",
                    agency=other_agency,
                )
        row.refresh_from_db()
        assert row.state == source
        assert RequestEvent.objects.count() == before
        return
    event = transition(
        row.pk,
        target,
        actor=actor,
        reason="Sabab",
        ground=_ground(edge),
        agency=other_agency,
        now=WEDNESDAY,
    )
    row.refresh_from_db()
    assert (row.state, row.state_since) == (target, WEDNESDAY)
    assert (event.from_state, event.to_state, event.actor) == (source, target, actor)
    assert (row.closed_at is not None) == (target in CLOSED)
    assert RequestEvent.objects.count() == before + 1


@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: f"{edge.source}-{edge.target}")
def test_nobody_else_goes_a_way(
    edge: Edge,
    row: ServiceRequest,
    other_agency: Agency,
    people: dict[str, User | None],
    outsider: User,
    stranger: User,
) -> None:
    put(row, edge.source)
    # The head is an officer too.
    may = {name for name in people if name in edge.who or (name == "head" and "staff" in edge.who)}
    refused = [people[name] for name in people if name not in may] + [outsider, stranger]
    for person in refused:
        with pytest.raises(NotAllowed):
            transition(
                row.pk,
                edge.target,
                actor=person,
                reason="x",
                ground=_ground(edge),
                agency=other_agency,
            )
    row.refresh_from_db()
    assert row.state == edge.source


@pytest.mark.parametrize(
    "edge", [edge for edge in EDGES if edge.needs], ids=lambda e: f"{e.source}-{e.target}"
)
def test_what_a_way_needs_must_be_given(
    edge: Edge, row: ServiceRequest, other_agency: Agency, people: dict[str, User | None]
) -> None:
    put(row, edge.source)
    given = {"reason": "Sabab", "ground": _ground(edge), "agency": other_agency}
    wrong = {"reason": " \n ", "ground": "no-such", "agency": row.agency}
    actor = _actor(edge, people)
    for need in edge.needs:
        with pytest.raises(Missing) as raised:
            transition(row.pk, edge.target, actor=actor, **(given | {need: wrong[need]}))  # type: ignore[arg-type]
        assert raised.value.what == need
    row.refresh_from_db()
    assert row.state == edge.source


def test_not_allowed_is_a_403() -> None:
    assert issubclass(NotAllowed, PermissionDenied)


def test_a_stale_state_is_refused(row: ServiceRequest, officer: User, head: User) -> None:
    transition(row.pk, State.IN_REVIEW, actor=officer, expected=State.REGISTERED)
    with pytest.raises(InvalidTransition):
        transition(row.pk, State.IN_REVIEW, actor=head, expected=State.REGISTERED)


def test_nobody_answers_their_own_request(service: Service, officer: User, head: User) -> None:
    own = make_request(service, officer)
    with pytest.raises(NotAllowed):
        transition(own.pk, State.IN_REVIEW, actor=officer)
    transition(own.pk, State.IN_REVIEW, actor=head)


def test_a_passport_without_grounds_leaves_the_law(
    agency: Agency, citizen: User, officer: User
) -> None:
    bare = make_service(agency, "bare-service", refusal_grounds=[])
    row = put(make_request(bare, citizen), State.IN_REVIEW)
    transition(row.pk, State.REFUSED, actor=officer, reason="12-modda", ground="legal_prohibition")
    row.refresh_from_db()
    assert row.ground_code == "legal_prohibition"


def test_state_is_assigned_in_one_place_only() -> None:
    """`transition()` alone changes a state; intake sets the first one by creating the row."""
    offenders = []
    for path in [*(ROOT / "site").rglob("*.py"), *(ROOT / "forms").rglob("*.py")]:
        inside = path.relative_to(ROOT)
        if inside == Path("site/casework/transitions.py") or "casework" not in inside.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            targets = getattr(node, "targets", [getattr(node, "target", None)])
            assigned = isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) and any(
                isinstance(part, ast.Attribute) and part.attr == "state"
                for target in targets
                for part in ([target] if not isinstance(target, ast.Tuple) else target.elts)
            )
            updated = (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"update", "bulk_update"}
                and any(word.arg == "state" for word in node.keywords)
            )
            if assigned or updated:
                offenders.append(f"{inside}:{node.lineno}")
    assert offenders == []
