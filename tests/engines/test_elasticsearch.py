"""The Elasticsearch client and a real node, with analysis as our index uses it."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch, helpers

pytestmark = pytest.mark.elasticsearch

SETTINGS = {
    "number_of_replicas": 0,
    "analysis": {"analyzer": {"terms": {"tokenizer": "whitespace", "filter": ["lowercase"]}}},
}


@pytest.fixture
def client() -> Iterator[Elasticsearch]:
    with Elasticsearch(os.environ["ELASTICSEARCH_URL"]) as client:
        yield client


@pytest.fixture
def index(client: Elasticsearch) -> Iterator[str]:
    name = f"test-{uuid.uuid4().hex}"
    client.indices.create(
        index=name,
        settings=SETTINGS,
        mappings={"properties": {"terms": {"type": "text", "analyzer": "terms"}}},
    )
    yield name
    client.indices.delete(index=name)


def test_documents_sent_in_bulk_are_found_by_their_terms(client: Elasticsearch, index: str) -> None:
    texts = {"yer": "yer ajratish", "nikoh": "nikoh qayd etish", "bola": "bola tugʻilishi qayd"}
    actions = [{"_index": index, "_id": key, "terms": text} for key, text in texts.items()]
    assert helpers.bulk(client, actions, refresh=True) == (3, [])
    answer = client.search(index=index, query={"match": {"terms": "QAYD"}})
    assert answer["hits"]["total"]["value"] == 2
    assert {hit["_id"] for hit in answer["hits"]["hits"]} == {"nikoh", "bola"}
    assert client.info()["version"]["number"].startswith("9.")
