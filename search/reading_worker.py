"""Read the text of one file: a process of its own, so that a bad file harms nothing.

`python reading_worker.py pdf < file > text`. It knows no database and no settings, limits its own
memory and time, and is killed by `search.files` where it takes too long. Exit 1: not readable.
"""

from __future__ import annotations

import io
import resource
import sys
import zipfile
from collections.abc import Iterator

from defusedxml import ElementTree  # type: ignore[import-untyped]
from pypdf import PdfReader

#: Bytes of memory, seconds of processor, characters of text, pages, unpacked bytes of a part.
MOST_MEMORY, MOST_SECONDS, MOST_TEXT = 1 << 30, 20, 200_000
_MOST_PAGES, _MOST_PART = 500, 30_000_000
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _pdf(data: bytes) -> Iterator[str]:
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise ValueError("A password is needed.")
    for page in reader.pages[:_MOST_PAGES]:
        yield page.extract_text()


def _docx(data: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = archive.getinfo("word/document.xml")
        if part.file_size > _MOST_PART:
            raise ValueError("Too large when unpacked.")
        # What is said of the size may be a lie: no more is read than was said.
        with archive.open(part) as stream:
            body = stream.read(_MOST_PART + 1)
    for paragraph in ElementTree.fromstring(body).iter(f"{_WORD}p"):
        pieces = (
            node.text or "" if node.tag == f"{_WORD}t" else " "
            for node in paragraph.iter()
            if node.tag in {f"{_WORD}t", f"{_WORD}tab", f"{_WORD}br"}
        )
        yield "".join(pieces)


_READERS = {"pdf": _pdf, "docx": _docx}


def read(kind: str, data: bytes) -> str:
    """The text of a file, at most `MOST_TEXT` characters. Raises whatever its library raises."""
    parts, length = [], 0
    for part in _READERS[kind](data):
        words = " ".join(part.split())
        if words:
            parts.append(words)
            length += len(words) + 1
        if length >= MOST_TEXT:
            break
    return "\n".join(parts)[:MOST_TEXT]


def main() -> int:
    """Read standard input within the limits."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    try:
        text = read(sys.argv[1], sys.stdin.buffer.read())
    except (Exception, RecursionError, MemoryError):
        return 1
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
