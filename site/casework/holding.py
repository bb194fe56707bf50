"""What requests mean for the answers and places that forms keep."""

from __future__ import annotations

from typing import Any

from casework.graph import CLOSED, State
from casework.models import ServiceRequest
from forms import reception
from forms.models import Submission

#: States in which nobody comes to a reception.
_NOBODY_COMES = frozenset({State.REFUSED, State.WITHDRAWN, State.EXPIRED})


def is_open(submission: Submission) -> bool:
    """Whether a request that is not closed still needs the answers."""
    rows = ServiceRequest.objects.filter(submission=submission)
    return rows.exclude(state__in=CLOSED).exists()


def on_moved(sender: Any, request: ServiceRequest, **kwargs: Any) -> None:
    """A request that came to nothing gives its place at a reception back."""
    if request.state in _NOBODY_COMES:
        reception.free(request.submission)
