"""The publish gate: what a page lacks, and the one place where publishing is refused.

wagtail-localize, the admin, scheduled publishing and the API all end in `Page.publish()`, while
admin hooks are bypassed by some of them and a rejecting `clean()` loses translations
(verified on Wagtail 8.0.1). Hence the gate sits in `BasePage.publish()`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import Signal
from django.utils.functional import Promise

T = TypeVar("T")

#: Sent after a page went live or was taken down: sender=page class, page=instance, live=bool.
page_changed = Signal()
#: Sent after a command published many pages: whoever waits for them is waited for in turn.
published_many = Signal()

_reason: ContextVar[str] = ContextVar("past_the_gate", default="")


@dataclass(frozen=True)
class Problem:
    """One thing that a page lacks before it may be published."""

    field: str
    message: str | Promise


class PublishBlocked(ValidationError):
    """Publishing was refused; `problems` says what the page lacks."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__([problem.message for problem in problems])  # type: ignore[misc]


@contextmanager
def past_the_gate(reason: str) -> Iterator[None]:
    """Publish without the gate: an operator's act, named by `reason` in the page's history."""
    token = _reason.set(reason)
    try:
        yield
    finally:
        _reason.reset(token)


def bypass_reason() -> str:
    """Why the gate is open just now; empty where it is closed."""
    return _reason.get()


_GENERATION = "core:generation"


_held: ContextVar[int] = ContextVar("held_generation", default=0)


@contextmanager
def held_generation() -> Iterator[None]:
    """Ask for the generation once for all that is read inside: an answer is of one generation."""
    token = _held.set(generation())
    try:
        yield
    finally:
        _held.reset(token)


def generation() -> int:
    """The content generation: part of the key of whatever is cached of public pages."""
    if held := _held.get():
        return held
    value = cache.get(_GENERATION)
    if value is None:
        value = time.time_ns()
        cache.set(_GENERATION, value, None)
    return int(value)


def bump_generation() -> None:
    """Make everything cached of public pages stale, once the transaction commits."""
    transaction.on_commit(lambda: cache.set(_GENERATION, time.time_ns(), None))


def kept(name: str, read: Callable[[], T]) -> T:
    """What `read` gives, once for each content generation; None is asked for again."""
    key = f"kept:{name}:{generation()}"
    value: T | None = cache.get(key)
    if value is None:
        value = read()
        cache.set(key, value, 3600)
    return value
