"""A payment system's statement as a file of its cabinet.

CSV with a head: `id` (its transaction), `number` (our invoice), `amount` (soʻm), `state` (`paid`,
`returned`, `cancelled`), in UTF-8, separated by `;` or `,`.
"""

from __future__ import annotations

from payments import by_hand
from payments.providers import Line

COLUMNS = ("id", "number", "amount", "state")
STATES = frozenset({"paid", "returned", "cancelled"})


def parse(content: bytes) -> list[Line]:
    """The lines of a statement. Raises BadStatement at the first that cannot be read."""
    lines = []
    for number, row in by_hand.rows(content, COLUMNS):
        if row["state"] not in STATES or not 0 < len(row["id"]) <= 64:
            raise by_hand.BadStatement(number, "state" if row["id"] else "id")
        amount = by_hand.amount_of(number, row["amount"])
        lines.append(Line(row["id"], row["number"][:64], amount, row["state"] == "paid"))
    return lines
