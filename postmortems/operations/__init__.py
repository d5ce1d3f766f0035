"""What keeps the site running: limits, metrics, backups, the copy that is read when nothing else runs."""
