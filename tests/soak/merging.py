"""Writers and readers beside a merge of two terms; every answer that fits no moment is kept."""

import random
from contextlib import suppress
from dataclasses import replace

from django.contrib.auth.models import AnonymousUser

from postmortems import authoring, content, curation, outbox
from postmortems.models import Postmortem, User
from postmortems.search import Results, search, sync
from taxonomy.models import Term
from tests.makers import make_document, make_postmortem, make_team
from tests.threads import Threads

OLD, HEIR, OTHER = "network/dns", "time", "platform"
AT_ONCE = 100


def fill(count: int, both: int) -> None:
    """So many postmortems, with one of the two terms in turn, the first few with both."""
    system, team = User.objects.system(), make_team("platform")
    needed = ("severity:sev3", "kind:outage")
    starts = []
    for number in range(count):
        causes = [f"cause.primary:{(OLD, HEIR)[number % 2]}"]
        if number < both:
            causes = [f"cause.contributing:{OLD}", f"cause.primary:{HEIR}"]
        document = make_document(f"Walrus {number}", (*causes, *needed))
        starts.append(authoring.Start(document, team, visibility="public", status="published"))
    with outbox.postponed():
        for first in range(0, count, AT_ONCE):
            authoring.create_many(starts[first : first + AT_ONCE], by=system)


def merge() -> None:
    """Let the one stand for the other."""
    old, heir = (Term.objects.get(vocabulary__slug="cause", path=path) for path in (OLD, HEIR))
    curation.merge_terms(old, heir, by=User.objects.system())


def ask(text: str) -> Results:
    """One search by a visitor."""
    return search(text, {}, AnonymousUser(), page_size=1)


def shown(results: Results, path: str) -> int:
    """How often a cause is counted."""
    causes = next(facet for facet in results.facets if facet.slug == "cause")
    return sum(value.count for value in causes.flat() if value.value == path)


class Beside(Threads):
    """A writer and readers. `both` postmortems have both terms, `count` at least one."""

    def __init__(self, count: int, both: int, readers: int) -> None:
        self.count, self.both = count, both
        self.answers = self.writes = 0
        super().__init__((self.write, *[self.read] * readers), [])

    def write(self, dice: random.Random) -> None:
        """Another postmortem without the two, and other words in one that has them."""
        make_postmortem(make_document("Otter", (f"cause.primary:{OTHER}",)))
        # Those with both stay as they are: one that was saved anew has one term where others have two.
        one = Postmortem.objects.filter(title__startswith="Walrus").order_by("pk")
        made = one[dice.randrange(self.both, self.count)]
        document = replace(content.read(made), title=f"Walrus again {self.writes}")
        # The writer of the other process may have been quicker.
        with suppress(authoring.Conflict):
            authoring.edit(made, document, by=User.objects.system(), revision=made.revision)
        self.writes += 1

    def read(self, _dice: random.Random) -> None:
        """The counts of one answer agree with each other and with what a click on them finds."""
        before = sync.view().state
        results = ask("walrus")
        old, heir = shown(results, OLD), shown(results, HEIR)
        self._expect("walrus", results.count, self.count)
        self._expect(f"{OLD} and {HEIR}", old + heir, self.count + (self.both if old else 0))
        behind = [ask(f"cause:{path}").count for path in (OLD, HEIR)]
        # What moved on between two questions cannot be compared.
        if sync.view().state == before:
            self._expect("behind the links", sum(behind), (old or heir) + heir)
        self.answers += 1

    def _expect(self, what: str, number: int, wanted: int) -> None:
        if number != wanted:
            self.wrong.append(f"{what}: {number}, not {wanted}")


_beside: list[Beside] = []


def watch(count: int, both: int, readers: int) -> None:
    """Let a writer and readers loose in this process."""
    _beside.append(Beside(count, both, readers).__enter__())


def so_far() -> tuple[int, int]:
    """How many answers and writes there were."""
    return _beside[-1].answers, _beside[-1].writes


def unwatch() -> tuple[int, int, list[str]]:
    """Stop them: how many answers, how many writes, what was wrong."""
    beside = _beside.pop()
    beside.__exit__()
    return beside.answers, beside.writes, beside.wrong


def counted() -> list[int]:
    """How many are found by the one, by the other, and counted for each."""
    results = ask("walrus")
    found = [ask(f"walrus cause:{path}").count for path in (OLD, HEIR)]
    return [*found, shown(results, OLD), shown(results, HEIR)]
