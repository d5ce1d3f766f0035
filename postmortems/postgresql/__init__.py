"""Django's PostgreSQL backend, but for a server that hangs: no reader waits for it longer than two seconds."""
