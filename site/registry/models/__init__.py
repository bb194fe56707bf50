"""The consolidated registry: its versions, the plan, proposals and the decisions it rests on."""

from registry.models.council import AgendaItem, Decision, Session
from registry.models.plan import PlanLine, PlanMove
from registry.models.proposals import Proposal, ProposalEvent
from registry.models.versions import RegistryLine, RegistryLineQuerySet, RegistryVersion

__all__ = [
    "AgendaItem",
    "Decision",
    "PlanLine",
    "PlanMove",
    "Proposal",
    "ProposalEvent",
    "RegistryLine",
    "RegistryLineQuerySet",
    "RegistryVersion",
    "Session",
]
