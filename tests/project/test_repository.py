"""What holds for the whole repository: no index hosts, hashed locks, documented settings, short files."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("postmortems", "taxonomy", "templates", "static", "fixtures", "tests", "requirements")
TEXT = {".py", ".toml", ".txt", ".in", ".md", ".html", ".js", ".css", ".yaml", ".svg", ".po", ""}
CODE = {".py", ".js", ".css", ".html"}
MOST_LINES = 400

# The classes of one letter keep this file from finding itself.
INDEX = re.compile(
    r"py[p]i\.|python[h]osted|npm[j]s\.|--(?:extra-)?[i]ndex-url|--[f]ind-links|_INDEX_[U]RL"
)
# How the locks are made says by this option that they name no index.
ALLOWED = "--no-emit-index-url"
READ = re.compile(r"""(?:\bread_\w+\(|environ\.get\(|environ\[|getenv\()\s*["']([A-Z][A-Z0-9_]+)""")
DOCUMENTED = re.compile(r"^\| `([A-Z][A-Z0-9_]+)` \|", re.M)


def files_of(*folders: str) -> list[Path]:
    """The text files of these folders, without what others wrote or tools left behind."""
    found = (path for folder in folders for path in sorted((ROOT / folder).rglob("*")))
    return [
        path
        for path in found
        if path.is_file()
        and path.suffix in TEXT
        and not {"vendor", "__pycache__"} & set(path.parts)
    ]


FILES = [path for path in ROOT.iterdir() if path.is_file() and path.suffix in TEXT]
FILES += files_of(*FOLDERS, ".ci")


def hosts_in(text: str) -> list[str]:
    """The package indexes that a text names."""
    return INDEX.findall(text.replace(ALLOWED, ""))


def test_no_file_names_a_package_index():
    named = {str(path.relative_to(ROOT)): hosts_in(path.read_text()) for path in FILES}

    assert {name: hosts for name, hosts in named.items() if hosts} == {}


@pytest.mark.parametrize("text", ["https://py" + "pi.org/simple", "--index" + "-url x"])
def test_the_search_for_indexes_can_fail(text):
    assert hosts_in(text)


@pytest.mark.parametrize("name", ["run", "dev"])
def test_every_locked_package_has_a_version_and_hashes(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    lines = re.sub(r"\s*#.*", "", text).replace("\\\n", " ").splitlines()
    locked = [line for line in lines if line.strip()]

    assert locked
    assert [
        line for line in locked if not re.match(r"[\w.\[\],-]+==\S+.*--hash=sha256:", line)
    ] == []


def test_every_environment_variable_is_documented_and_every_documented_one_is_read():
    code = "\n".join(path.read_text() for path in files_of("postmortems", "taxonomy"))
    read = set(READ.findall(code))
    if "dj_database_url.config(" in code:
        read.add("DATABASE_URL")

    assert read == set(DOCUMENTED.findall((ROOT / "templates/help/running.md").read_text()))


def test_the_migrations_are_complete(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_migration_is_named_for_what_it_does():
    names = [path.name for path in FILES if re.match(r"\d{4}_", path.name)]

    assert names
    assert [name for name in names if re.search(r"_(auto|initial|alter)_|_initial\.", name)] == []


def test_no_code_file_is_too_long_to_read():
    code = (path for path in FILES if path.suffix in CODE and "migrations" not in path.parts)
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in code}

    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}
