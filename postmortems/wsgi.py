"""The application that gunicorn serves."""

import os

from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.urls import resolve

from postmortems.deep_calls import with_room
from postmortems.operations import limits

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postmortems.settings")

application = with_room(get_wsgi_application())
limits.bound_waiting()
# The views are loaded now and not by whoever comes first.
resolve("/")

if settings.MODE == "production":
    # A server that is started by itself must refuse what `manage.py serve` refuses.
    call_command("check", databases=["default"])
