"""States of a request and the ways between them, as data (requirements.md §3.2; design in
forms_and_casework.md §6.3). `submitted`, `extended` and `overdue` are no states."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a request stands; the labels are the official words of the glossary."""

    AWAITING_PAYMENT = "awaiting_payment", _("Awaiting payment")
    REGISTERED = "registered", _("Registered")
    IN_REVIEW = "in_review", _("Under review")
    INFO_REQUESTED = "info_requested", _("More information needed")
    FORWARDED = "forwarded", _("Forwarded")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    COMPLETED = "completed", _("Completed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")
    REOPENED = "reopened", _("Reopened")


class Outcome(models.TextChoices):
    """How a request ended or was decided."""

    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


class Party(models.TextChoices):
    """Who must act now."""

    APPLICANT = "applicant", _("Applicant")
    AGENCY = "agency", _("Agency")
    NOBODY = "nobody", _("Nobody")


ACTS_NOW = {
    State.AWAITING_PAYMENT: Party.APPLICANT,
    State.REGISTERED: Party.AGENCY,
    State.IN_REVIEW: Party.AGENCY,
    State.INFO_REQUESTED: Party.APPLICANT,
    State.FORWARDED: Party.AGENCY,
    State.APPROVED: Party.AGENCY,
    State.REOPENED: Party.AGENCY,
    State.REFUSED: Party.NOBODY,
    State.COMPLETED: Party.NOBODY,
    State.WITHDRAWN: Party.NOBODY,
    State.EXPIRED: Party.NOBODY,
}
#: The request is decided or ended: `closed_at` is set.
CLOSED = frozenset({State.REFUSED, State.COMPLETED, State.WITHDRAWN, State.EXPIRED})
#: Somebody said yes or no to what was asked.
DECISIONS = frozenset({State.APPROVED, State.REFUSED})
#: The clock of the term runs.
RUNNING = frozenset({State.REGISTERED, State.IN_REVIEW, State.FORWARDED, State.REOPENED})


@dataclass(frozen=True)
class Edge:
    """A way from one state to another: who may go it and what it needs."""

    source: State
    target: State
    #: `applicant`, `staff` (officer or head of the agency), `head`, `controller`, `system`.
    who: frozenset[str]
    #: What must be given: `reason` (text), `ground` (coded), `agency` (another one).
    needs: frozenset[str] = frozenset()

    @property
    def kind(self) -> str:
        """The event's kind."""
        return str(self.target)

    @property
    def acts_now(self) -> Party:
        """Who must act once this way is gone."""
        return ACTS_NOW[self.target]


def _edge(source: State, target: State, who: str, needs: str = "") -> Edge:
    return Edge(source, target, frozenset(who.split()), frozenset(needs.split()))


_S = State
EDGES = (
    _edge(_S.AWAITING_PAYMENT, _S.REGISTERED, "system"),
    _edge(_S.AWAITING_PAYMENT, _S.EXPIRED, "system"),
    _edge(_S.AWAITING_PAYMENT, _S.WITHDRAWN, "applicant"),
    _edge(_S.REGISTERED, _S.IN_REVIEW, "staff"),
    _edge(_S.REGISTERED, _S.FORWARDED, "staff", "reason agency"),
    _edge(_S.REGISTERED, _S.WITHDRAWN, "applicant"),
    # Its payment was taken back before anybody took it up.
    _edge(_S.REGISTERED, _S.EXPIRED, "system"),
    _edge(_S.FORWARDED, _S.REGISTERED, "staff"),
    _edge(_S.FORWARDED, _S.WITHDRAWN, "applicant"),
    _edge(_S.IN_REVIEW, _S.INFO_REQUESTED, "staff", "reason"),
    _edge(_S.IN_REVIEW, _S.FORWARDED, "staff", "reason agency"),
    _edge(_S.IN_REVIEW, _S.APPROVED, "staff", "reason"),
    _edge(_S.IN_REVIEW, _S.REFUSED, "staff", "reason ground"),
    _edge(_S.IN_REVIEW, _S.WITHDRAWN, "applicant"),
    _edge(_S.INFO_REQUESTED, _S.IN_REVIEW, "applicant staff"),
    _edge(_S.INFO_REQUESTED, _S.EXPIRED, "system"),
    _edge(_S.INFO_REQUESTED, _S.REFUSED, "system", "reason ground"),
    _edge(_S.INFO_REQUESTED, _S.WITHDRAWN, "applicant"),
    _edge(_S.APPROVED, _S.COMPLETED, "staff system"),
    # An upheld complaint or the supervisor reopens, never whoever decided.
    _edge(_S.REFUSED, _S.REOPENED, "head controller system", "reason"),
    _edge(_S.COMPLETED, _S.REOPENED, "head controller system", "reason"),
    _edge(_S.REOPENED, _S.IN_REVIEW, "staff"),
)
#: (from, to) → the way.
GRAPH: dict[tuple[str, str], Edge] = {(edge.source, edge.target): edge for edge in EDGES}


def ways_from(state: str) -> list[Edge]:
    """The edges that leave a state."""
    return [edge for edge in EDGES if edge.source == state]
