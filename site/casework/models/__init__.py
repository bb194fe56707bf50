"""Requests, their history and messages, and what applicants say of the answers."""

from casework.models.feedback import Rating
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
from casework.models.tasks import RequestTask, RequestTaskQuerySet

__all__ = [
    "EventText",
    "Kind",
    "NumberCounter",
    "Rating",
    "RequestEvent",
    "RequestMessage",
    "RequestTask",
    "RequestTaskQuerySet",
    "Row",
    "ServiceRequest",
    "ServiceRequestQuerySet",
    "_salt",
]  # fmt: skip
