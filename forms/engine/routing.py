"""The agency that follows from the answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from forms.engine.conditions import is_filled, kept
from forms.engine.schema import Schema

#: Lists whose keys are agencies.
AGENCIES = frozenset({"agencies", "receiving"})
PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def agency_key(schema: Schema, answers: Mapping[str, Any], default: str = "") -> str:
    """Key of the agency that takes the request; `default`, the service's own, where no rule does.

    Where the answers that `agency_pattern` needs are given, the pattern names the agency. Else an
    answer chosen from a list of agencies (`options_from: agencies` or `receiving`) does.
    """
    rule = schema.routing_rule
    if rule is None:
        return default
    counted = kept(schema, answers)
    places = PLACE.findall(rule.agency_pattern)
    if places and all(is_filled(counted.get(place)) for place in places):
        return PLACE.sub(lambda match: str(counted[match[1]]), rule.agency_pattern)
    for question in schema.questions():
        if question.validation.get("options_from") in AGENCIES and counted.get(question.key):
            return str(counted[question.key])
    return default
