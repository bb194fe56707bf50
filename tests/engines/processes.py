"""What the launchers of real servers share: where things are kept, who runs them, how they end."""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: Everything that tests and tools build and may lose; ignored by git, removed by `make clean`.
CACHE = ROOT / ".cache"

_PR_SET_PDEATHSIG = 1


class ComponentMissing(RuntimeError):
    """A component that tests need is not on this machine; the message says what to install."""


def in_ci() -> bool:
    """Whether this run is CI's: there a missing component fails, elsewhere it is a skip."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def free_port() -> int:
    """A TCP port on loopback that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def unprivileged_user() -> pwd.struct_passwd | None:
    """The user to run servers as that refuse root; None where we are not root.

    Raises ComponentMissing where root finds neither `postgres` nor `nobody`.
    """
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ComponentMissing("a user to run PostgreSQL as: adduser --system postgres")


def give_to(user: pwd.struct_passwd | None, folder: Path) -> None:
    """Make `folder` and all in it the user's own."""
    if user is None:
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)


def reachable_by(user: pwd.struct_passwd | None, path: Path) -> bool:
    """Whether any user may walk to `path`; a home folder of root is often closed."""
    if user is None:
        return True
    return all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)


def dies_with_parent(stop: signal.Signals) -> Callable[[], None] | None:
    """A `preexec_fn` that has Linux send `stop` to the child when this process dies.

    So a killed test run leaves no server behind. None elsewhere: the servers are then stopped only
    by their context managers.
    """
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(stop), 0, 0, 0)

    return ask


def which(*names: str) -> Path | None:
    """The first of these programs that is on PATH."""
    for name in names:
        found = shutil.which(name)
        if found:
            return Path(found)
    return None
