"""`make stack`: the demonstration site on a real PostgreSQL and a real Elasticsearch, here.

Both run on this machine without containers and keep their data in `.cache/stack`, so the second
start is quick. Both stop with the site (Ctrl-C).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.engines.elasticsearch.node import SearchNode  # noqa: E402
from tests.engines.postgres import PostgresServer  # noqa: E402
from tests.engines.processes import CACHE, ComponentMissing  # noqa: E402

#: The role that the site works under; the one it is made with owns the tables.
ROLE = "portal_site"


def _prepare(environment: dict[str, str]) -> None:
    """Migrate and load as the owner, then make the site's role and limit its rights."""
    manage = [sys.executable, str(ROOT / "manage.py")]
    for command in (["demo", "--no-serve"], ["limit_rights", ROLE]):
        subprocess.run([*manage, *command], cwd=ROOT, env=environment, check=True)


def main() -> int:
    """Serve until stopped; returns 1 where a component is missing."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    data = CACHE / "stack"
    try:
        with (
            PostgresServer(data / "postgres") as server,
            SearchNode(data / "elasticsearch", quick=False) as node,
        ):
            sys.stdout.write(f"{server.version} at {server.url}\n{node.version} at {node.url}\n")
            sys.stdout.flush()
            environment = {
                **os.environ,
                "DATABASE_URL": server.url,
                "ELASTICSEARCH_URL": node.url,
                "PYTHONPATH": f"{ROOT / 'site'}:{ROOT}",
            }
            _prepare(environment)
            # From here on nobody, not even the site, can change or delete what the journal says.
            environment["DATABASE_URL"] = server.url.replace("portal@", f"{ROLE}@", 1)
            port = os.environ.get("PORT", "8000")
            command = [sys.executable, str(ROOT / "manage.py"), "demo", "--port", port]
            site = subprocess.Popen(command, cwd=ROOT, env=environment)
            try:
                return site.wait()
            except KeyboardInterrupt:
                return site.wait()
            finally:
                if site.poll() is None:
                    site.terminate()
                    site.wait()
    except ComponentMissing as missing:
        sys.stderr.write(f"Missing for {missing}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
