"""Merging two terms: all that one has goes to the other, in one moment, however much it is.

The rows change and the term is marked in one transaction, so there is nothing half done to resume and
no moment at which a reader could count half of it. The index follows as it does after a move: in one
commit, or, when that would keep searches waiting, with the old picture kept whole until a new one is
there (`search.sync`).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from postmortems import audit
from postmortems.curation.moving import hang
from postmortems.curation.rights import curating, locked
from postmortems.models import Classification, Postmortem, User
from postmortems.uniting import united
from taxonomy import tree
from taxonomy.lookup import fold
from taxonomy.models import Term

# Rows that one statement names.
AT_ONCE = 500


def merge_terms(source: Term, target: Term, *, by: User, as_of: int | None = None) -> Term:
    """Let `target` stand for `source`, whose postmortems, names and terms below become its own.

    A postmortem that has both keeps one, in the weightier role, with a reason if either has one.
    Raises PermissionDenied; ValidationError keyed `target` where they cannot be one.
    """
    with curating(by, as_of):
        source, target = locked(source), locked(target)
        if problem := merge_problem(source, target):
            raise ValidationError({"target": problem})
        _hang_below(source, target)
        # Its own path may have changed with the move of what it hangs below.
        target.refresh_from_db()
        changed = _hand_over(source, target)
        source.retired_at = source.retired_at or timezone.now()
        source.merged_into = target
        source.save()
        target.aliases = [*target.aliases, *_new_names(source, target)]
        target.save()
        after = {"merged_into": target.path, "postmortems": changed}
        audit.record("merge-term", source, by=by, before={"path": source.path}, after=after)
    return target


def merge_problem(source: Term, target: Term) -> str:
    """Why the two cannot be one, as a sentence; empty when they can."""
    if source.vocabulary_id != target.vocabulary_id:
        return _("Only terms of one vocabulary can be merged.")
    if source.pk == target.pk:
        return _("Choose another term to merge it into.")
    if source.merged_into_id is not None:
        return _("This term was merged already.")
    if target.retired_at is not None:
        return _("The term to merge into is retired; restore it first.")
    if tree.is_under(target.path, source.path):
        return _("A term cannot be merged into one below it; move that one first.")
    return ""


def _hang_below(source: Term, target: Term) -> None:
    """What was below the one is below the other: a search for it finds them as before."""
    children = source.children.filter(merged_into__isnull=True)
    for child in children.select_related("vocabulary").order_by("position", "slug"):
        path = tree.join(target.path, child.slug)
        if Term.objects.filter(vocabulary=target.vocabulary_id, path=path).exists():
            message = _("Both have a term “%(slug)s” below them; merge these first.")
            raise ValidationError({"target": message % {"slug": child.slug}})
        hang(child, target, child.slug)


def _hand_over(source: Term, target: Term) -> int:
    """Give all uses of the one to the other; returns how many postmortems that changed."""
    uses = Classification.objects.filter(term=source)
    changed = Postmortem.objects.filter(pk__in=uses.values("postmortem"))
    count = changed.update(version=F("version") + 1)
    having_both = Classification.objects.filter(
        term=target, postmortem__in=uses.values("postmortem")
    )
    pks = sorted(set(having_both.values_list("postmortem_id", flat=True)))
    for start in range(0, len(pks), AT_ONCE):
        _unite(pks[start : start + AT_ONCE], source, target)
    uses.update(term=target)
    return count


def _unite(postmortem_ids: Sequence[int], source: Term, target: Term) -> None:
    """Leave each of these postmortems one use of the two terms."""
    of_each: dict[int, list[Classification]] = defaultdict(list)
    rows = Classification.objects.filter(postmortem__in=postmortem_ids, term__in=(source, target))
    for row in rows.order_by("position"):
        of_each[row.postmortem_id].append(row)
    kept = [united(several) for several in of_each.values()]
    rows.exclude(pk__in=[row.pk for row in kept]).delete()
    for row in kept:
        row.term = target
    Classification.objects.bulk_update(kept, ["term", "why"])


def _new_names(source: Term, target: Term) -> Iterable[str]:
    """What the one was called and the other is not yet."""
    known = {fold(name) for name in (*target.names.values(), *target.aliases)}
    for name in (*source.names.values(), *source.aliases):
        if fold(name) not in known:
            known.add(fold(name))
            yield name
