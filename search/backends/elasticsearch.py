"""The node's index: Wagtail's Elasticsearch 9 backend with our mapping, words and rebuild.

Documents hold words that `languages.analysis` made; the node only parts them at spaces. Every write
carries the document's version, so an older state never overwrites a newer one, in whatever order they
arrive. One index stands behind the alias; a rebuild fills another one beside it, and one call swaps.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from elasticsearch import Elasticsearch
from elasticsearch.helpers import streaming_bulk
from modelsearch.backends.base import BaseIndex
from modelsearch.backends.elasticsearch9 import (
    Elasticsearch9Index,
    Elasticsearch9Mapping,
    Elasticsearch9SearchBackend,
)
from modelsearch.backends.elasticsearchbase import ElasticsearchAtomicIndexRebuilder

from search.models import SearchDocument, SearchPosting
from search.weights import ANALYSIS, WEIGHTS

_CONFLICT, _MISSING = 409, 404
_SCAN = 5000
_CHUNK = 500
#: Seconds.
_LONG = 30.0


class IndexingFailed(Exception):
    """The node refused documents; the message names the first reason."""


def token(view: str, text: str) -> str:
    """A word of a view as the node knows it."""
    return f"{view}:{text}"


def words_field(weight: int) -> str:
    """The field with the words of one weight."""
    return f"words_{weight}"


class DocumentMapping(Elasticsearch9Mapping):
    """A field of words for each weight, all of them once more together, and values to narrow by."""

    def get_mapping(self) -> dict[str, Any]:
        """Strict: a field that is not here is an error, not a guess."""
        words = {"type": "text", "analyzer": "words", "norms": False, "index_options": "docs"}
        properties: dict[str, Any] = {
            words_field(weight): words | {"copy_to": "words"} for weight in WEIGHTS
        }
        properties |= {
            "words": words,
            "document": {"type": "long"},
            "version": {"type": "long"},
            "kind": {"type": "keyword"},
            # The whole set as one value, to count sets; each value alone, to narrow by it.
            "facets": {"type": "keyword"},
            "facet": {"type": "keyword"},
            "popularity": {"type": "long"},
        }
        return {"dynamic": "strict", "properties": properties}

    def get_document_id(self, obj: SearchDocument) -> str:
        """The row's primary key."""
        return str(obj.pk)

    def get_document(self, obj: SearchDocument) -> dict[str, Any]:
        """One document with its words."""
        return next(iter(self.get_documents([obj])))

    def get_documents(self, objects: Sequence[SearchDocument]) -> Iterator[dict[str, Any]]:
        """Documents with their words, which are read for all of them at once."""
        words = _words_of([obj.pk for obj in objects])
        for obj in objects:
            fields = {
                words_field(weight): " ".join(tokens) for weight, tokens in words[obj.pk].items()
            }
            yield fields | {
                "document": obj.pk,
                "version": obj.version,
                "kind": obj.kind,
                "facets": obj.facets,
                "facet": obj.facets.strip("|").split("|"),
                "popularity": obj.popularity,
            }


def _words_of(documents: Sequence[int]) -> Mapping[int, Mapping[int, list[str]]]:
    """document → weight → tokens."""
    found: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    rows = SearchPosting.objects.filter(document__in=documents).values_list(
        "document_id", "weight", "word__view", "word__text"
    )
    for document, weight, view, text in rows.iterator(20_000):
        found[document][weight].append(token(view, text))
    return found


def _answered(result: tuple[bool, dict[str, Any]]) -> tuple[bool, dict[str, Any]]:
    """(whether all is well, what the node said of one write)."""
    ok, answers = result
    ((operation, answer),) = answers.items()
    # Something newer is there, or what shall go is gone.
    fine = answer["status"] == _CONFLICT or (
        operation == "delete" and answer["status"] == _MISSING and "error" not in answer
    )
    return ok or fine, answer


