"""Relations of imported files: import ids become refs, whatever order the files come in.

Called by `importing` once every file has its ref.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Q
from django.utils.translation import gettext as _

from postmortems.exchange.import_plan import Plan, batches, visible_keys
from postmortems.exchange.problems import did_you_mean
from postmortems.models import Postmortem, Relation, Team, User

# Among how many import ids a similar one is looked for; more would take long.
NEAR = 500
# How many characters a similar import id begins with; the database finds those quickly.
SAME_START = 3

# A team's primary key, and what a file of that team calls a postmortem.
Name = tuple[int, str]


def resolve(plans: Sequence[Plan], *, by: User) -> None:
    """Make refs of the targets; a relation to what is not there is a problem of its file."""
    targets = _stored_targets(plans, by)
    targets.coming = {plan.key: plan.ref for plan in plans}
    pointing = defaultdict(list)
    for plan in plans:
        for item in plan.document.relations:
            pointing[plan.team.pk, item.target].append(plan)
            pointing[targets.team_and_id(item.target)].append(plan)
    refused = [plan for plan in plans if _refuse_unknown(plan, targets)]
    # A file that is refused takes its import id away from those that point to it.
    while refused:
        gone = refused.pop().key
        targets.coming.pop(gone, None)
        affected = [plan for plan in pointing[gone] if not plan.problems]
        refused += [plan for plan in affected if _refuse_unknown(plan, targets)]
    for plan in plans:
        relations = tuple(
            replace(item, target=targets.ref_of(plan, item.target) or item.target)
            for item in plan.document.relations
        )
        plan.document = replace(plan.document, relations=relations)


@dataclass(slots=True)
class _Targets:
    """The refs that names stand for.

    `hidden` ones (in the bin, or not for the importer's eyes) count only where the postmortem
    points to them already, by `kept`: so that a file which says nothing new changes nothing.
    """

    by: User
    coming: dict[Name, str] = field(default_factory=dict)
    stored: dict[Name, str] = field(default_factory=dict)
    hidden: dict[Name, str] = field(default_factory=dict)
    kept: dict[int, set[str]] = field(default_factory=dict)
    teams: dict[str, int] = field(default_factory=dict)

    def team_and_id(self, target: str) -> Name:
        """What `team/import-id` names, of whatever team."""
        slug, _slash, import_id = target.partition("/")
        return self.teams.get(slug, 0), import_id

    def ref_of(self, plan: Plan, target: str) -> str:
        """The ref that the target of a plan's relation stands for; empty when it is unknown."""
        name = (plan.team.pk, target)
        elsewhere = self.team_and_id(target)
        for known in (name, elsewhere):
            if ref := self.coming.get(known) or self.stored.get(known):
                return ref
        if elsewhere in self.hidden:
            target = self.hidden[elsewhere]
        ref = self.hidden.get(name, target)
        return ref if ref in self.kept.get(plan.existing or 0, ()) else ""

    def names_like(self, plan: Plan, target: str) -> list[str]:
        """Some import ids of the team, among which a similar one may be."""
        stored = Postmortem.objects.live().filter(
            team=plan.team, import_id__startswith=target[:SAME_START]
        )
        if not self.by.is_system:
            stored = stored.visible_to(self.by)
        names = [name for team, name in self.coming if team == plan.team.pk and name != plan.key[1]]
        return [*names[:NEAR], *stored.values_list("import_id", flat=True)[:NEAR]]


def _refuse_unknown(plan: Plan, targets: _Targets) -> bool:
    for index, item in enumerate(plan.document.relations):
        if not targets.ref_of(plan, item.target):
            message = _("There is no postmortem “%(id)s” to relate to.") % {"id": item.target}
            otherwise = _("It must be there, or come in by the same import without problems.")
            near = targets.names_like(plan, item.target)
            advice = did_you_mean(item.target, near, otherwise)
            plan.add_problem(f"/relations/{index}/target", message, advice)
    return bool(plan.problems)


def _stored_targets(plans: Sequence[Plan], by: User) -> _Targets:
    """Postmortems by the import id within their team, and from everywhere by their ref."""
    wanted = [(plan.team.pk, item.target) for plan in plans for item in plan.document.relations]
    slugs = {target.partition("/")[0] for _team, target in wanted if "/" in target}
    teams = dict(Team.objects.filter(slug__in=slugs).values_list("slug", "pk")) if slugs else {}
    targets = _Targets(by, kept=_kept_targets(plans), teams=teams)
    for batch in batches(wanted):
        names = {target for _team, target in batch}
        names |= {target.partition("/")[2] for target in names if "/" in target} - {""}
        rows = list(Postmortem.objects.filter(Q(import_id__in=names) | Q(ref__in=names)))
        seen = visible_keys(rows, by)
        for row in rows:
            is_usable = row.pk in seen and not row.deleted_at
            found = targets.stored if is_usable else targets.hidden
            found |= {(team, row.ref): row.ref for team, target in batch if target == row.ref}
            found[row.team_id, row.import_id or row.ref] = row.ref
    return targets


def _kept_targets(plans: Sequence[Plan]) -> dict[int, set[str]]:
    keys = [plan.existing for plan in plans if plan.existing and plan.document.relations]
    kept: dict[int, set[str]] = defaultdict(set)
    for batch in batches(keys):
        rows = Relation.objects.filter(postmortem__in=batch)
        for key, target in rows.values_list("postmortem_id", "target_ref"):
            kept[key].add(target)
    return kept
