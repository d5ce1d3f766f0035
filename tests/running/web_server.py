"""The site behind gunicorn, started as operators start it, and a client without patience or retries."""

import atexit
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[2]
# How long anything may take on a machine that does other things at the same time.
PATIENCE = 300
PORTS = 5


# What `serve` does before anything else; then no server does it again.
COLLECT = "from postmortems.management.commands import serve; serve.collect_static_files()"


@cache
def prepared() -> Path:
    """A data directory with collected static files and an empty database: making them takes a server
    longer than most tests here, and they are the same in all."""
    folder = Path(tempfile.mkdtemp(prefix="hindsight-prepared-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    server = WebServer(folder, is_prepared=False)
    server.manage("migrate", "-v0")
    server.manage("shell", "-v0", "-c", COLLECT)
    return folder


@dataclass(frozen=True)
class Answer:
    """What came back, and how long it took."""

    status: int
    body: str
    seconds: float
    headers: dict[str, str] = field(default_factory=dict)


class WebServer:
    """`manage.py serve` in a process of its own, on an empty SQLite database unless told of another."""

    def __init__(self, folder: Path, *, is_prepared: bool = True, **variables: str) -> None:
        self.folder = folder
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
            "DJANGO_SETTINGS_MODULE": "postmortems.settings",
            "HINDSIGHT_DATA_DIR": str(folder),
            **variables,
        }
        self.port = 0
        self.log = folder / "server.log"
        if is_prepared:
            (folder / "static").symlink_to(prepared() / "static")
            shutil.copy(prepared() / "hindsight.sqlite3", folder)

    def manage(self, *arguments: str, fails: bool = False) -> str:
        """Run a command on the site and return all that it said."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert (done.returncode != 0) == fails, done.stdout + done.stderr
        return done.stdout + done.stderr

    def start(self, workers: int = 2) -> None:
        """Start it and wait until it answers; at another port where somebody took the first."""
        for _attempt in range(PORTS):
            self.port = free_port()
            self._launch(workers)
            ends = time.monotonic() + PATIENCE
            while self.process.poll() is None and time.monotonic() < ends:
                if self._is_up():
                    return
                time.sleep(0.05)
            if "in use" not in self.log.read_text()[-3000:]:
                break
        self.stop()
        raise AssertionError(self.log.read_text()[-3000:])

    def _launch(self, workers: int) -> None:
        command = ["manage.py", "serve", f"--port={self.port}", f"--workers={workers}"]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    def get(self, path: str, **headers: str) -> Answer:
        """One request on a connection of its own."""
        return self._ask("GET", path, "", headers)

    def post(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        """A form that is sent."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(fields), kind | headers)

    def _ask(self, method: str, path: str, body: str, headers: dict[str, str]) -> Answer:
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        finally:
            connection.close()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, text, time.monotonic() - began, found)

    def reload(self) -> None:
        """Tell it to begin with new workers."""
        self.process.send_signal(signal.SIGHUP)

    def workers(self) -> set[int]:
        """The processes that answer."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return set(map(int, path.read_text().split()))

    def stop(self) -> int:
        """Stop it as systemd does; returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def _is_up(self) -> bool:
        try:
            return self.get("/livez").status == 200
        except OSError:
            return False


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
