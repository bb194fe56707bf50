"""What a PDF must have to be read by ear (PDF/UA-1), looked for with a library of another maker.

Not all of the standard: what our documents could lose when a template changes. `make pdf-ua` has
the whole of it checked by veraPDF where Java and Maven are at hand.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pypdf import PdfReader

#: Where words stand in a file that has them embedded.
_FILES = {"/FontFile", "/FontFile2", "/FontFile3"}


def problems(data: bytes, language: str) -> list[str]:
    """What is wrong, in words; empty where nothing is."""
    reader = PdfReader(io.BytesIO(data))
    root: Any = reader.trailer["/Root"]
    found = [*_document(reader, root, language)]
    if "/StructTreeRoot" in root:
        found += _structure(root["/StructTreeRoot"])
    for number, page in enumerate(reader.pages, 1):
        found += [f"page {number}: {text}" for text in _page(page)]
    return found


def elements(data: bytes) -> list[tuple[str, Any]]:
    """(tag, element) of the whole tree, in the order of reading."""
    root: Any = PdfReader(io.BytesIO(data)).trailer["/Root"]
    return list(_walk(root["/StructTreeRoot"]))


def _document(reader: PdfReader, root: Any, language: str) -> Iterator[str]:
    if not (root.get("/MarkInfo") or {}).get("/Marked"):
        yield "not marked as tagged"
    if "/StructTreeRoot" not in root:
        yield "no tree of structure"
    if not str(root.get("/Lang", "")).startswith(language):
        yield f"language is {root.get('/Lang')!r}"
    if not (reader.metadata and reader.metadata.title):
        yield "no title"
    if not (root.get("/ViewerPreferences") or {}).get("/DisplayDocTitle"):
        yield "the title is not displayed"
    metadata = root.get("/Metadata")
    if metadata is None or b"pdfuaid:part" not in metadata.get_object().get_data():
        yield "does not say that it is PDF/UA"


def _walk(node: Any) -> Iterator[tuple[str, Any]]:
    node = node.get_object()
    if not hasattr(node, "get"):
        return
    if "/S" in node:
        yield str(node["/S"])[1:], node
    kids = node.get("/K")
    if kids is None:
        return
    kids = kids.get_object()
    for kid in kids if isinstance(kids, list) else [kids]:
        yield from _walk(kid)


def _structure(tree: Any) -> Iterator[str]:
    levels = [0]
    for tag, node in _walk(tree):
        if tag == "Figure" and not str(node.get("/Alt", "")).strip():
            yield "a figure without a text"
        if tag == "TH" and not _scope(node):
            yield "a head of a table without scope"
        if tag == "Table" and "TH" not in {inner for inner, _node in _walk(node)}:
            yield "a table without a head"
        if len(tag) == 2 and tag[0] == "H" and tag[1].isdigit():
            if int(tag[1]) > levels[-1] + 1:
                yield f"a heading {tag} after level {levels[-1]}"
            levels.append(int(tag[1]))
    if len(levels) == 1:
        yield "no heading"


def _scope(node: Any) -> str:
    attributes = node.get("/A")
    attributes = attributes.get_object() if attributes is not None else []
    for one in attributes if isinstance(attributes, list) else [attributes]:
        if "/Scope" in one.get_object():
            return str(one.get_object()["/Scope"])
    return ""


def _page(page: Any) -> Iterator[str]:
    if page.get("/Tabs") != "/S":
        yield "tabs do not follow the structure"
    for name, font in (page["/Resources"].get("/Font") or {}).items():
        font = font.get_object()
        if "/ToUnicode" not in font:
            yield f"letters of {name} cannot be copied"
        for part in font.get("/DescendantFonts", [font]):
            if not _FILES & set((part.get_object().get("/FontDescriptor") or {}).keys()):
                yield f"{name} is not embedded"


def accessible(data: bytes, language: str, name: str) -> str:
    """The text of a PDF in which nothing is wrong; raises AssertionError on what is.

    Where PDF_KEEP names a folder, the file is kept there for veraPDF (`make pdf-ua`).
    """
    if folder := os.environ.get("PDF_KEEP"):
        (Path(folder) / f"{name}-{language}.pdf").write_bytes(data)
    found = problems(data, language.partition("-")[0])
    assert found == [], found
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
