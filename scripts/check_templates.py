"""Hold the order of rooms over templates, as import-linter holds it over imports.

A template may extend, include and load only what its own room or a lower one has. The order is
read from the layers contract in pyproject.toml. One exception: any room may extend `base.html`,
which belongs to the composition root. A reference to a template of ours that does not exist is
an error too.

No ending is glued to a value: `{{ agency }}ga` is -ka or -qa after other names (Uzbek), goes by
vowel harmony (Karakalpak) or by case (Russian). Catalogues are held to the same rule by
`manage.py messages --check`.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: May be extended by every room (DESIGN.md, "Who may know whom").
SHARED_BASE = "base.html"
#: Names that a library gave: a room overrides them there, others mean the library's.
LIBRARIES = ("wagtail", "admin/", "django/", "registration/", "modeladmin/")

_TAG = re.compile(r"{%-?\s*(extends|include)\s+[\"']([^\"']+)[\"']")
_LOAD = re.compile(r"{%-?\s*load\s+([^%]+?)\s*-?%}")
#: A value and, past what closes, a letter or a translated piece of a sentence.
_GLUED = re.compile(r"}}(?:</\w+>)*(?:[^\W\d_]|{%-?\s*(?:trans|translate|blocktrans\w*)\b)")
#: Attributes (classes, addresses) and what no person reads.
_UNREAD = re.compile(
    r"<(script|style)\b.*?</\1>|<[a-zA-Z](?:{[{%].*?[}%]}|\"[^\"]*\"|'[^']*'|[^>\"'])*>", re.DOTALL
)
_COMMENT = re.compile(r"{#.*?#}|{%\s*comment\b.*?%}.*?{%\s*endcomment\s*%}", re.DOTALL)


@dataclass(frozen=True)
class Reference:
    """What one template asks for."""

    path: Path
    line: int
    kind: str
    name: str


def layers(pyproject: Path) -> dict[str, int]:
    """The level of each room, 0 the highest. Rooms of one level do not know each other."""
    contracts = tomllib.loads(pyproject.read_text())["tool"]["importlinter"]["contracts"]
    rows = next(c["layers"] for c in contracts if c["type"] == "layers")
    return {
        name.strip(" ()"): level for level, row in enumerate(rows) for name in re.split("[|:]", row)
    }


def rooms(root: Path, levels: dict[str, int]) -> dict[str, Path]:
    """The folder of each room that is built."""
    places = {name: [root / "site" / name, root / name] for name in levels}
    return {name: place for name, two in places.items() for place in two if place.is_dir()}


def references(path: Path) -> Iterator[Reference]:
    """Every `extends`, `include` and `load` of one template, comments left out."""
    text = _COMMENT.sub(lambda m: "\n" * m[0].count("\n"), path.read_text())
    for match in _TAG.finditer(text):
        yield Reference(path, text.count("\n", 0, match.start()) + 1, match[1], match[2])
    for match in _LOAD.finditer(text):
        words = match[1].split()
        names = words[words.index("from") + 1 :] if "from" in words else words
        for name in names:
            yield Reference(path, text.count("\n", 0, match.start()) + 1, "load", name)


def glued(path: Path) -> Iterator[int]:
    """The lines of a page on which an ending or a translated piece touches a value."""

    def blank(match: re.Match[str]) -> str:
        return " " + "\n" * match[0].count("\n")

    text = _UNREAD.sub(blank, _COMMENT.sub(blank, path.read_text()))
    for match in _GLUED.finditer(text):
        yield text.count("\n", 0, match.start()) + 1


def problems(root: Path) -> list[str]:
    """One line for each reference that goes up, aside, or nowhere."""
    levels = layers(root / "pyproject.toml")
    places = rooms(root, levels)
    owners: dict[str, str] = {}
    libraries: dict[str, str] = {}
    templates: list[tuple[str, Path]] = []
    # From the highest room down, so that the lowest owner of a name wins.
    for room in sorted(places, key=levels.__getitem__):
        folder = places[room] / "templates"
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            owners[path.relative_to(folder).as_posix()] = room
            templates.append((room, path))
        for path in (places[room] / "templatetags").glob("*.py"):
            if path.stem != "__init__":
                libraries[path.stem] = room
    found = []
    for room, path in templates:
        if path.suffix not in {".html", ".txt", ".xml", ".svg"}:
            continue
        if path.suffix in {".html", ".txt"}:
            found += [
                f"{path.relative_to(root).as_posix()}:{line}: an ending touches a value"
                for line in glued(path)
            ]
        for asked in references(path):
            known = libraries if asked.kind == "load" else owners
            owner = known.get(asked.name)
            where = f"{path.relative_to(root).as_posix()}:{asked.line}"
            if owner is None:
                if asked.kind != "load" and asked.name.split("/")[0] in places:
                    found.append(f"{where}: {asked.kind} {asked.name}: there is no such template")
            elif (asked.kind == "extends" and asked.name == SHARED_BASE) or (
                asked.kind != "load" and asked.name.startswith(LIBRARIES)
            ):
                continue
            elif owner != room and levels[owner] <= levels[room]:
                found.append(f"{where}: {room} may not {asked.kind} {asked.name} of {owner}")
    return found


def main() -> int:
    """Returns 1 where there is a problem."""
    found = problems(ROOT)
    for line in found:
        sys.stderr.write(line + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
