"""How many forms a second are taken, on PostgreSQL, with two workers: `python bench/forms.py [N]`.

Ours: a draft with five answers and a checked attachment is sent; the request has its number, its first
event in the chain and its message in the outbox. Beside it Wagtail's own form page with the same five
fields, which stores one row: rounds of both take turns. Then what must hold whatever the speed is: as
many requests as sendings that were accepted, one request for a draft that is sent eight times at once,
and requests that are accepted while the mail server is down. Exit status 1 where a request is lost or
doubled.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
os.environ["DJANGO_SETTINGS_MODULE"] = "bench.stock.settings"
os.environ["DATABASE_POOL"] = "0"

from tests.engines.postgres import PostgresServer
from tests.engines.processes import free_port

WORKERS, CLIENTS, ROUNDS, GOAL = 2, 8, 6, 100
WARM = 16
#: Below the limit of sendings of one account.
EACH = 15
TOKEN = "b" * 32
Sending = tuple[str, str, dict[str, str]]


def written(sending: Sending) -> bytes:
    """A sending as it goes over the line: address, cookies, fields."""
    address, cookies, fields = sending
    body = urlencode(fields | {"csrfmiddlewaretoken": TOKEN})
    return (
        f"POST {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        f"Connection: close\r\n\r\n{body}"
    ).encode()


def post(port: int, sending: bytes) -> tuple[int, float]:
    """Status and milliseconds of one sending."""
    started = time.perf_counter()
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(sending)
        while part := line.recv(65_536):
            answer += part
    return int(answer.split(b" ", 2)[1]), (time.perf_counter() - started) * 1000


def fire(port: int, sendings: list[Sending], name: str = "") -> tuple[int, float]:
    """Send all with eight at a time and print what came of it, under a name; accepted, and how many
    a second."""
    # Written before the clock starts: senders have machines of their own.
    lines = [written(one) for one in sendings]
    started = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(lambda one: post(port, one), lines))
    seconds = time.perf_counter() - started
    times = sorted(milliseconds for _status, milliseconds in answers)
    accepted = sum(status in {200, 303} for status, _ms in answers)
    rate = accepted / seconds
    if name:
        print(
            f"  {name:<34} {rate:>6.0f} a second   p50 {statistics.median(times):>5.0f} ms   "
            f"p99 {times[int(len(times) * 0.99) - 1]:>5.0f} ms   "
            f"{dict(Counter(s for s, _ in answers))}"
        )
    return accepted, rate


def in_rounds(port: int, stock: Sending, count: int) -> tuple[int, float]:
    """Send Wagtail's own form and ours in turns, so that what else the machine does meets both, and
    print the median of their rounds; how many of ours were accepted, and their median a second."""
    from bench.stock import preparing

    each, accepted = count // ROUNDS, 0
    rates: dict[str, list[float]] = {
        "Wagtail's form page": [],
        "ours, number, journal, attachment": [],
    }
    theirs, ours = rates.values()
    for _round in range(ROUNDS):
        sendings = preparing.sendings(each, EACH)
        preparing.analyze()
        theirs.append(fire(port, [stock] * each)[1])
        taken, rate = fire(port, sendings)
        accepted += taken
        ours.append(rate)
    for name, found in rates.items():
        print(
            f"  {name:<34} {statistics.median(found):>6.0f} a second, median of {ROUNDS} rounds from "
            f"{min(found):.0f} to {max(found):.0f}"
        )
    return accepted, statistics.median(ours)


def _as_served(**environment: str) -> dict[str, str]:
    """As in production: connections are pooled, what can wait is done by the worker."""
    return {
        **os.environ,
        "DATABASE_POOL": "1",
        "TASKS_BACKEND": "django_tasks_db.DatabaseBackend",
        **environment,
    }


def work(**environment: str) -> None:
    """Let the worker and the scheduler do what waits, and end."""
    for command in (("db_worker", "--batch", "--verbosity", "0"), ("run_due", "--everything")):
        subprocess.run(
            [sys.executable, "manage.py", *command], env=_as_served(**environment), cwd=ROOT,
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip


@contextlib.contextmanager
def served(**environment: str) -> Iterator[int]:
    """The portal under gunicorn; its port."""
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", "portal.wsgi", "-w", str(WORKERS), "-b",
        f"127.0.0.1:{port}", "--log-level", "error",
    ]  # fmt: skip
    process = subprocess.Popen(command, env=_as_served(**environment), cwd=ROOT)
    try:
        for _try in range(600):
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    break
            time.sleep(0.2)
        yield port
    finally:
        process.terminate()
        process.wait()


def main() -> int:
    """Prepare, send, count; the exit status."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(PostgresServer())
        os.environ["DATABASE_URL"] = server.url
        os.environ["BENCH_FILES"] = stack.enter_context(tempfile.TemporaryDirectory())
        os.environ["PYTHONPATH"] = f"{ROOT / 'site'}:{ROOT}"
        print(f"{server.version}, {WORKERS} workers, {CLIENTS} at a time, {count} sendings")
        from bench.stock import preparing

        preparing.migrate()
        lost = []
        with served() as port:
            stock, address = preparing.stock_page()
            theirs: Sending = (address, f"csrftoken={TOKEN}", stock)
            # Each worker does once what it does only at its first answers.
            for sendings in ([theirs] * WARM, preparing.sendings(WARM, EACH)):
                fire(port, sendings)
            before = preparing.requests()
            accepted, rate = in_rounds(port, theirs, count)
            stored = preparing.requests() - before
            if not accepted == stored == count // ROUNDS * ROUNDS:
                lost.append(f"{accepted} of {count} accepted, {stored} written")
            before = preparing.requests()
            same = [one for one in preparing.sendings(20, 2) for _time in range(8)]
            fire(port, same, "each of 20 drafts eight times")
            if preparing.requests() - before != 20:
                lost.append(f"20 drafts gave {preparing.requests() - before} requests")
            work()
            if preparing.waiting():
                lost.append(f"{preparing.waiting()} messages were not handed over")
        down = {"BENCH_MAIL": "django.core.mail.backends.smtp.EmailBackend"}
        with served(**down) as port:
            warmed, _rate = fire(port, preparing.sendings(WARM, EACH))
            before = preparing.requests()
            accepted, _rate = fire(port, preparing.sendings(100, EACH), "the mail server is down")
            work(**down)
            waiting = preparing.waiting() - warmed
            if not accepted == preparing.requests() - before == waiting == 100:
                lost.append(f"mail down: {accepted} accepted, {waiting} messages waiting")
        lost += preparing.broken()
        preparing.close()
    for line in lost:
        print(f"Wrong: {line}", file=sys.stderr)
    if rate < GOAL:
        print(f"Below {GOAL} a second; on a busy machine compare with Wagtail's own.")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
