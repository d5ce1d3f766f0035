"""The addresses of postmortems and of what stands below one; `urls` takes them in."""

from typing import Any

from django.urls import URLPattern, path

from postmortems.api import actions, known, lessons, postmortems
from postmortems.api import postmortem_acts as acts
from postmortems.api import postmortem_items as items
from postmortems.api import postmortem_reviews as reviews
from postmortems.api import postmortem_revisions as revisions
from postmortems.api import similar_pairs as pairs

SET: dict[str, Any] = {"get": "list", "post": "create"}
ONE: dict[str, Any] = {"get": "retrieve", "patch": "partial_update", "delete": "destroy"}
SAID: dict[str, Any] = {"put": "update", "delete": "destroy"}
# Each verb has an address of its own below the postmortem, named `postmortem-submit` and so on.
ACTS: dict[str, Any] = {
    "submit": acts.Submit,
    "approve": acts.Approve,
    "request-changes": acts.RequestChanges,
    "publish": acts.Publish,
    "withdraw": acts.Withdraw,
    "archive": acts.Archive,
    "unarchive": acts.Unarchive,
    "duplicate": acts.Duplicate,
    "restore": acts.Restore,
    "restore-revision": acts.RestoreRevision,
}
TALK: dict[str, Any] = {
    "replies": reviews.Replies,
    "settle": reviews.Settle,
    "reopen": reviews.Reopen,
}


def of_one(below: str, view: Any, name: str) -> URLPattern:
    """An address below that of a postmortem."""
    return path(f"postmortems/<str:ref>/{below}", view, name=f"postmortem{name}")


PATHS = [
    path("postmortems/", postmortems.Postmortems.as_view(SET), name="postmortems"),
    of_one("", postmortems.OnePostmortem.as_view({**ONE, "put": "update"}), ""),
    *(
        of_one(f"{verb}/", act.as_view({"post": "create"}), f"-{verb}")
        for verb, act in ACTS.items()
    ),
    of_one("timeline/", items.Timeline.as_view(SET), "-timeline"),
    of_one("timeline/<str:item_id>/", items.Timeline.as_view(ONE), "-timeline-entry"),
    of_one("actions/", items.Actions.as_view(SET), "-actions"),
    of_one("actions/<str:item_id>/", items.Actions.as_view(ONE), "-action"),
    of_one("known/", known.Known.as_view({"get": "retrieve"}), "-known"),
    of_one("similar/<str:other>/same-defect/", pairs.SameDefect.as_view(SAID), "-same-defect"),
    of_one("similar/<str:other>/dismissal/", pairs.Dismissed.as_view(SAID), "-dismissal"),
    of_one("revisions/", revisions.Revisions.as_view({"get": "list"}), "-revisions"),
    of_one(
        "revisions/<str:before>..<str:after>/",
        revisions.Differences.as_view({"get": "retrieve"}),
        "-differences",
    ),
    of_one(
        "revisions/<str:number>/",
        revisions.Revisions.as_view({"get": "retrieve"}),
        "-revision",
    ),
    of_one("reviews/", reviews.Reviews.as_view({"get": "retrieve", "put": "update"}), "-reviews"),
    of_one("reviews/comments/", reviews.Comments.as_view(SET), "-comments"),
    of_one("reviews/comments/<str:pk>/", reviews.Comments.as_view(ONE), "-comment"),
    *(
        of_one(f"reviews/comments/<str:pk>/{verb}/", view.as_view({"post": "create"}), f"-{verb}")
        for verb, view in TALK.items()
    ),
    path("actions/", actions.AllActions.as_view({"get": "list"}), name="actions"),
    path(
        "actions/status/",
        actions.ActionMarks.as_view({"post": "set_status"}),
        name="actions-status",
    ),
    path(
        "actions/confirm/", actions.ActionMarks.as_view({"post": "confirm"}), name="actions-confirm"
    ),
    path("lessons/", lessons.AllLessons.as_view({"get": "list"}), name="lessons"),
]
