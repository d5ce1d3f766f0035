"""SQLite FTS5 with its best statements: the matches once into a table of their own, then joined."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from tests.benchmarks.rivals.shape import HITS, Answer, Question, Row

SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA cache_size = -400000;
PRAGMA temp_store = MEMORY;
CREATE VIRTUAL TABLE document USING fts5(body, tokenize = 'porter unicode61');
CREATE TABLE document_term (
    document_id INTEGER NOT NULL, term_id INTEGER NOT NULL, vocabulary TEXT NOT NULL,
    PRIMARY KEY (document_id, term_id)
) WITHOUT ROWID;
CREATE TEMP TABLE found (id INTEGER PRIMARY KEY, kept INTEGER NOT NULL);
"""


class SqliteFts:
    """FTS5 ranks by BM25; terms are counted by one join."""

    name = "SQLite FTS5"

    def __init__(self, path: Path, rows: Iterable[Row]) -> None:
        self.connection = sqlite3.connect(path)
        self.connection.executescript(SCHEMA)
        for row in rows:
            self.connection.execute(
                "INSERT INTO document (rowid, body) VALUES (?, ?)", (row.number, row.text)
            )
            self.connection.executemany(
                "INSERT INTO document_term VALUES (?, ?, ?)",
                [(row.number, term, vocabulary) for vocabulary, term in row.terms],
            )
        self.connection.execute("INSERT INTO document (document) VALUES ('optimize')")
        self.connection.commit()
        self.connection.executescript("ANALYZE")

    def ask(self, question: Question) -> Answer:
        """Four statements."""
        run = self.connection.execute
        where = "document MATCH :word" if question.word else "1"
        kept = (
            "EXISTS (SELECT 1 FROM document_term c"
            " WHERE c.document_id = document.rowid AND c.term_id = :term)"
            if question.term
            else "1"
        )
        values = {"word": question.word, "term": question.term}
        run("DELETE FROM found")
        run(f"INSERT INTO found SELECT rowid, {kept} FROM document WHERE {where}", values)
        order = "bm25(document)" if question.word else "rowid DESC"
        page = f"SELECT rowid, body FROM document WHERE {where} AND {kept} ORDER BY {order}"
        run(f"{page} LIMIT {HITS}", values).fetchall()
        wider = "OR t.vocabulary = 'cause'" if question.term else ""
        terms = run(
            "SELECT t.term_id, count(*) FROM found f JOIN document_term t ON t.document_id = f.id"
            f" WHERE f.kept {wider} GROUP BY t.term_id"
        )
        count = run("SELECT count(*) FROM found WHERE kept").fetchone()[0]
        return Answer(count, dict(terms.fetchall()))
