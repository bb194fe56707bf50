"""Requests, their history and messages, and what applicants say of the answers."""

from casework.models.desk import Absence, AnswerDraft, AnswerTemplate, SavedFilter
from casework.models.feedback import Rating
from casework.models.finding import NameKey, NameWord, RequestName
from casework.models.history import EventText, RequestEvent, RequestMessage, _salt
from casework.models.links import RequestLink
from casework.models.looks import ListLook
from casework.models.requests import (
    Kind,
    NumberCounter,
    ServiceRequest,
    ServiceRequestQuerySet,
)
from casework.models.results import ResultDocument
from casework.models.tasks import RequestTask, RequestTaskQuerySet
from casework.models.units import ServiceRules, Unit, UnitMember

__all__ = [
    "Absence",
    "AnswerDraft",
    "AnswerTemplate",
    "EventText",
    "Kind",
    "ListLook",
    "NameKey",
    "NameWord",
    "NumberCounter",
    "Rating",
    "RequestEvent",
    "RequestLink",
    "RequestMessage",
    "RequestName",
    "RequestTask",
    "RequestTaskQuerySet",
    "ResultDocument",
    "SavedFilter",
    "ServiceRequest",
    "ServiceRequestQuerySet",
    "ServiceRules",
    "Unit",
    "UnitMember",
    "_salt",
]  # fmt: skip
