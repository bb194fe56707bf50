"""Services for tests of search: indexed by their texts, without pages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from accounts.models import Agency
from core.texts import complete
from search import node, store, vocabulary
from search.engine import Answer, Query
from search.query import find
from search.weights import SUMMARY, SYNONYM, TITLE
from service_pages.models import Service
from tests.engines.processes import ROOT

FOLDER = Path(__file__).parent / "relevance"


def dev_services() -> list[dict[str, Any]]:
    """The services that `queries.tsv` asks for."""
    records: list[dict[str, Any]] = json.loads((FOLDER / "services.json").read_text("utf-8"))
    return [record | {"key": record["slug"]} for record in records]


def demo_services() -> list[dict[str, Any]]:
    """The services of the demonstration."""
    path = ROOT / "site" / "demo" / "content" / "services.json"
    records: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["items"]
    return records


def rows(name: str) -> Iterable[list[str]]:
    """The lines of a table, less its comments."""
    for line in (FOLDER / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def _texts(value: Any) -> dict[str, str]:
    """A text map with the languages' own codes."""
    return complete({code.replace("_", "-"): text for code, text in (value or {}).items() if text})


def index(records: Iterable[Mapping[str, Any]], *, with_synonyms: bool = True) -> None:
    """Index services by title and summary, and by the synonyms of their own."""
    agency = Agency.objects.get_or_create(
        key="test-agency", defaults={"code": "TST", "name": {"uz": "Idora"}}
    )[0]
    for number, record in enumerate(records):
        service = Service.objects.create(
            key=record["key"], registry_number=f"{record['key'][:12]}-{number:03}", agency=agency
        )
        titles, summaries = _texts(record["title"]), _texts(record.get("summary"))
        fields = [(TITLE, code, text) for code, text in titles.items()]
        fields += [(SUMMARY, code, text) for code, text in summaries.items()]
        if with_synonyms:
            fields += [
                (SYNONYM, code, text)
                for code, texts in (record.get("synonyms") or {}).items()
                for text in texts
            ]
        store.write(
            store.Content(
                kind="service",
                key=service.key,
                service=service,
                titles=titles,
                paths={code: f"/{code}/idoralar/idora/{service.key}/" for code in titles},
                fields=fields,
            )
        )
    vocabulary.recount()


def asking(engine: str) -> Callable[..., Answer]:
    """Searching what is indexed by now: `asked(text, language, **query)`."""
    if engine == "elasticsearch":
        node.rebuild()

    def asked(text: str, language: str = "uz", **more: Any) -> Answer:
        answer = find(Query(text, language, **more))
        assert answer.engine == engine
        return answer

    return asked


def word(number: int) -> str:
    """A word of letters for a number: no two are alike."""
    return "".join("bdfgjklmnp"[int(digit)] + "a" for digit in f"{number:04}")
