"""The consolidated registry: its versions, and the decisions it rests on."""

from registry.models.council import AgendaItem, Decision, Session
from registry.models.versions import RegistryLine, RegistryLineQuerySet, RegistryVersion

__all__ = [
    "AgendaItem",
    "Decision",
    "RegistryLine",
    "RegistryLineQuerySet",
    "RegistryVersion",
    "Session",
]
