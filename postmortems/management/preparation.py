"""What a site needs before it serves, step by step; each says what it did, or nothing when all was there.

Called by `manage.py prepare_site`, at every start of `make run`.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from postmortems import accounts, body_templates, openings
from postmortems.exchange.importing import import_files
from postmortems.exchange.vocabularies import is_loaded, load_vocabularies
from postmortems.models import AuditEntry, Postmortem, Team, User
from postmortems.search import sync

TAXONOMY = settings.BASE_DIR / "fixtures" / "taxonomy.yaml"
BODY_TEMPLATES = settings.BASE_DIR / "fixtures" / "body_templates.yaml"
SEEDS = settings.BASE_DIR / "fixtures" / "seeds"

# Team -> username -> role there.
DEMONSTRATION_TEAMS = {
    "platform": {"alice": "author", "bob": "reviewer"},
    "payments": {"charlie": "author"},
}
ADMINISTRATOR = "dana"
SEEDS_TEAM = "platform"


def apply_migrations() -> str:
    """Bring the tables up to date."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return ""
    call_command("migrate", interactive=False, verbosity=0)
    return f"Database: {len(plan)} migrations applied."


def load_taxonomy() -> str:
    """Load the shipped vocabularies when their file is new; what curators changed since stays."""
    text = TAXONOMY.read_text(encoding="utf-8")
    if is_loaded(text):
        return ""
    report = load_vocabularies(text, by=User.objects.system())
    if report.problems:
        raise CommandError(f"{TAXONOMY}: {report.problems[0].message}")
    return f"Vocabularies: {report.created} new, {report.changed} changed."


def load_body_templates() -> str:
    """Add the shipped body templates that are not there and renew those that nobody has edited."""
    text = BODY_TEMPLATES.read_text(encoding="utf-8")
    report = body_templates.load_shipped(text, by=User.objects.system())
    if not report.created + report.changed:
        return ""
    return f"Templates: {report.created} new, {report.changed} changed."


def make_demonstration_accounts() -> str:
    """Make the accounts and teams of the demonstration that are not there."""
    system = User.objects.system()
    made = [_make_user(ADMINISTRATOR, system)]
    for slug, members in DEMONSTRATION_TEAMS.items():
        team = Team.objects.filter(slug=slug).first() or accounts.create_team(slug, by=system)
        for username, role in members.items():
            user = _make_user(username, system)
            made.append(user)
            if user:
                accounts.add_member(team, user, role=role, by=system)
    count = sum(user is not None for user in made)
    return f"Accounts: {count} made." if count else ""


def _make_user(username: str, by: User) -> User | None:
    if User.objects.filter(username__iexact=username).exists():
        return None
    return accounts.create_user(
        username,
        by=by,
        name=username.capitalize(),
        password=settings.DEMO_PASSWORD,
        is_administrator=username == ADMINISTRATOR,
        is_curator=username == ADMINISTRATOR,
    )


def import_seeds() -> str:
    """Import the incidents that come with the product, but for those that somebody has changed."""
    team = Team.objects.get(slug=SEEDS_TEAM)
    kept = _changed_by_people(team)
    files = [path for path in sorted(SEEDS.glob("*.md")) if path.stem not in kept]
    report = import_files(files, by=User.objects.system(), team=team)
    for row in (row for row in report.rows if row.outcome == "problem"):
        raise CommandError(f"{row.file}: {row.problems[0]}")
    counts = report.counts
    if not counts["new"] + counts["changed"]:
        return ""
    # What the demonstration came with is news to nobody.
    openings.begin_anew(User.objects.filter(username__in=_demonstration_names()))
    return f"Incidents: {counts['new']} new, {counts['changed']} changed."


def _demonstration_names() -> list[str]:
    return [ADMINISTRATOR, *(name for members in DEMONSTRATION_TEAMS.values() for name in members)]


def _changed_by_people(team: Team) -> set[str]:
    acts = AuditEntry.objects.filter(object_kind="postmortem").exclude(actor=User.objects.system())
    changed = Postmortem.objects.filter(team=team, ref__in=acts.values("object_id"))
    return set(changed.values_list("import_id", flat=True))


def bring_index_up_to_date() -> str:
    """Let the search index follow the log to its end."""
    sync.catch_up()
    return ""


def steps() -> list[Callable[[], str]]:
    """What is to be done in this mode, in order."""
    demonstration = [make_demonstration_accounts, import_seeds] if settings.MODE == "demo" else []
    always = [apply_migrations, load_taxonomy, load_body_templates]
    return [*always, *demonstration, bring_index_up_to_date]


def demonstration_accounts() -> str:
    """Who can sign in to the demonstration, in a sentence; empty in production."""
    if settings.MODE != "demo":
        return ""
    return (
        f"Accounts, all with the password {settings.DEMO_PASSWORD}: alice writes, bob reviews, "
        "charlie is in another team, dana administers."
    )
