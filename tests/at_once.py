"""Many at the same moment, each on a connection of its own, and workers that are killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

from django.db import connection, connections


def together(
    *calls: Callable[[], Any], refusals: type[Exception] | tuple[type[Exception], ...] = Exception
) -> list[Any]:
    """Run calls at the same moment; results, or what each was refused with. Raises what is no
    refusal."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            start.wait(30)
            return call()
        except refusals as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@contextmanager
def stopped_at(statement: int, stop: Callable[[], Any], *, after: bool = False) -> Iterator[None]:
    """Have `stop` called before the statement of that number, or `after` it."""
    left = statement

    def count(execute: Any, *arguments: Any) -> Any:
        nonlocal left
        left -= 1
        if left == 0 and not after:
            stop()
        result = execute(*arguments)
        if left == 0 and after:
            stop()
        return result

    with connection.execute_wrapper(count):
        yield


def killed_at(statement: int, what: Callable[[], Any], *, after: bool = False) -> bool:
    """Do it in a process of its own, killed before (or `after`) a statement; False where it came to
    the end."""
    connections.close_all()
    # A pool keeps its lines open; shared by two processes, the dead one's transaction stays open.
    connection.close_pool()  # type: ignore[attr-defined]
    child = os.fork()
    if child == 0:
        code = 1
        try:
            with stopped_at(statement, lambda: os.kill(os.getpid(), signal.SIGKILL), after=after):
                what()
            code = 0
        finally:
            os._exit(code)  # nothing of the test run may happen twice
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)
