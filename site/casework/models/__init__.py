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

__all__ = [
    "EventText", "Kind", "NumberCounter", "Rating", "RequestEvent", "RequestMessage", "Row",
    "ServiceRequest", "ServiceRequestQuerySet", "_salt",
]  # fmt: skip
