"""What a backup reads: every table of every application, each in the order of its key."""

from django.db import connection


def test_every_model_has_a_table_with_one_key(db):
    read = connection.introspection

    with connection.cursor() as cursor:
        keys = {
            name: read.get_primary_key_column(cursor, name) for name in read.table_names(cursor)
        }

    assert {"mfa_authenticator", "socialaccount_socialaccount", "postmortems_session"} < set(keys)
    assert set(read.django_table_names(include_views=False)) <= set(keys)
    assert [name for name, key in keys.items() if not key] == []