class DocumentIndex(Elasticsearch9Index):
    """An index of documents, or the alias that stands for one."""

    def __init__(self, backend: SearchBackend, name: str) -> None:
        super().__init__(backend, name)
        # Writing may take longer than a reader would wait.
        self.es = backend.es.options(request_timeout=_LONG)

    def put(self) -> None:
        """Create it with its mapping, which tells its version."""
        mapping = DocumentMapping(SearchDocument).get_mapping()
        self.es.indices.create(
            index=self.name,
            settings=self.backend.settings["settings"],
            mappings=mapping | {"_meta": {"version": mapping_version()}},
        )

    def add_model(self, model: type[Any]) -> None:
        """Nothing to add: the mapping came with the index."""

    def add_items(self, model: type[Any], items: Iterable[SearchDocument]) -> None:
        """Write documents as they are in the database. Raises IndexingFailed."""
        objects = list(items)
        documents = DocumentMapping(SearchDocument).get_documents(objects)
        self._bulk(
            {"_id": str(obj.pk), "version": obj.version, "_source": document}
            for obj, document in zip(objects, documents, strict=True)
        )

    def add_item(self, item: SearchDocument) -> None:
        """Write one document."""
        self.add_items(SearchDocument, [item])

    def delete_item(self, item: SearchDocument) -> None:
        """Forget one document."""
        self.forget({item.pk: time.time_ns()})

    def forget(self, versions: Mapping[int, int]) -> None:
        """Forget documents: primary key → version of the removal."""
        self._bulk(
            {"_op_type": "delete", "_id": str(pk), "version": version}
            for pk, version in versions.items()
        )

    def _bulk(self, actions: Iterable[dict[str, Any]]) -> None:
        results = streaming_bulk(
            self.es,
            ({"_index": self.name, "version_type": "external_gte"} | action for action in actions),
            chunk_size=_CHUNK,
            raise_on_error=False,
            raise_on_exception=True,
            # Never make an index by writing to an alias that is not there.
            require_alias=self.name == self.backend.alias,
        )
        failed = [answer for ok, answer in map(_answered, results) if not ok]
        if failed:
            raise IndexingFailed(str(failed[0].get("error", failed[0]["status"]))[:300])

    def versions(self) -> dict[int, int]:
        """Primary key → version of every document that a search can find now."""
        self.refresh()
        found: dict[int, int] = {}
        after: list[Any] | None = None
        while True:
            page = self.es.search(
                index=self.name,
                size=_SCAN,
                sort=[{"document": "asc"}],
                source=False,
                docvalue_fields=[{"field": "document"}, {"field": "version"}],
                track_total_hits=False,
                search_after=after,
            )
            hits = page["hits"]["hits"]
            if not hits:
                return found
            found |= {h["fields"]["document"][0]: h["fields"]["version"][0] for h in hits}
            after = hits[-1]["sort"]

    def reconcile(self) -> tuple[int, int]:
        """Bring the index in step with the tables; (written, forgotten)."""
        # The index first: what is saved meanwhile looks stale, and is written once more.
        there = self.versions()
        wanted = dict(SearchDocument.objects.values_list("pk", "version"))
        stale = [pk for pk, version in wanted.items() if there.get(pk) != version]
        for start in range(0, len(stale), _CHUNK):
            chunk = stale[start : start + _CHUNK]
            self.add_items(SearchDocument, SearchDocument.objects.filter(pk__in=chunk))
        gone = there.keys() - wanted.keys()
        if gone:
            self.forget(dict.fromkeys(gone, time.time_ns()))
        if stale or gone:
            self._outbid(stale)
            self.refresh()
        return len(stale), len(gone)

    def _outbid(self, keys: Sequence[int]) -> None:
        """What the node still has otherwise was written past us, with a version above ours."""
        there = self.versions()
        rows = SearchDocument.objects.filter(pk__in=keys).order_by("pk")
        for document in [row for row in rows if there.get(row.pk) != row.version]:
            newer = max(document.version + 1, time.time_ns())
            if SearchDocument.objects.filter(pk=document.pk, version=document.version).update(
                version=newer
            ):
                document.version = newer
                self.add_item(document)

    def mapping_version(self) -> str | None:
        """The version that the index behind this name was made with; None where it says none.

        Raises elasticsearch.NotFoundError where there is no index.
        """
        answer = self.backend.es.indices.get_mapping(index=self.name)
        (about,) = list(answer.values())[:1]
        version: str | None = about["mappings"].get("_meta", {}).get("version")
        return version


