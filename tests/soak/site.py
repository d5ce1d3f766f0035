"""A site of several processes: a database of its own, on whatever the run uses, and nodes that can be killed."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import uuid
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parents[2]


class Database:
    """One database: a file, or a database of the PostgreSQL server that DATABASE_URL names."""

    def __init__(self, folder: Path) -> None:
        server = os.environ.get("DATABASE_URL", "")
        self.is_postgres = server.startswith("postgres")
        self.name = f"soak_{uuid.uuid4().hex[:12]}"
        self.server, self.file = server, folder / f"{self.name}.sqlite3"
        if self.is_postgres:
            self._tell(f"CREATE DATABASE {self.name}")

    @property
    def url(self) -> str:
        """What a node's DATABASE_URL is."""
        if not self.is_postgres:
            return f"sqlite:///{self.file}"
        return urlunsplit(urlsplit(self.server)._replace(path=f"/{self.name}"))

    def take_over(self, other: "Database") -> None:
        """Become a copy of another database; nobody may be connected to either."""
        if self.is_postgres:
            self.drop()
            self._tell(f"CREATE DATABASE {self.name} TEMPLATE {other.name}")
            return
        self.drop()
        with (
            closing(sqlite3.connect(other.file)) as source,
            closing(sqlite3.connect(self.file)) as to,
        ):
            source.backup(to)

    def drop(self) -> None:
        """Remove it."""
        if self.is_postgres:
            self._tell(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
        for path in self.file.parent.glob(f"{self.file.name}*"):
            path.unlink()

    def _tell(self, statement: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement)


class Node:
    """One server-like process."""

    def __init__(self, site: "Site", folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.log = folder / f"{uuid.uuid4().hex}.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.soak.node"],
                cwd=ROOT,
                env=site.environment(folder),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.is_ready = False

    def __getattr__(self, name: str):
        """Any act of `acts`, done in that process."""
        return lambda **given: self.act(name, **given)

    def act(self, name: str, **given: Any) -> Any:
        """Do an act there and return its answer."""
        assert self.process.stdin
        self.wait_until_ready()
        self.process.stdin.write(json.dumps([name, given]) + "\n")
        self.process.stdin.flush()
        answer = self._line()
        if "failed" in answer:
            raise AssertionError(f"{name}: {answer['failed']}\n{self.log.read_text()[-4000:]}")
        return answer["is"]

    def wait_until_ready(self) -> None:
        """Until it takes acts."""
        if not self.is_ready:
            assert self._line() == "ready"
            self.is_ready = True

    def _line(self) -> Any:
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, f"the node died\n{self.log.read_text()[-4000:]}"
        return json.loads(line)

    def kill(self) -> None:
        """As `kill -9` does."""
        self.process.send_signal(signal.SIGKILL)
        self.end()

    def end(self) -> None:
        """Close its input and wait for it."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait(600)
        self.process.stdout.close()

    def events(self) -> list[str]:
        """What its log has of the search index, in order."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines() if line[:1] == "{"]
        return [line["event"] for line in lines if "search index" in str(line["event"])]


class Site:
    """A database and the nodes that work on it."""

    def __init__(self, folder: Path, template: Database | None = None) -> None:
        self.folder = folder
        self.database = Database(folder)
        self.nodes: list[Node] = []
        if template:
            self.database.take_over(template)

    def environment(self, folder: Path) -> dict[str, str]:
        """What a process of this site finds in its environment."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "postmortems.settings",
            "DATABASE_URL": self.database.url,
            "HINDSIGHT_DATA_DIR": str(folder),
        }

    def node(self, name: str = "shared") -> Node:
        """A new process; processes of one name share a data directory, and with it an index."""
        node = Node(self, self.folder / name)
        self.nodes.append(node)
        return node

    def manage(self, *arguments: str, folder: str = "shared") -> subprocess.Popen:
        """A `manage.py` command in a process of its own."""
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        with (self.folder / "manage.log").open("a") as log:
            return subprocess.Popen(
                command,
                env=self.environment(self.folder / folder),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )

    def stop_nodes(self) -> None:
        """End every process."""
        for node in self.nodes:
            if node.process.poll() is None:
                node.end()
        self.nodes = []

    def close(self) -> None:
        """End everything and leave nothing behind."""
        for node in self.nodes:
            if node.process.poll() is None:
                node.kill()
        self.database.drop()
        shutil.rmtree(self.folder, ignore_errors=True)
