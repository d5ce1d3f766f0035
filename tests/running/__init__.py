"""The site as operators run it: gunicorn with workers, a PostgreSQL of its own that stops, hangs and dies."""
