"""Number and chain the rows that are there, in the order they were written."""

import hashlib
import json
from datetime import UTC

from django.db import migrations

AT_ONCE = 500
# As `postmortems.audit.chain` has it at the time of this migration.
COLUMNS = (
    *("number", "actor_id", "actor_name", "token_id", "token_prefix", "address", "request_id"),
    *("action", "object_kind", "object_id", "object_name", "before", "after", "previous_digest"),
)


def chain(apps, schema_editor):
    entries = apps.get_model("postmortems", "AuditEntry").objects
    last_pk, number, digest = 0, 0, ""
    while some := list(entries.filter(pk__gt=last_pk).order_by("pk")[:AT_ONCE]):
        for entry in some:
            number += 1
            entry.number, entry.previous_digest = number, digest
            entry.digest = digest = digest_of(entry)
        entries.bulk_update(some, ["number", "previous_digest", "digest"], batch_size=100)
        last_pk = some[-1].pk


def digest_of(entry):
    told = {name: getattr(entry, name) for name in COLUMNS}
    told["at"] = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    canonical = json.dumps(told, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def unchain(apps, schema_editor):
    entries = apps.get_model("postmortems", "AuditEntry").objects
    entries.update(number=None, previous_digest="", digest="")


class Migration(migrations.Migration):
    dependencies = [("postmortems", "0008_widen_the_audit_log")]

    operations = [migrations.RunPython(chain, unchain)]
