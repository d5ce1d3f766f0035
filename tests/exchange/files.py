"""Named files as an import takes them, and how a report counts."""

NOTHING = {"new": 0, "changed": 0, "same": 0, "problem": 0}


def file(
    import_id: str, *lines: str, body: str = "", title: str = "Outage", kind: str = "stub"
) -> tuple[str, bytes]:
    """A file that can be published, with further lines of front matter from line 6 on."""
    front = ("hindsight: 1", f"import_id: {import_id}", f"title: {title}", f"kind: {kind}")
    return f"{import_id}.md", "\n".join(["---", *front, *lines, "---", body]).encode()


def relating(import_id: str, *targets: str) -> tuple[str, bytes]:
    """A file that is related to those that it names."""
    lines = (f"  - {{kind: same-defect, to: {target}}}" for target in targets)
    return file(import_id, "relations:", *lines)
