"""What a verb of curators refused, in the words of its form: at the fields, and in the lines above them."""

from collections.abc import Mapping
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# The codes of `taxonomy.fields`, whose sentences name the keys of files.
WORDS: dict[str, str | Promise] = {
    "english": gettext_lazy("the English text is missing."),
    "twice": gettext_lazy("the same stands there twice; once is enough."),
    "choice": gettext_lazy("“%(value)s” is not one of the choices."),
    "number": gettext_lazy("write a number from %(lowest)d to %(highest)d."),
    "too-long": gettext_lazy("too long; at most %(most)s characters fit."),
}


class Place(NamedTuple):
    """A field of a form: what it is called, and the id that a link leads to."""

    label: str | Promise
    id: str


class Line(NamedTuple):
    """A sentence above the form; `id` is empty where it is about no field."""

    words: str
    id: str


Places = Mapping[str, Place]

# Each in the order in which the fields stand.
VOCABULARY: Places = {
    "names": Place(gettext_lazy("Names"), "names-en"),
    "slug": Place(gettext_lazy("Key"), "slug"),
    "help": Place(gettext_lazy("What it is for"), "help-en"),
    "kind": Place(gettext_lazy("Kind"), "kind"),
    "facet": Place(gettext_lazy("In the filters"), "facet"),
    "facet_values": Place(gettext_lazy("Values before “more”"), "facet_values"),
    "many": Place(gettext_lazy("More than one term"), "many"),
    "roles": Place(gettext_lazy("On a postmortem"), "roles"),
}
TERM: Places = {
    "names": Place(gettext_lazy("Names"), "names-en"),
    "definitions": Place(gettext_lazy("Meaning, in a sentence"), "definitions-en"),
    "slug": Place(gettext_lazy("Last part of the address"), "slug"),
    "parent": Place(gettext_lazy("Below"), "parent"),
    "aliases": Place(gettext_lazy("Other names, one a line"), "aliases"),
    "symbol": Place(gettext_lazy("Symbol"), "symbol"),
    "rank": Place(gettext_lazy("Rank"), "rank"),
    "why": Place(gettext_lazy("Why it is needed"), "why"),
    "answer": Place(gettext_lazy("Answer"), "answer"),
}
MOVE: Places = {
    "parent": Place(gettext_lazy("Below"), "below"),
    "slug": Place(gettext_lazy("Last part of the address"), "slug"),
}
MERGE: Places = {"target": Place(gettext_lazy("Merge into"), "target")}
TRACKER: Places = {
    "name": Place(gettext_lazy("Name of the tracker"), "name"),
    "ticket_url": Place(gettext_lazy("Where a ticket is begun"), "ticket_url"),
    "prefix": Place(gettext_lazy("What its keys begin with"), "prefix"),
    "key_url": Place(gettext_lazy("Where a key leads to"), "key_url"),
}


def at_fields(error: ValidationError) -> dict[str, str]:
    """What is wrong, by field, as it stands under the field's label."""
    return {name: " ".join(map(_words, found)) for name, found in error.error_dict.items()}


def lines(errors: Mapping[str, str], places: Places) -> tuple[Line, ...]:
    """The same above the form, in the order of its fields: each names its field and leads there."""
    order = list(places)
    known = sorted(set(errors) & set(places), key=order.index)
    rest = [name for name in errors if name not in places]
    return (
        *(Line(_named(errors[name], places[name].label), places[name].id) for name in known),
        *(Line(errors[name], "") for name in rest),
    )


def _words(error: ValidationError) -> str:
    words = WORDS.get(error.code or "")
    return capfirst(str(words) % error.params) if words else " ".join(error.messages)


def _named(words: str, label: str | Promise) -> str:
    """A sentence that says what its field is called needs no name before it."""
    if str(label).casefold() in words.casefold():
        return words
    return _("%(field)s: %(problem)s") % {"field": label, "problem": words}
