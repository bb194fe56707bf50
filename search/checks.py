"""What must be right of search before the portal starts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from search import node


@register("search")
def check_replicas(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """ELASTICSEARCH_REPLICAS is a number or a range."""
    parts = settings.ELASTICSEARCH_REPLICAS.split("-")
    if len(parts) > 2 or not all(part.isdigit() or part == "all" for part in parts):
        return [
            Error(
                "ELASTICSEARCH_REPLICAS is neither a number nor a range.",
                hint="Examples: 1, 0-1, 0-all.",
                id="search.E001",
            )
        ]
    return []


@register("search", deploy=True)
def check_mapping(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The node answers, and its index has the mapping that this portal needs."""
    problem = node.problem()
    if problem is None:
        return []
    return [
        Warning(
            f"Elasticsearch: {problem}.",
            hint="The schedule mends it by itself; `manage.py rebuild_search` does it now.",
            id="search.W001",
        )
    ]
