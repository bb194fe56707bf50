"""Appeals without a name: kept, marked, and handled by rule (requirements.md, L-06, L-08).

Nobody is answered, so nothing is asked, approved or extended. Whoever reads one either passes it on
to the body that it concerns (as what tells of a crime, committed or prepared, must be) or keeps it
as information: it ends on the ground that appeals without a name are not considered. The agency has
as long for it as the law gives for passing on what belongs to others.
"""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casework.graph import Edge, State
from casework.models import ServiceRequest

#: Code of the one ground on which an appeal without a name ends.
GROUND = "anonymous"
GROUND_TEXT: str | Promise = _(
    "The law does not consider appeals without a name: it was kept as information"
)
#: As long as for passing on (clock.FORWARD_DAYS).
TERM: dict[str, Any] = {"key": "", "value": 5, "unit": "calendar_days"}
_NEVER = frozenset({State.INFO_REQUESTED, State.APPROVED, State.COMPLETED})
#: What may be pressed on one beside what is pressed on all.
NOT_OFFERED = frozenset({"ask", "approve", "refuse", "message", "extend", "complete"})


def allows(request: ServiceRequest, edge: Edge) -> bool:
    """Whether a way is open to a request: one without a name has nobody who could answer."""
    return not (request.is_anonymous and edge.target in _NEVER)
