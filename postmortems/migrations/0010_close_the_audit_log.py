"""From here on the database takes only rows that continue the chain, and changes or removes none.

On SQLite a later migration that alters this table makes it anew, without its triggers: it must call
`close` again. `verify_audit` and a test see when they are missing.
"""

from django.db import migrations, models

SQLITE = (
    # OR REPLACE would remove a row without asking the trigger for deletions, hence the look at the id.
    """
    CREATE TRIGGER audit_append BEFORE INSERT ON postmortems_auditentry
    WHEN NEW.number <> COALESCE((SELECT MAX(number) FROM postmortems_auditentry), 0) + 1
      OR NEW.previous_digest <>
         COALESCE((SELECT digest FROM postmortems_auditentry ORDER BY number DESC LIMIT 1), '')
      OR EXISTS (SELECT 1 FROM postmortems_auditentry WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'The audit log is append-only.'); END
    """,
    """
    CREATE TRIGGER audit_no_update BEFORE UPDATE ON postmortems_auditentry
    BEGIN SELECT RAISE(ABORT, 'The audit log is append-only.'); END
    """,
    """
    CREATE TRIGGER audit_no_delete BEFORE DELETE ON postmortems_auditentry
    BEGIN SELECT RAISE(ABORT, 'The audit log is append-only.'); END
    """,
)
POSTGRESQL = (
    """
    CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'The audit log is append-only.' USING ERRCODE = 'restrict_violation'; END $$
    """,
    """
    CREATE FUNCTION audit_append() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    DECLARE last_number bigint; last_digest text;
    BEGIN
      SELECT number, digest INTO last_number, last_digest
        FROM postmortems_auditentry ORDER BY number DESC LIMIT 1;
      IF NEW.number <> COALESCE(last_number, 0) + 1
         OR NEW.previous_digest <> COALESCE(last_digest, '') THEN
        RAISE EXCEPTION 'The audit log is append-only.' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER audit_append BEFORE INSERT ON postmortems_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_append()
    """,
    """
    CREATE TRIGGER audit_no_update BEFORE UPDATE ON postmortems_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_refuse()
    """,
    """
    CREATE TRIGGER audit_no_delete BEFORE DELETE ON postmortems_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_refuse()
    """,
    """
    CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON postmortems_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()
    """,
)
NAMES = ("audit_append", "audit_no_update", "audit_no_delete")


def close(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in POSTGRESQL if is_postgresql else SQLITE:
        schema_editor.execute(statement)


def open_again(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in (*NAMES, "audit_no_truncate"):
            schema_editor.execute(f"DROP TRIGGER {name} ON postmortems_auditentry")
        schema_editor.execute("DROP FUNCTION audit_append()")
        schema_editor.execute("DROP FUNCTION audit_refuse()")
        return
    for name in NAMES:
        schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("postmortems", "0009_chain_former_acts")]

    operations = [
        migrations.AlterField(
            model_name="auditentry",
            name="number",
            field=models.PositiveBigIntegerField(unique=True),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["object_id", "number"], name="audit_of_object"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["action", "number"], name="audit_by_action"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["request_id"], name="audit_by_request"),
        ),
        migrations.RunPython(close, open_again),
    ]