class Rebuilder(ElasticsearchAtomicIndexRebuilder):
    """Fills a new index beside the old one, catches up, and swaps them by one call."""

    def __init__(self, index: DocumentIndex) -> None:
        self.alias = index
        self.backend = index.backend
        self.index = DocumentIndex(self.backend, f"{index.name}-{time.time_ns()}")

    def start(self) -> DocumentIndex:
        """Make the new index; what an interrupted rebuild left behind goes."""
        for name in self._others() - self._aliased():
            DocumentIndex(self.backend, name).delete()
        self.index.put()
        self._refresh_every("-1")
        return self.index

    def finish(self) -> None:
        """Catch up, swap, catch up with what was saved during the swap, drop the old index."""
        self._refresh_every("1s")
        self.index.reconcile()
        old = self._aliased()
        actions: list[dict[str, Any]] = [
            {"remove": {"index": name, "alias": self.alias.name}} for name in sorted(old)
        ]
        if not old and self.backend.es.indices.exists(index=self.alias.name):
            # Not an alias of ours but an index that bears its name.
            actions.append({"remove_index": {"index": self.alias.name}})
        actions.append({"add": {"index": self.index.name, "alias": self.alias.name}})
        self.index.es.indices.update_aliases(actions=actions)
        self.index.reconcile()
        for name in old:
            DocumentIndex(self.backend, name).delete()

    def _refresh_every(self, interval: str) -> None:
        self.index.es.indices.put_settings(
            index=self.index.name, settings={"index": {"refresh_interval": interval}}
        )

    def _aliased(self) -> set[str]:
        return set(
            self.backend.es.indices.get_alias(name=self.alias.name, ignore_unavailable=True)
            if self.backend.es.indices.exists_alias(name=self.alias.name)
            else ()
        )

    def _others(self) -> set[str]:
        return set(self.backend.es.indices.get(index=f"{self.alias.name}-*", features="aliases"))


class SearchBackend(Elasticsearch9SearchBackend):
    """The node that ELASTICSEARCH_URL names. It holds SearchDocument alone."""

    mapping_class = DocumentMapping
    index_class = DocumentIndex
    atomic_rebuilder_class = Rebuilder
    settings = {
        "settings": {"analysis": {"analyzer": {"words": {"tokenizer": "whitespace"}}}},
    }

    def __init__(self, params: dict[str, Any]) -> None:
        """Everything that `params` leaves out comes from the settings ELASTICSEARCH_*."""
        options: dict[str, Any] = {
            # A node that does not answer is left for another one at once, if there is another.
            "max_retries": len(_urls()) - 1,
            "retry_on_timeout": True,
            "http_compress": False,
        }
        if settings.ELASTICSEARCH_API_KEY:
            options["api_key"] = settings.ELASTICSEARCH_API_KEY
        if settings.ELASTICSEARCH_CA:
            options["ca_certs"] = settings.ELASTICSEARCH_CA
        super().__init__(
            {
                "URLS": _urls(),
                "INDEX_PREFIX": settings.ELASTICSEARCH_INDEX_PREFIX,
                "TIMEOUT": settings.ELASTICSEARCH_TIMEOUT,
                "INDEX_SETTINGS": {"settings": _sharding()},
                "OPTIONS": options,
                **params,
            }
        )
        self.es: Elasticsearch
        self.alias = f"{self.index_prefix}documents"

    def get_index_for_model(self, model: type[Any]) -> BaseIndex:
        """Our index for our documents, one that holds nothing for all else."""
        return (
            DocumentIndex(self, self.alias)
            if issubclass(model, SearchDocument)
            else BaseIndex(self)
        )

    @property
    def index(self) -> DocumentIndex:
        """The alias."""
        return DocumentIndex(self, self.alias)

    def rebuild(self, alive: Callable[[], None] = lambda: None) -> int:
        """Rebuild the whole index; how many documents it was made from.

        `alive` is called after each chunk. Raises what the client raises: the old index then stands.
        """
        rebuilder = Rebuilder(self.index)
        new = rebuilder.start()
        written, last = 0, 0
        while chunk := list(SearchDocument.objects.filter(pk__gt=last).order_by("pk")[:_CHUNK]):
            new.add_items(SearchDocument, chunk)
            written, last = written + len(chunk), chunk[-1].pk
            alive()
        rebuilder.finish()
        return written


def _urls() -> list[str]:
    return [url.strip() for url in settings.ELASTICSEARCH_URL.split(",") if url.strip()]


def _sharding() -> dict[str, Any]:
    """Replicas are a number, or a range that follows the number of nodes (`0-1`)."""
    replicas = settings.ELASTICSEARCH_REPLICAS
    sharding: dict[str, Any] = {"number_of_shards": settings.ELASTICSEARCH_SHARDS}
    if "-" in replicas:
        sharding["auto_expand_replicas"] = replicas
    else:
        sharding["number_of_replicas"] = int(replicas)
    return sharding


def mapping_version() -> str:
    """Changes with the mapping, the analysis on the node and ours; not with shards and replicas."""
    facts = [DocumentMapping(SearchDocument).get_mapping(), SearchBackend.settings, ANALYSIS]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:12]
