"""A real node that is rebuilt, killed, absent, of another mapping, or one of three."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from elasticsearch import Elasticsearch
from pytest_django import Settings

from search import breaker, checks, node, store, upkeep
from search.engine import Answer, EngineUnavailable, Query
from search.models import PendingDocument, SearchDocument
from search.query import find
from tests.engines.elasticsearch.node import SearchNode, cluster_of, free_port
from tests.search import corpus

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.elasticsearch]

SERVICES = 20
#: All services are found by it.
COMMON = Query("xizmat", limit=50)


def _index(*, first: int = 0, count: int = SERVICES) -> None:
    corpus.index(
        {
            "key": f"xizmat-{number}",
            "title": {"uz": f"Xizmat {corpus.word(number)}", "ru": f"Услуга {number}"},
        }
        for number in range(first, first + count)
    )


def _same() -> bool:
    """Whether the node's index is the tables'."""
    there = node.backend().index.versions()
    return there == dict(SearchDocument.objects.values_list("pk", "version"))


def _common() -> Answer:
    return find(COMMON)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """The breaker lets everybody try at once."""
    monkeypatch.setattr(breaker, "PAUSE", 0)
    monkeypatch.setattr(breaker, "TRIAL", 0)


@pytest.fixture
def own_node(settings: Settings, tmp_path: Path, hasty: None) -> Iterator[SearchNode]:
    """A node of this test alone, which it may kill."""
    with SearchNode(tmp_path, port=free_port(), heap="300m") as own:
        settings.ELASTICSEARCH_URL = own.url
        settings.ELASTICSEARCH_INDEX_PREFIX = "own-"
        settings.ELASTICSEARCH_TIMEOUT = 10.0
        cache.clear()
        yield own
        node.backend().es.close()


def _back(own: SearchNode) -> None:
    own.start()
    own.wait()
    node.backend().es.cluster.health(wait_for_status="yellow", timeout="60s")


@contextlib.contextmanager
def _searching(seen: list[Answer]) -> Iterator[None]:
    """Another thread that searches all the time."""
    over = threading.Event()

    def search() -> None:
        from_here = Elasticsearch(node.backend().es.transport.node_pool.get().base_url)
        while not over.is_set():
            found = from_here.search(index=node.backend().alias, size=0, track_total_hits=True)
            seen.append(found["hits"]["total"]["value"])
        from_here.close()

    thread = threading.Thread(target=search)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@pytest.mark.usefixtures("elasticsearch_node")
def test_a_rebuild_is_not_noticed_by_those_who_search() -> None:
    """Neither an empty answer, nor one with doubles: one call swaps the indices."""
    _index()
    node.rebuild()
    seen: list[int] = []
    with _searching(seen):
        for _ in range(4):
            assert node.rebuild() == SERVICES
            assert _common().total == SERVICES
    assert set(seen) == {SERVICES}
    assert len(seen) > 10


@pytest.mark.usefixtures("elasticsearch_node")
def test_what_is_saved_during_a_rebuild_is_there_afterwards() -> None:
    _index()
    node.rebuild()
    saved: list[Callable[[], object]] = [
        lambda: _index(first=SERVICES, count=3),
        lambda: store.remove("service", ["xizmat-3"]),
    ]

    def meanwhile() -> None:
        while saved:
            saved.pop()()

    node.backend().rebuild(alive=meanwhile)
    assert not saved
    assert _same()
    assert len(node.backend().index.versions()) == SERVICES + 2


@pytest.mark.usefixtures("elasticsearch_node")
def test_differences_are_found_and_mended(elasticsearch_node: Elasticsearch) -> None:
    _index()
    node.rebuild()
    alias = node.backend().alias
    gone, spoilt = SearchDocument.objects.values_list("pk", flat=True)[:2]
    elasticsearch_node.delete(index=alias, id=str(gone))
    stored = elasticsearch_node.get(index=alias, id=str(spoilt))["_source"]
    elasticsearch_node.index(index=alias, id=str(spoilt), document=stored | {"version": 1})
    elasticsearch_node.index(index=alias, id="999999", document=stored | {"document": 999_999})
    assert not _same()
    assert node.reconcile() == (2, 1)
    assert _same()


@pytest.mark.usefixtures("elasticsearch_node")
def test_an_index_of_another_mapping_is_not_asked_and_is_rebuilt(
    elasticsearch_node: Elasticsearch,
) -> None:
    _index()
    elasticsearch_node.indices.delete(index=f"{node.backend().alias}-*")
    elasticsearch_node.indices.create(
        index=f"{node.backend().alias}-old",
        aliases={node.backend().alias: {}},
        mappings={"_meta": {"version": "of yesterday"}},
    )
    cache.clear()
    answer = _common()
    assert (answer.degraded, answer.engine, answer.total) == (True, "database", SERVICES)
    assert [message.id for message in checks.check_mapping(None)] == ["search.W001"]
    assert "mapping of yesterday" in str(node.problem())
    assert node.catch_up() == SERVICES
    answer = _common()
    assert (answer.degraded, answer.engine, answer.total) == (False, "elasticsearch", SERVICES)
    assert checks.check_mapping(None) == []


def test_without_a_node_at_the_start_the_database_answers_and_notes_wait(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ELASTICSEARCH_URL = f"http://127.0.0.1:{free_port()}"
    cache.clear()
    _index()
    for _ in range(2):
        answer = _common()
        assert (answer.degraded, answer.engine, answer.total) == (True, "database", SERVICES)
    assert PendingDocument.objects.count() == SERVICES
    assert f"{SERVICES} changes wait" in str(upkeep.problem())
    # Nobody waits for it again: the breaker is open.
    monkeypatch.setattr(node, "backend", lambda: pytest.fail("the node was asked"))
    assert _common().total == SERVICES


@pytest.mark.usefixtures("hasty", "elasticsearch_node")
def test_a_node_that_was_absent_at_the_start_is_told_when_it_comes(settings: Settings) -> None:
    there = settings.ELASTICSEARCH_URL
    settings.ELASTICSEARCH_URL = f"http://127.0.0.1:{free_port()}"
    _index()
    assert _common().degraded
    with pytest.raises(EngineUnavailable):
        upkeep.every_minute()
    assert upkeep.problem()
    settings.ELASTICSEARCH_URL = there
    assert "no index" in str(upkeep.problem())
    assert _common().degraded
    upkeep.every_minute()
    assert upkeep.problem() is None
    assert not PendingDocument.objects.exists()
    assert (_common().degraded, _common().total) == (False, SERVICES)
    assert _same()


@pytest.mark.slow
def test_a_node_that_is_killed_and_comes_back_has_everything(own_node: SearchNode) -> None:
    _index()
    node.catch_up()
    assert not _common().degraded
    own_node.kill()
    answer = _common()
    assert (answer.degraded, answer.engine, answer.total) == (True, "database", SERVICES)
    _index(first=SERVICES, count=5)
    store.remove("service", ["xizmat-1"])
    with pytest.raises(EngineUnavailable):
        node.catch_up()
    assert PendingDocument.objects.count() == 6
    _back(own_node)
    upkeep.every_minute()
    assert not PendingDocument.objects.exists()
    assert _same()
    answer = _common()
    assert (answer.degraded, answer.total) == (False, SERVICES + 4)


@pytest.mark.slow
def test_a_node_killed_in_the_middle_of_a_rebuild_loses_nothing(own_node: SearchNode) -> None:
    _index()
    node.rebuild()
    with pytest.raises(Exception, match=r"."):
        node.backend().rebuild(alive=own_node.kill)
    _back(own_node)
    assert _common().total == SERVICES
    assert node.rebuild() == SERVICES
    assert _same()
    # What the interrupted rebuild left behind is gone.
    assert len(node.backend().es.indices.get(index="own-*")) == 1


@pytest.mark.slow
def test_a_cluster_that_loses_a_node_answers_and_takes_writes(
    settings: Settings, hasty: None
) -> None:
    with contextlib.ExitStack() as stack:
        nodes = cluster_of(3)
        for one in nodes:
            one.start()
            stack.callback(one.__exit__, None, None, None)
        for one in nodes:
            one.wait()
        settings.ELASTICSEARCH_URL = ",".join(one.url for one in nodes)
        settings.ELASTICSEARCH_REPLICAS = "1"
        settings.ELASTICSEARCH_SHARDS = 2
        settings.ELASTICSEARCH_INDEX_PREFIX = "three-"
        settings.ELASTICSEARCH_TIMEOUT = 10.0
        cache.clear()
        _index()
        node.rebuild()
        node.backend().es.cluster.health(wait_for_status="green", timeout="60s")
        nodes[1].kill()
        # In the moment after, the database may stand in; nobody gets less.
        assert {_common().total for _ in range(20)} == {SERVICES}
        node.backend().es.cluster.health(wait_for_nodes="2", timeout="60s")
        node.backend().es.cluster.health(wait_for_status="yellow", timeout="60s")
        _index(first=SERVICES, count=5)
        node.catch_up()
        answer = _common()
        assert (answer.degraded, answer.total) == (False, SERVICES + 5)
        assert _same()
        node.backend().es.close()
