"""Words a second of each language function on one core: `python bench/languages.py`.

Each word is new to the caches in the first run and known to them in the second. Exit status 1 where
a function stays below 10,000 words a second in the first.
"""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent / "site")]

from languages import karakalpak, uzbek

FLOOR = 10_000
STEMS = (
    "ariza shahar guvohnoma litsenziya oʻqituvchi maʼlumot xizmat tashkilot soliq davlat".split()
)
PREFIXES = "bo qa shi te oʻ gu ra mu ni yo".split()
SUFFIXES = "lar ni larimizning da dan ga si lik chi gacha".split()


def main() -> int:
    """Measure and print; the exit status."""
    words = [
        f"{prefix}{stem}{suffix}{more}"
        for prefix, stem, suffix, more in itertools.product(
            PREFIXES, STEMS, SUFFIXES, ["", *SUFFIXES[:9]]
        )
    ]
    latin = " ".join(words)
    cyrillic = uzbek.to_cyrillic(latin)
    kaa = karakalpak.to_cyrillic(latin)
    whole: list[tuple[str, Callable[[str], str], str]] = [
        ("uzbek.to_latin", uzbek.to_latin, cyrillic.replace("а", "о")),
        ("uzbek.to_cyrillic", uzbek.to_cyrillic, latin.replace("a", "o")),
        ("uzbek.normalise", uzbek.normalise, latin),
        ("uzbek.fold", uzbek.fold, latin),
        ("uzbek.to_new_latin", uzbek.to_new_latin, latin),
        ("karakalpak.to_latin", karakalpak.to_latin, kaa.replace("а", "о")),
        ("karakalpak.to_cyrillic", karakalpak.to_cyrillic, latin.replace("a", "i")),
        ("karakalpak.fold", karakalpak.fold, latin),
    ]
    single = [("uzbek.stem", uzbek.stem), ("karakalpak.stem", karakalpak.stem)]
    runs: list[tuple[str, Callable[[], object]]] = [
        (name, lambda function=function, text=text: function(text))  # type: ignore[misc]
        for name, function, text in whole
    ]
    runs += [
        (name, lambda function=function: [function(word) for word in words])  # type: ignore[misc]
        for name, function in single
    ]
    slow = False
    for name, run in runs:
        rates = []
        for _ in range(2):
            started = time.perf_counter()
            run()
            rates.append(len(words) / (time.perf_counter() - started))
        slow |= rates[0] < FLOOR
        print(f"{name:24} {rates[0]:10,.0f} words/s new   {rates[1]:10,.0f} words/s known")
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
