"""Requests, their history and messages, and what applicants say of the answers."""

from casework.models.desk import Absence, AnswerDraft, AnswerTemplate, SavedFilter
from casework.models.feedback import Rating
from casework.models.finding import NameKey, NameWord, RequestName
from casework.models.requests import (
    EventText,
    Kind,
    NumberCounter,
    RequestEvent,
    RequestMessage,
    Row,
    ServiceRequest,
    ServiceRequestQuerySet,
    _salt,
)
from casework.models.results import ResultDocument
from casework.models.tasks import RequestTask, RequestTaskQuerySet

__all__ = [
    "Absence",
    "AnswerDraft",
    "AnswerTemplate",
    "EventText",
    "Kind",
    "NameKey",
    "NameWord",
    "NumberCounter",
    "Rating",
    "RequestEvent",
    "RequestMessage",
    "RequestName",
    "RequestTask",
    "RequestTaskQuerySet",
    "ResultDocument",
    "Row",
    "SavedFilter",
    "ServiceRequest",
    "ServiceRequestQuerySet",
    "_salt",
]  # fmt: skip
