"""What people see, found in Python and templates without xgettext."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from django.utils.translation.template import templatize

#: function → where its context, message and plural stand among the arguments (-1: nowhere)
_FUNCTIONS = {
    "_": (-1, 0, -1),
    "gettext": (-1, 0, -1),
    "gettext_noop": (-1, 0, -1),
    "ngettext": (-1, 0, 1),
    "pgettext": (0, 1, -1),
    "npgettext": (0, 1, 2),
}
_FUNCTIONS |= {f"{name}_lazy": places for name, places in _FUNCTIONS.items() if name != "_"}

#: Modules of others whose messages a reader or applicant can meet: in forms and at the door.
CITIZEN_MODULES = (
    "django.core.validators",
    "django.forms.fields",
    "django.forms.models",
    "django.forms.widgets",
    "django.forms.formsets",
    "django.contrib.auth.password_validation",
    "allauth.account.adapter",
    "allauth.account.forms",
    "allauth.account.fields",
    "allauth.mfa.adapter",
    "allauth.mfa.totp.forms",
    "allauth.mfa.webauthn.forms",
)


@dataclass(frozen=True, order=True, slots=True)
class Message:
    """A string that a person sees: its English text, the plural and the context if it has any."""

    msgid: str
    plural: str = ""
    context: str = ""


def _message(name: str, texts: list[str | None]) -> Message | None:
    context, msgid, plural = (
        (texts[place] if 0 <= place < len(texts) else "") for place in _FUNCTIONS[name]
    )
    return None if not msgid else Message(msgid, plural or "", context or "")


def of_python(source: str) -> Iterator[Message]:
    """The messages of Python source; only literal strings can be found. Raises SyntaxError."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in _FUNCTIONS:
            continue
        texts = [
            arg.value if isinstance(arg, ast.Constant) and isinstance(arg.value, str) else None
            for arg in node.args
        ]
        if message := _message(name, texts):
            yield message


_STRING = r"u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
_CALL = re.compile(
    rf"\b(?P<name>_|n?p?gettext)\(\s*(?P<texts>{_STRING}(?:\s*,\s*{_STRING})*)", re.DOTALL
)


def of_template(source: str) -> Iterator[Message]:
    """The messages of a Django template. Raises SyntaxError where its tags do not close."""
    for match in _CALL.finditer(templatize(source)):
        texts = [ast.literal_eval(text) for text in re.findall(_STRING, match["texts"], re.DOTALL)]
        if message := _message(match["name"], texts):
            yield message


def _of_file(path: Path) -> Iterable[Message]:
    if path.suffix == ".py":
        return of_python(path.read_text(encoding="utf-8"))
    if path.suffix in {".html", ".txt", ".xml", ".typ"} and "templates" in path.parts:
        return of_template(path.read_text(encoding="utf-8"))
    return ()


def extract(places: Iterable[Path]) -> dict[Message, list[str]]:
    """Every message of the files and folders → the files that say it.

    Migrations, tests and management commands (read by operators) are left out.
    """
    found: dict[Message, list[str]] = {}
    left_out = {"migrations", "tests", "management", "node_modules", "__pycache__"}
    for place in places:
        files = sorted(place.rglob("*")) if place.is_dir() else [place]
        for path in files:
            if left_out & set(path.relative_to(place).parts) or not path.is_file():
                continue
            for message in _of_file(path):
                names = found.setdefault(message, [])
                if path.as_posix() not in names:
                    names.append(path.as_posix())
    return found


def places_of(modules: Iterable[str]) -> list[Path]:
    """The folders or files of importable modules; those not installed are left out."""
    places = []
    for name in modules:
        try:
            spec = find_spec(name)
        except ModuleNotFoundError:
            continue
        if spec is not None and spec.origin is not None:
            path = Path(spec.origin)
            places.append(path.parent if path.name == "__init__.py" else path)
    return places
