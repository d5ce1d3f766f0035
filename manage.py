#!/usr/bin/env python3
"""The door to every command: `manage.py help` lists them."""

import os
import sys


def main() -> None:
    """Run one command against the site that the environment describes."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postmortems.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
