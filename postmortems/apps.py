"""The application's start: system checks; the index follows commits, notifications follow verbs."""

from importlib import import_module

from django.apps import AppConfig


class PostmortemsConfig(AppConfig):
    """The one application beside the taxonomy."""

    name = "postmortems"

    def ready(self) -> None:
        """Runs once, after all models are there, which what is imported here needs."""
        import_module("postmortems.checks")
        import_module("postmortems.storage_checks")
        outbox = import_module("postmortems.outbox")
        sync = import_module("postmortems.search.sync")
        if sync.catch_up not in outbox.after_commit:
            outbox.after_commit.append(sync.catch_up)
        authoring = import_module("postmortems.authoring")
        events = import_module("postmortems.reviews.events")
        listening = import_module("postmortems.notifications.listening")
        if listening.on_verb not in authoring.listeners:
            authoring.listeners.append(listening.on_verb)
            events.listeners.append(listening.on_event)
