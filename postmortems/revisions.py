"""Every saved content as an unchangeable revision."""

from collections.abc import Iterable, Iterator
from typing import Any

from postmortems.models import Postmortem, Revision, User

Data = dict[str, Any]


def store_many(saved: Iterable[tuple[Postmortem, Data, str]], *, by: User) -> None:
    """Keep contents as the first revisions of their postmortems: postmortem, Document as JSON, comment."""
    Revision.objects.bulk_create(
        Revision(
            postmortem=postmortem,
            number=postmortem.revision,
            author=by,
            comment=comment,
            document=data,
            last_changed=dict.fromkeys(parts_of(data), postmortem.revision),
        )
        for postmortem, data, comment in saved
    )


def store_next(
    postmortem: Postmortem, data: Data, before: Data, *, by: User, comment: str = ""
) -> None:
    """Keep a content as the revision that its postmortem now names; `before` is the one it replaces."""
    earlier = Revision.objects.filter(postmortem=postmortem, number=postmortem.revision - 1)
    known = earlier.values_list("last_changed", flat=True).first() or {}
    Revision.objects.create(
        postmortem=postmortem,
        number=postmortem.revision,
        author=by,
        comment=comment,
        document=data,
        last_changed=known | dict.fromkeys(_changed(before, data), postmortem.revision),
    )


def parts_of(data: Data) -> dict[str, Any]:
    """The parts of a stored content by the names that differences give them."""
    nested = {
        f"{part}/{key}": value
        for part in ("sections", "translations")
        for key, value in data.get(part, {}).items()
    }
    own = {name: data[name] for name in data if name not in ("schema", "sections", "translations")}
    return own | nested


def _changed(before: Data, after: Data) -> Iterator[str]:
    old, new = parts_of(before), parts_of(after)
    for name in dict.fromkeys((*new, *old)):
        if old.get(name) != new.get(name):
            yield name
