"""All figures of an answer are of one run: what they rest on is asked once, and cannot change in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from accounts import selectors
from registry.models import FigureRun
from registry.monitoring import closing

P = ParamSpec("P")
R = TypeVar("R")

_held: ContextVar[dict[str, Any] | None] = ContextVar("held_figures", default=None)


@contextmanager
def one_run() -> Iterator[None]:
    """Inside, `last_run` and `heirs` stay what they were when they were first asked for."""
    token = _held.set({})
    try:
        yield
    finally:
        _held.reset(token)


def of_one_run(view: Callable[P, R]) -> Callable[P, R]:
    """View decorator: the answer is made inside `one_run`."""

    @wraps(view)
    def held(*args: P.args, **kwargs: P.kwargs) -> R:
        with one_run():
            return view(*args, **kwargs)

    return held


def last_run() -> FigureRun | None:
    """The newest run, or None before the first."""
    found: FigureRun | None = _once("run", closing.last_run)
    return found


def heirs() -> dict[int, int]:
    """Key of each agency that was succeeded → that of the one that stands for it."""
    found: dict[int, int] = _once("heirs", selectors.heirs)
    return found


def _once(name: str, ask: Callable[[], Any]) -> Any:
    held = _held.get()
    if held is None:
        return ask()
    if name not in held:
        held[name] = ask()
    return held[name]
