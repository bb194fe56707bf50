"""Days on which heads of agencies receive citizens."""

from __future__ import annotations

from datetime import time

from accounts.models import Agency
from demo.reading import items
from forms.models import ReceptionSlot, Weekday


def load_receptions() -> None:
    """The slots of each agency that are missing."""
    agencies = {row.key: row for row in Agency.objects.all()}
    for item in items("agencies"):
        for slot in (item["reception"] or {}).get("slots") or []:
            ReceptionSlot.objects.get_or_create(
                agency=agencies[item["key"]],
                weekday=Weekday[slot["day"].upper()],
                begins=time.fromisoformat(slot["from"]),
                defaults={"ends": time.fromisoformat(slot["to"])},
            )
