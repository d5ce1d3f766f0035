"""Django's PostgreSQL backend, but for a server that hangs: nobody waits for it longer than two seconds."""
