"""The review of a postmortem: ask for it, decide about a revision, talk about it, publish. The front door."""

from postmortems.reviews.asking import ask, name_reviewers, withdraw
from postmortems.reviews.comments import (
    comment,
    delete_comment,
    edit_comment,
    reopen,
    reply,
    settle,
)
from postmortems.reviews.deciding import (
    approve,
    approve_and_publish,
    publish,
    publish_imported,
    request_changes,
)

__all__ = [
    "approve",
    "approve_and_publish",
    "ask",
    "comment",
    "delete_comment",
    "edit_comment",
    "name_reviewers",
    "publish",
    "publish_imported",
    "reopen",
    "reply",
    "request_changes",
    "settle",
    "withdraw",
]
