"""Words of messages: kinds that rooms register with their own text, versions that administrators
write instead, and the check that keeps a placeholder from reaching a citizen as it stands.

A text holds placeholders such as `{number}`. A line whose placeholder is empty is left out, so one
text serves with and without a date. An SMS may be written on several lines; it goes as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from languages.catalogue import cyrillic
from operations.models import MessageVersion

#: A line: plain signs, placeholders and translatable pieces, put together.
Line = Sequence[str | Promise]
#: Parts of a message; the subject serves the site's own inbox, too.
PARTS = ("subject", "email", "sms")
#: The most letters of each part.
MOST = {"subject": 150, "email": 6_000, "sms": 612}
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_BRACE = re.compile(r"[{}]")
#: A case ending cannot be glued to a value: `{number}ga` reads wrong with every other number.
_GLUED = re.compile(r"\{[a-z_]+\}[^\W\d_]")


@dataclass(frozen=True)
class Kind:
    """A kind of message: what it says by itself, and what may stand in it."""

    key: str
    #: When it is sent, for whoever edits it.
    label: str | Promise
    #: Placeholder → an example of its value.
    samples: Mapping[str, str]
    subject: Line
    email: Sequence[Line]
    sms: Sequence[Line] = ()
    #: Placeholders that e-mail and SMS may not do without.
    needed: tuple[str, ...] = ("url",)
    #: Heading under which administrators find it.
    group: str | Promise = field(default="")


_kinds: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Offer kinds of messages. Registering twice replaces."""
    for kind in kinds:
        _kinds[kind.key] = kind


def known(key: str) -> Kind | None:
    """The kind of a key; None for a template of files."""
    return _kinds.get(key)


def kinds() -> list[Kind]:
    """All kinds, by group and key as they were registered."""
    return list(_kinds.values())


# -- Versions -----------------------------------------------------------------------------------


def current(key: str) -> MessageVersion | None:
    """The version in force; None where the words are those of the house."""
    return MessageVersion.objects.filter(key=key).order_by("-number").first()


#: Seconds for which a process may still queue messages in the words of the version before.
IN_FORCE_WITHIN = 5


def current_number(key: str) -> int:
    """The number of the version in force; 0 for the words of the house.

    Kept for some seconds, since nearly every message asks and hardly any day has a new version.
    """
    name = _kept_as(key)
    number: int | None = cache.get(name)
    if number is None:
        numbers = MessageVersion.objects.filter(key=key).order_by("-number")
        number = numbers.values_list("number", flat=True).first() or 0
        cache.set(name, number, IN_FORCE_WITHIN)
    return number


def _kept_as(key: str) -> str:
    return f"wording:{key}"


def save(key: str, language: str, texts: Mapping[str, str], by: Any, note: str = "") -> int:
    """Write a new version with other texts in one language; its number.

    An empty part is the house's own again. Raises ValueError where a text does not pass `problems`,
    or for an unknown kind; IntegrityError never: whoever was second gets the next number.
    """
    kind = _kinds.get(key)
    if kind is None or language not in dict(settings.LANGUAGES):
        raise ValueError(key)
    cleaned = {part: texts.get(part, "").replace("\r\n", "\n").strip() for part in PARTS}
    if any(problems(kind, part, text) for part, text in cleaned.items() if text):
        raise ValueError("problems")
    for _try in range(5):
        before = current(key)
        content = dict(before.content) if before else {}
        content[language] = {part: text for part, text in cleaned.items() if text}
        content = {code: parts for code, parts in content.items() if parts}
        number = (MessageVersion.objects.filter(key=key).aggregate(m=Max("number"))["m"] or 0) + 1
        try:
            with transaction.atomic():
                MessageVersion.objects.create(
                    key=key, number=number, content=content, made_by=by, note=note[:200]
                )
        except IntegrityError:
            continue
        # Now for this transaction, and when others can see it too.
        cache.delete(_kept_as(key))
        transaction.on_commit(lambda: cache.delete(_kept_as(key)))
        return number
    raise ValueError("busy")


def texts(kind: Kind, language: str, number: int | None = None) -> dict[str, str]:
    """The texts of a kind in a language, of a version (default: the one in force; 0: the house's).

    Cyrillic Uzbek follows what was written in Latin letters, unless it was written itself.
    """
    version = current(kind.key) if number is None else None
    if number:
        version = MessageVersion.objects.filter(key=kind.key, number=number).first()
    content = version.content if version else {}
    found = house_texts(kind, language)
    if language == "uz-cyrl":
        found |= {part: cyrillic(text) for part, text in content.get("uz", {}).items()}
    return found | content.get(language, {})


def house_texts(kind: Kind, language: str) -> dict[str, str]:
    """The words of the house in a language."""
    with translation.override(language):
        return {
            "subject": _written([kind.subject]),
            "email": _written(kind.email),
            "sms": _written(kind.sms),
        }


def _written(lines: Iterable[Line]) -> str:
    return "\n".join("".join(str(piece) for piece in line) for line in lines)


# -- Filling and checking -------------------------------------------------------------------------


def fill(text: str, values: Mapping[str, Any]) -> str:
    """The text with its values; a line that names an empty or unknown value is left out."""
    lines = []
    for line in text.split("\n"):
        names = _PLACEHOLDER.findall(line)
        if any(not str(values.get(name, "")).strip() for name in names):
            continue
        lines.append(_PLACEHOLDER.sub(lambda found: str(values[found[1]]), line).rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def render(
    kind: Kind, part: str, language: str, values: Mapping[str, Any], number: int | None = None
) -> str:
    """A part of a message as it goes out; subject and SMS on one line."""
    filled = fill(texts(kind, language, number)[part], values)
    return filled if part == "email" else " ".join(filled.split())


def problems(kind: Kind, part: str, text: str) -> list[str]:
    """What is wrong with a text that an administrator wrote, in their language."""
    found = []
    names = set(_PLACEHOLDER.findall(text))
    for name in sorted(names - kind.samples.keys()):
        found.append(_("There is no such placeholder: %(name)s") % {"name": f"{{{name}}}"})
    if _BRACE.search(_PLACEHOLDER.sub("", text)):
        found.append(_("A brace stands alone. A placeholder is written so: {number}"))
    if _GLUED.search(text):
        found.append(_("Nothing may be glued to a placeholder: write “Number: {number}”."))
    if part != "subject":
        for name in kind.needed:
            if name not in names:
                found.append(_("This placeholder is needed: %(name)s") % {"name": f"{{{name}}}"})
    elif "\n" in text.strip():
        found.append(_("A subject is one line."))
    if len(text) > MOST[part]:
        found.append(_("Too long. At most: %(count)s letters") % {"count": MOST[part]})
    return found


#: What fits into one SMS: letters of the telephones' own alphabet, or any (protocols.md §5.3).
_GSM, _ANY = (160, 153), (70, 67)
_GSM_SIGNS = re.compile(r"[A-Za-z0-9 @£$¥èéùìòÇØøÅå_ÆæßÉ!\"#¤%&'()*+,\-./:;<=>?¡ÄÖÑÜ§¿äöñüà\n\r]*")


def sms_parts(text: str) -> int:
    """As how many SMS a text goes."""
    one, more = _GSM if _GSM_SIGNS.fullmatch(text) else _ANY
    return 1 if len(text) <= one else -(-len(text) // more)
