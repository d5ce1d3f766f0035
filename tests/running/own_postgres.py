"""A PostgreSQL server that belongs to one test, which may stop, freeze and kill it."""

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from tests import postgres


class OwnPostgres:
    """One server in a folder of its own, on a socket there."""

    def __init__(self, options: str = "") -> None:
        self.identity = postgres.unprivileged()
        self.folder = Path(tempfile.mkdtemp(prefix="hindsight-own-pg-"))
        if self.identity:
            os.chown(self.folder, int(str(self.identity["user"])), int(str(self.identity["group"])))
        self.folder.chmod(0o755)
        self.binaries = postgres.reachable(postgres.find_binaries(), self.folder, self.identity)
        self.data, self.options = self.folder / "data", options
        # -N: not synced while it is made, which takes seconds on slow disks.
        made = ("-D", str(self.data), "-U", "hindsight", "-A", "trust", "-N", *postgres.LOCALE)
        self._run("initdb", *made)

    @property
    def url(self) -> str:
        """What DATABASE_URL is."""
        return f"postgres://hindsight@{quote(str(self.folder), safe='')}/postgres"

    @property
    def dsn(self) -> str:
        """The same for psycopg alone."""
        return f"host={self.folder} user=hindsight dbname=postgres"

    def start(self) -> None:
        """Start it and wait until it answers."""
        given = f"-c listen_addresses='' -c unix_socket_directories={self.folder} {self.options}"
        log = f"{self.folder}/log"
        self._run(
            "pg_ctl", "-D", str(self.data), "-w", "-t", "600", "-l", log, "-o", given, "start"
        )

    def stop(self, mode: str = "fast") -> None:
        """Stop it: `fast` closes properly, `immediate` as a crash does."""
        self._run("pg_ctl", "-D", str(self.data), "-m", mode, "-t", "600", "stop")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Every process of it is there and does nothing."""
        self.signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.signal(signal.SIGCONT)

    def kill(self) -> None:
        """As the kernel does when memory runs out: all of it at once."""
        killed = self.signal(signal.SIGKILL)
        # Its shared memory is in use until the last process is gone, and nothing starts before.
        while any(is_alive(pid) for pid in killed):
            time.sleep(0.02)
        # Where nobody collects dead processes they keep their numbers, and its locks look held.
        for lock in (self.data / "postmaster.pid", *self.folder.glob(".s.PGSQL.*.lock")):
            lock.unlink(missing_ok=True)

    def clients(self) -> list[int]:
        """Those of its processes that serve a connection."""
        master = int((self.data / "postmaster.pid").read_text().split()[0])
        return sorted(
            pid for pid in _children_of(master) if b"hindsight postgres" in _title_of(pid)
        )

    def signal(self, number: int) -> list[int]:
        """Send a signal to the server and all its processes; returns which they are."""
        master = int((self.data / "postmaster.pid").read_text().split()[0])
        processes = [master, *_children_of(master)]
        for pid in processes:
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        return processes

    def remove(self) -> None:
        """End it and leave nothing behind."""
        if (self.data / "postmaster.pid").exists():
            with suppress(SystemExit):
                self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, tool: str, *arguments: str) -> None:
        postgres.run_tool(self.binaries, tool, *arguments, identity=self.identity)


def _children_of(master: int) -> list[int]:
    stats = Path("/proc").glob("[0-9]*/stat")
    return [int(path.parent.name) for path in stats if _parent_in(path) == master]


def _title_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def is_alive(pid: int) -> bool:
    """Whether there is such a process and it still does something."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def _parent_in(stat: Path) -> int:
    try:
        return int(stat.read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0
