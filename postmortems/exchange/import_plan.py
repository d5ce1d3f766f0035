"""What each file of an import is going to do, found out before anything is written.

Called by `importing`. A plan with problems is not carried out.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from postmortems import access, people
from postmortems.document import Classification, Document
from postmortems.exchange import carried, markdown_file
from postmortems.exchange.carried import Bytes
from postmortems.exchange.file_text import FILE_BYTES
from postmortems.exchange.markdown_file import FileProblem, Parsed
from postmortems.exchange.problems import did_you_mean
from postmortems.models import Postmortem, StoredFile, Team, User
from taxonomy import lookup
from taxonomy.lookup import Terms


@dataclass(frozen=True, slots=True)
class Markdown:
    """The bytes of a Markdown file with the files that lay beside it, by id."""

    data: bytes
    files: Mapping[str, bytes]


# A file by its path, or its name with its bytes or with what was read of it already.
Source = Path | tuple[str, bytes | Markdown | Parsed]

# No database takes any number of values in one statement.
BATCH = 500
# Of a name that is no name, in what is said of it.
LONGEST_SHOWN = 80

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Before:
    """What a postmortem was before an import changed it: its revision, and its envelope where that changed."""

    revision: int
    envelope: dict[str, Any]


@dataclass(slots=True)
class Plan:
    """One file: where it goes, as what, and what is wrong with it.

    The document names terms and relations as they are stored; `existing` is the primary key of the
    postmortem that the file is about, when there is one. Once the plan is carried out, `made` is
    the primary key of a new one, and `before` and `version` say what it was and is. `files` are
    those that it brings and that are not stored yet.
    """

    file: str
    parsed: Parsed
    team: Team
    document: Document
    problems: list[FileProblem]
    position: int = 0
    ref: str = ""
    existing: int | None = None
    made: int | None = None
    authors: tuple[User, ...] | None = None
    named: tuple[User, ...] | None = None
    outcome: str = "problem"
    before: "Before | None" = None
    version: int = 0
    files: list[StoredFile] = field(default_factory=list)

    @property
    def key(self) -> tuple[int, str]:
        """The identity of what is imported: team and import id."""
        return self.team.pk, self.parsed.envelope.import_id

    def add_problem(self, pointer: str, message: str, advice: str = "") -> None:
        """Report something at the place that the JSON pointer stands for."""
        place = self.parsed.place(pointer)
        self.problems.append(FileProblem(place.line, place.key, message, advice))


def make_plans(
    sources: Iterable[Source],
    *,
    by: User,
    team: Team,
    on_read: Callable[[], None],
    make_ref: Callable[[int], str],
) -> list[Plan]:
    """A plan for each file, in their order; `on_read` is called after each.

    `make_ref` gives what is new at a position its ref.
    """
    planning = _Planning(by, team, make_ref)
    plans = []
    for position, source in enumerate(sources):
        plans.append(planning.read(source))
        plans[-1].position = position
        on_read()
    planning.find_existing(plans)
    return plans


@dataclass(slots=True)
class _Planning:
    """What the plans of one import share."""

    by: User
    team: Team
    make_ref: Callable[[int], str]
    terms: Terms = field(default_factory=lookup.current)
    teams: dict[str, Team | None] = field(default_factory=dict)
    people: dict[str, User | None] = field(default_factory=dict)
    claims: dict[tuple[int, str], Plan] = field(default_factory=dict)

    def read(self, source: Source) -> Plan:
        """What the file alone says, checked against vocabularies, teams and people."""
        name, parsed = self._parse(source)
        plan = Plan(name, parsed, self.team, parsed.document, list(parsed.problems))
        if not parsed.places:
            return plan
        self._find_team(plan)
        plan.document = self._with_known_terms(plan)
        plan.authors = self._find_people(plan, "authors")
        plan.named = self._find_people(plan, "named")
        self._claim_import_id(plan)
        return plan

    def _parse(self, source: Source) -> tuple[str, Parsed]:
        name, data = (str(source), source) if isinstance(source, Path) else source
        if isinstance(data, Parsed):
            return name, data
        files: Mapping[str, Bytes] = {}
        try:
            if isinstance(data, Path):
                content, files = _bytes_of(data), carried.beside(data)
            elif isinstance(data, Markdown):
                content, files = data.data, data.files
            else:
                content = data
        except OSError as error:
            message = _("The file cannot be read: %(reason)s.") % {"reason": error.strerror}
            nothing = markdown_file.parse("", ())
            return name, replace(nothing, problems=(FileProblem(None, "", message),))
        slugs = {info.slug for info in self.terms.vocabularies}
        return name, replace(markdown_file.parse(content, slugs), files=files)

    def _find_team(self, plan: Plan) -> None:
        slug = plan.parsed.envelope.team
        if not slug:
            return
        if slug not in self.teams:
            self.teams[slug] = Team.objects.filter(slug=slug).first()
        team = self.teams[slug]
        if team is None:
            message = _("There is no team “%(slug)s”.") % {"slug": slug}
            known = Team.objects.values_list("slug", flat=True)
            plan.add_problem("/team", message, did_you_mean(slug, known))
        elif not access.may_write_in(self.by, team):
            message = _("You may not write in the team “%(team)s”.") % {"team": team}
            plan.add_problem("/team", message)
        else:
            plan.team = team

    def _find_people(self, plan: Plan, name: str) -> tuple[User, ...] | None:
        usernames = getattr(plan.parsed.envelope, name)
        if usernames is None:
            return None
        found = []
        for username in usernames:
            if username not in self.people:
                self.people[username] = people.called(username)
            user = self.people[username]
            if user is None:
                shown = Truncator(username).chars(LONGEST_SHOWN)
                message = _("There is no account “%(name)s”.") % {"name": shown}
                plan.add_problem(f"/{name}", message, _("Leave the name out, or make the account."))
            else:
                found.append(user)
        return tuple(dict.fromkeys(found))

    def _with_known_terms(self, plan: Plan) -> Document:
        """The document with every merged term replaced by its heir; unknown terms are problems."""
        found: dict[tuple[str, str, str], Classification] = {}
        for index, item in enumerate(plan.document.classifications):
            term = self.terms.get(item.vocabulary, item.term)
            if term is None:
                message = _("The vocabulary “%(vocabulary)s” has no term “%(term)s”.")
                values = {"vocabulary": item.vocabulary, "term": item.term}
                advice = self._near_terms(item)
                plan.add_problem(f"/classifications/{index}/term", message % values, advice)
            else:
                path = self.terms.heir(term).path
                found.setdefault((item.vocabulary, path, item.role), replace(item, term=path))
        return replace(plan.document, classifications=tuple(found.values()))

    def _near_terms(self, item: Classification) -> str:
        meant = [term.path for term in self.terms.resolve(item.vocabulary, item.term)]
        if not meant:
            every = self.terms.terms_of(item.vocabulary)
            slugs = {term.slug: term.path for term in every}
            near = get_close_matches(item.term, [*slugs, *(term.path for term in every)])
            meant = [slugs.get(word, word) for word in near]
        paths = list(dict.fromkeys(meant))
        return _("Did you mean %(paths)s?") % {"paths": ", ".join(paths)} if paths else ""

    def _claim_import_id(self, plan: Plan) -> None:
        import_id = plan.parsed.envelope.import_id
        if not import_id:
            # In JSON a place is its pointer, and what is written there looks different.
            if plan.parsed.place("/import_id").key.startswith("/"):
                advice = _('Write a key such as "import_id": "%(id)s".')
            else:
                advice = _("Write a line such as import_id: %(id)s.")
            message = _("The file has no import id, by which it would be known again.")
            plan.add_problem("/import_id", message, advice % {"id": Path(plan.file).stem})
            return
        first = self.claims.setdefault(plan.key, plan)
        if first is not plan:
            values = {"id": import_id, "first": first.file, "second": plan.file}
            message = _("The import id “%(id)s” stands in %(first)s and again in %(second)s.")
            plan.add_problem("/import_id", message % values, _("Give one of them another."))

    def find_existing(self, plans: Iterable[Plan]) -> None:
        """Give each plan the ref of the postmortem that it is about, or a new one."""
        good = [plan for plan in plans if not plan.problems]
        for batch in batches(good):
            import_ids = [plan.key[1] for plan in batch]
            teams = {plan.team.pk for plan in batch}
            # A postmortem without an import id is exported under its ref.
            named = Q(import_id__in=import_ids) | Q(import_id="", ref__in=import_ids)
            rows = Postmortem.objects.filter(named, team__in=teams)
            by_key = {(row.team_id, row.import_id or row.ref): row for row in rows}
            seen = visible_keys(rows, self.by)
            for plan in batch:
                self._connect(plan, by_key.get(plan.key), seen)

    def _connect(self, plan: Plan, row: Postmortem | None, seen: set[int]) -> None:
        if row is None:
            plan.ref = self.make_ref(plan.position)
        elif row.pk not in seen:
            message = _("The import id “%(id)s” cannot be used here.") % {"id": plan.key[1]}
            plan.add_problem("/import_id", message, _("Choose another."))
        elif row.deleted_at:
            message = _("The postmortem “%(title)s” is in the bin.") % {"title": row.title}
            plan.add_problem("/import_id", message, _("Take it out, or choose another import id."))
        else:
            plan.ref, plan.existing = row.ref, row.pk


def visible_keys(rows: Iterable[Postmortem], by: User) -> set[int]:
    """The primary keys of those that the importer may see, in the bin or not."""
    keys = [row.pk for row in rows]
    if by.is_system:
        return set(keys)
    seen = Postmortem.objects.visible_with(access.tokens_of(by)).filter(pk__in=keys)
    return set(seen.values_list("pk", flat=True))


def _bytes_of(path: Path) -> bytes:
    with path.open("rb") as file:
        # One byte more than a file may have: enough to see that it is too long.
        return file.read(FILE_BYTES + 1)


def batches(items: list[Item]) -> Iterable[list[Item]]:
    """The items in lists of at most BATCH."""
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
