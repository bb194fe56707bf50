"""Start a real PostgreSQL and a real Elasticsearch, run a command with them, stop both.

    .venv/bin/python scripts/with_engines.py -- COMMAND…

The command finds DATABASE_URL, ELASTICSEARCH_URL and ENGINE_VERSIONS in its environment; its exit
code is ours. A server that DATABASE_URL (postgresql://) or ELASTICSEARCH_URL already names is used
instead of one of our own. Where a component is missing, CI fails; elsewhere one line says what to
install and the command runs without it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.engines.elasticsearch.node import SearchNode  # noqa: E402
from tests.engines.postgres import PostgresServer  # noqa: E402
from tests.engines.processes import ComponentMissing, in_ci  # noqa: E402


def main(arguments: list[str]) -> int:
    """Returns the command's exit code; 1 where CI lacks a component."""
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    # Whoever stops us stops the servers too: the context managers run.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    environment = dict(os.environ)
    versions: list[str] = []
    with contextlib.ExitStack() as stack:
        try:
            if not environment.get("DATABASE_URL", "").startswith("postgres"):
                server = stack.enter_context(PostgresServer())
                environment["DATABASE_URL"] = server.url
                versions.append(server.version)
        except ComponentMissing as missing:
            if _refused(missing):
                return 1
        try:
            if not environment.get("ELASTICSEARCH_URL"):
                node = stack.enter_context(SearchNode())
                environment["ELASTICSEARCH_URL"] = node.url
                versions.append(node.version)
        except ComponentMissing as missing:
            if _refused(missing):
                return 1
        environment["ENGINE_VERSIONS"] = ", ".join(versions)
        sys.stdout.write(f"Engines: {environment['ENGINE_VERSIONS'] or 'those given'}\n")
        sys.stdout.flush()
        try:
            return subprocess.run(command, env=environment, check=False).returncode
        except KeyboardInterrupt:
            return 130


def _refused(missing: ComponentMissing) -> bool:
    sys.stderr.write(f"Missing for {missing}\n")
    return in_ci()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
