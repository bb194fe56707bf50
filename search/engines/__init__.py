"""The engines that execute plans, and which of them answers."""

from __future__ import annotations

from search import node
from search.engine import EngineUnavailable, Found
from search.engines.database import DatabaseEngine
from search.engines.elasticsearch import ElasticsearchEngine
from search.plans import Plan


def execute(plan: Plan, *, window: int) -> tuple[Found, str, bool]:
    """(what was found, the engine that found it, whether it stands in for the node)."""
    degraded = False
    if node.is_configured():
        try:
            engine = ElasticsearchEngine()
            return engine.execute(plan, window=window), engine.name, False
        except EngineUnavailable:
            degraded = True
    fallback = DatabaseEngine()
    return fallback.execute(plan, window=window), fallback.name, degraded
