"""Finding requests by who asks: a name in any script and spelling, a telephone, a tax or personal number.

Who asks is encrypted in the request, so what it is found by is kept as keyed digests: of each word,
folded as search folds it; of its beginnings; and of how it may be misspelt, where vowels that Russian
and Uzbek spelling exchange count as one and any one letter may be wrong. The words themselves are
nowhere. The schedule notes new requests each minute, out of the way of those who send them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q

from casework.models import NameKey, NameWord, RequestName, ServiceRequest, ServiceRequestQuerySet
from languages.analysis import deletions
from languages.uzbek.fold import fold_word, split
from operations.crypto import blind_index

_BATCH = 500
#: Of a query and of a name: more is not read.
_MOST_WORDS = 8
#: Letters: a beginning that is looked up, a word that may be misspelt.
_SHORTEST, _SHORTEST_MISSPELT = 3, 4
#: The last digits of a telephone number, as people give it without the country.
_LOCAL = 9
_NAMES = ("full_name", "person", "organization")
_NUMBERS = ("pinfl", "person_pinfl", "stir", "phone")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s()+\-–]+(?=\d)")
#: Юлдашев, Yoʻldoshev; Кадыров, Qodirov; Сеитов, Seyitov.
_ALIKE = str.maketrans("oueyqw", "aaiikv")


def _digest(kind: str, text: str) -> int:
    """64 bits of a keyed digest, as a signed number."""
    return int(blind_index(f"request-name:{kind}:{text}")[:16], 16) - 2**63


def _words(text: str) -> list[str]:
    """The folded words of a name or a query; digits that belong together are one word."""
    joined = _BETWEEN_DIGITS.sub("", text.replace("\x00", ""))
    found = (fold_word(word) for word in split(joined))
    return list(dict.fromkeys(word for word in found if word))[:_MOST_WORDS]


def _beginnings(word: str) -> set[str]:
    if word.isdigit():
        return {word}
    return {word[:end] for end in range(_SHORTEST, len(word))} | {word}


def _misspelt(word: str) -> frozenset[str]:
    """The word by its sound, and that less each of its letters."""
    if len(word) < _SHORTEST_MISSPELT or any(map(str.isdigit, word)):
        return frozenset()
    return deletions(word.translate(_ALIKE))


def _keys(word: str) -> set[int]:
    return {_digest("begins", text) for text in _beginnings(word)} | {
        _digest("sounds", text) for text in _misspelt(word)
    }


def words_of(request: ServiceRequest) -> set[str]:
    """What a request is found by."""
    subject: dict[str, Any] = request.subject
    found = {word for name in _NAMES for word in _words(str(subject.get(name) or ""))}
    for name in _NUMBERS:
        digits = "".join(filter(str.isdigit, str(subject.get(name) or "")))
        if digits:
            found |= {digits, digits[-_LOCAL:]}
    if mail := str(subject.get("email") or ""):
        found.update(_words(mail))
    # Read out over the telephone without year and code.
    serial = request.number.split("-")[-2].lstrip("0") if request.number.count("-") > 1 else ""
    return found | {serial} - {""}


def narrowed(rows: ServiceRequestQuerySet, query: str) -> ServiceRequestQuerySet:
    """Those of `rows` that have all words of a query; where none has, words that sound alike will do."""
    words = _words(query)
    if not words:
        return rows.none()
    exact = _having(rows, [[_digest("begins", word)] for word in words])
    if exact.exists():
        return exact
    return _having(
        rows,
        [
            [
                _digest("begins", word),
                *(_digest("sounds", text) for text in sorted(_misspelt(word))),
            ]
            for word in words
        ],
    )


def _having(rows: ServiceRequestQuerySet, keys: Sequence[Sequence[int]]) -> ServiceRequestQuerySet:
    wanted = Q()
    for some in keys:
        noted = RequestName.objects.filter(
            word__in=NameKey.objects.filter(key__in=some).values("word")
        )
        wanted &= Q(pk__in=noted.values("request"))
    return rows.filter(wanted)


def note_new() -> int:
    """Note what new requests are found by; how many requests. Safe to repeat and to interrupt."""
    done = 0
    while some := _note_some():
        done += some
    return done


@transaction.atomic
def _note_some() -> int:
    # The row is held: what is personal cannot go meanwhile and leave its digests behind.
    waiting = ServiceRequest.objects.filter(findable=False).order_by("pk")
    rows = waiting.select_for_update(skip_locked=True)
    requests = list(rows.only("pk", "number", "subject")[:_BATCH])
    words = {request.pk: words_of(request) for request in requests}
    ids = _ids({word for own in words.values() for word in own})
    RequestName.objects.bulk_create(
        [
            RequestName(request_id=pk, word_id=ids[word])
            for pk, own in words.items()
            for word in sorted(own)
        ],
        ignore_conflicts=True,
    )
    ServiceRequest.objects.filter(pk__in=words).update(findable=True)
    return len(requests)


def _ids(words: Iterable[str]) -> dict[str, int]:
    """The rows of words; new ones are added with what leads to them."""
    digests = {word: _digest("word", word) for word in sorted(words)}
    known = _known(digests.values())
    new = {word: digest for word, digest in digests.items() if digest not in known}
    if new:
        NameWord.objects.bulk_create(
            [NameWord(digest=digest) for digest in sorted(new.values())],
            batch_size=_BATCH,
            ignore_conflicts=True,
        )
        known |= _known(new.values())
        NameKey.objects.bulk_create(
            [
                NameKey(key=key, word_id=known[new[word]])
                for word in new
                for key in sorted(_keys(word))
            ],
            batch_size=_BATCH,
            ignore_conflicts=True,
        )
    return {word: known[digest] for word, digest in digests.items()}


def _known(digests: Iterable[int]) -> dict[int, int]:
    values = list(digests)
    return {
        digest: pk
        for start in range(0, len(values), _BATCH)
        for digest, pk in NameWord.objects.filter(
            digest__in=values[start : start + _BATCH]
        ).values_list("digest", "pk")
    }
