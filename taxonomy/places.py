"""Which term a file means by a path, wherever a curator moved it since, and where a new one goes."""

from collections.abc import Iterable

from taxonomy import tree
from taxonomy.models import FormerPath, Term, Vocabulary
from taxonomy.vocabulary_file import TermEntry


class Places:
    """The terms of one vocabulary; `rows` are those that the file names, by its paths."""

    def __init__(self, vocabulary: Vocabulary, entries: Iterable[TermEntry]) -> None:
        self.vocabulary = vocabulary
        self.every = list(vocabulary.terms.all())
        self._by_id = {row.pk: row for row in self.every}
        self._by_path = {row.path: row for row in self.every}
        self.rows = self._known([entry.path for entry in entries])

    def _known(self, paths: list[str]) -> dict[str, Term]:
        """First those that a file called so before, then those that stand there, then those that did."""
        called = {row.loaded["path"]: row for row in self.every if row.loaded}
        rows = {path: called.get(path) or self._by_path.get(path) for path in paths}
        missing = [path for path in paths if rows[path] is None]
        return {path: row for path, row in rows.items() if row} | self._moved(missing)

    def _moved(self, paths: list[str]) -> dict[str, Term]:
        if not paths or not self.every:
            return {}
        former = FormerPath.objects.filter(vocabulary=self.vocabulary, path__in=paths)
        return {path: self._by_id[pk] for path, pk in former.values_list("path", "term_id")}

    def parent_of(self, path: str) -> Term | None:
        """The term that a new one hangs below: where the one above it went, or what took that in."""
        parent = self.rows.get(tree.split(path)[0])
        while parent and parent.merged_into_id:
            parent = self._by_id[parent.merged_into_id]
        return parent

    def at(self, path: str) -> Term | None:
        """The term that stands there."""
        return self._by_path.get(path)

    def add(self, rows: Iterable[Term]) -> None:
        """Store new terms; their paths are their own from now on."""
        made = Term.objects.bulk_create(rows)
        self.every += made
        self._by_id |= {row.pk: row for row in made}
        self._by_path |= {row.path: row for row in made}
        if made:
            paths = [row.path for row in made]
            FormerPath.objects.filter(vocabulary=self.vocabulary, path__in=paths).delete()
