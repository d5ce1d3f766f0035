"""PostgreSQL full text: with one GROUP BY a facet, as an ORM asks, and in its best single statement."""

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg

from tests.benchmarks.rivals.shape import HITS, Answer, Question, Row

SCHEMA = """
CREATE TABLE document (id int PRIMARY KEY, body text NOT NULL, words tsvector);
CREATE TABLE document_term (document_id int NOT NULL, term_id int NOT NULL, vocabulary text NOT NULL);
"""
INDEXES = """
UPDATE document SET words = to_tsvector('english', body);
CREATE INDEX document_words ON document USING gin (words);
CREATE INDEX document_term_by_document ON document_term (document_id, vocabulary, term_id);
CREATE INDEX document_term_by_term ON document_term (term_id, document_id);
"""
MATCHES = "d.words @@ plainto_tsquery('english', %(word)s)"
CHOSEN = (
    "EXISTS (SELECT 1 FROM document_term c WHERE c.document_id = d.id AND c.term_id = %(term)s)"
)
RANK = "ts_rank(d.words, plainto_tsquery('english', %(word)s))"


def fill(url: str, rows: Iterable[Row]) -> psycopg.Connection[Any]:
    """A database of the documents, analysed, with memory to work in."""
    connection = psycopg.connect(url, autocommit=True)
    connection.execute("DROP TABLE IF EXISTS document, document_term")
    connection.execute(SCHEMA)
    every = list(rows)
    with connection.cursor() as cursor:
        with cursor.copy("COPY document (id, body) FROM STDIN") as copy:
            for row in every:
                copy.write_row((row.number, row.text))
        with cursor.copy("COPY document_term FROM STDIN") as copy:
            for row in every:
                for vocabulary, term in row.terms:
                    copy.write_row((row.number, term, vocabulary))
    connection.execute(INDEXES)
    connection.execute("VACUUM ANALYZE")
    connection.execute("SET work_mem = '128MB'")
    return connection


def _where(question: Question, *, has_term: bool = True) -> str:
    found = [MATCHES] if question.word else []
    found += [CHOSEN] if question.term and has_term else []
    return " AND ".join(found) or "true"


class AsAnOrmAsks:
    """One statement for the page, one for the number, one GROUP BY for each facet."""

    name = "PostgreSQL, one GROUP BY a facet"

    def __init__(self, connection: psycopg.Connection[Any], vocabularies: Sequence[str]) -> None:
        self.connection, self.vocabularies = connection, vocabularies

    def ask(self, question: Question) -> Answer:
        """Fifteen statements."""
        values: dict[str, Any] = {"word": question.word, "term": question.term}
        where = _where(question)
        rank = RANK if question.word else "d.id"
        found = f"SELECT d.id, d.body FROM document d WHERE {where}"
        page = f"{found} ORDER BY {rank} DESC, d.id LIMIT {HITS}"
        self._rows(page, values)
        count = self._rows(f"SELECT count(*) FROM document d WHERE {where}", values)[0][0]
        terms: dict[int, int] = {}
        for vocabulary in self.vocabularies:
            own = _where(question, has_term=vocabulary != "cause")
            grouped = (
                "SELECT t.term_id, count(DISTINCT d.id) FROM document d"
                " JOIN document_term t ON t.document_id = d.id"
                f" WHERE t.vocabulary = %(vocabulary)s AND {own} GROUP BY t.term_id"
            )
            terms |= dict(self._rows(grouped, values | {"vocabulary": vocabulary}))
        return Answer(count, terms)

    def _rows(self, statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        return self.connection.execute(statement, values).fetchall()


class InOneStatement:
    """The matches once, then everything from them."""

    name = "PostgreSQL, one best statement"

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection

    def ask(self, question: Question) -> Answer:
        """Matches are found once and joined once; the chosen facet is counted without its choice."""
        values = {"word": question.word, "term": question.term}
        rank = RANK if question.word else "d.id"
        matches = _where(question, has_term=False)
        kept = CHOSEN if question.term else "true"
        wider = "OR t.vocabulary = 'cause'" if question.term else ""
        statement = f"""
            WITH broad AS MATERIALIZED (
                SELECT d.id, {kept} AS kept FROM document d WHERE {matches}
            ), page AS (
                SELECT d.id, d.body FROM document d JOIN broad b ON b.id = d.id AND b.kept
                ORDER BY {rank} DESC, d.id LIMIT {HITS}
            )
            SELECT t.term_id, count(*) FROM broad b JOIN document_term t ON t.document_id = b.id
            WHERE b.kept {wider} GROUP BY t.term_id
            UNION ALL SELECT 0, count(*) FROM broad WHERE kept
            UNION ALL SELECT -1, count(body) FROM page
        """
        terms = dict(self.connection.execute(statement, values).fetchall())
        return Answer(terms.pop(0), {term: n for term, n in terms.items() if term > 0})
