"""Paths of the portal in a language: slugs are the same in all languages, only the root differs."""

from __future__ import annotations


def localised(address: str, language: str) -> str:
    """`elektron-hukumat/qoidalar` → `/ru/elektron-hukumat/qoidalar/`; `https://…` as it is."""
    if address.startswith(("https://", "http://", "tel:", "mailto:")):
        return address
    path, mark, fragment = address.strip("/").partition("#")
    path = path.strip("/")
    return f"/{language}/{path}/{mark}{fragment}" if path else f"/{language}/{mark}{fragment}"


def page_path(url_path: str, language: str) -> str:
    """Path of a page from its `url_path` (`/home-ru/a/b/`) in `language`: `/ru/a/b/`.

    The first component is the language's home page, whose slug readers never see.
    """
    parts = url_path.strip("/").split("/")[1:]
    return localised("/".join(parts), language)


def in_language(path: str, language: str) -> str:
    """The same place in another language: `/uz/a/?q=1` → `/ru/a/?q=1`."""
    rest = path.lstrip("/").partition("/")[2]
    return f"/{language}/{rest}"
