"""Who answers in these tests: the database that they run on, or a node with an index of their own."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from elasticsearch import Elasticsearch
from pytest_django import Settings

from search import node


@pytest.fixture
def elasticsearch_node(settings: Settings) -> Iterator[Elasticsearch]:
    """The portal uses the running node, with an index of this test alone."""
    settings.ELASTICSEARCH_URL = os.environ["ELASTICSEARCH_URL"]
    settings.ELASTICSEARCH_INDEX_PREFIX = f"test-{uuid.uuid4().hex[:10]}-"
    settings.ELASTICSEARCH_TIMEOUT = 10.0
    cache.clear()
    client = Elasticsearch(settings.ELASTICSEARCH_URL.split(","))
    yield client
    client.indices.delete(index=f"{settings.ELASTICSEARCH_INDEX_PREFIX}*")
    client.close()
    cache.clear()
    node.backend().es.close()


@pytest.fixture(params=["database", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def engine(request: pytest.FixtureRequest) -> str:
    """Name of the engine that answers."""
    if request.param == "elasticsearch":
        request.getfixturevalue("elasticsearch_node")
    return str(request.param)
