"""The consolidated registry: its versions, the plan, proposals, the decisions it rests on, and who
answers for what."""

from registry.models.control import ControlEvent, ControlTask
from registry.models.council import AgendaItem, Decision, Session
from registry.models.figures import Figure, FigureMark, FigureRun, Withheld
from registry.models.plan import PlanLine, PlanMove
from registry.models.posts import PostHolding
from registry.models.proposals import Proposal, ProposalEvent
from registry.models.reports import Report, ReportEvent
from registry.models.versions import RegistryLine, RegistryLineQuerySet, RegistryVersion

__all__ = [
    "AgendaItem",
    "ControlEvent",
    "ControlTask",
    "Decision",
    "Figure",
    "FigureMark",
    "FigureRun",
    "PlanLine",
    "PlanMove",
    "PostHolding",
    "Proposal",
    "ProposalEvent",
    "RegistryLine",
    "RegistryLineQuerySet",
    "RegistryVersion",
    "Report",
    "ReportEvent",
    "Session",
    "Withheld",
]
