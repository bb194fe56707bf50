"""Words near to a mistyped one: keys to look candidates up by, and the distance itself."""

from __future__ import annotations

from languages.analysis import deletions, ngrams

#: Shorter words have too many neighbours to guess.
SHORTEST = 4
#: From this length two errors are allowed, else one.
LONG = 8
#: Words that a long one may be after two errors have trigrams among their keys.
_TRIGRAMS_FROM = LONG - 2


def errors_allowed(word: str) -> int:
    """How many typing errors a folded word may have."""
    if len(word) < SHORTEST or any(letter.isdigit() for letter in word):
        return 0
    return 2 if len(word) >= LONG else 1


def keys(word: str) -> frozenset[str]:
    """The keys that a word of the vocabulary is kept under, and a query's word looked up by.

    Two words one error apart (a letter missing, added, wrong, or two neighbours swapped) share one.
    Long words have trigrams as well, of which some survive two errors.
    """
    if len(word) < SHORTEST - 1 or any(letter.isdigit() for letter in word):
        return frozenset()
    return deletions(word) | (ngrams(word) if len(word) >= _TRIGRAMS_FROM else frozenset())


def distance(left: str, right: str, most: int) -> int:
    """Edits (swaps of neighbours count as one) between two words; `most + 1` where there are more."""
    if abs(len(left) - len(right)) > most:
        return most + 1
    older: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        before, row = row, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        older = before
    return min(row[-1], most + 1)
