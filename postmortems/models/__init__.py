"""What is stored and what is always true of it; one subject a file."""

from postmortems.models.accounts import ApiToken, Membership, Team, User
from postmortems.models.action_state import Confirmation, Tracker
from postmortems.models.audit import AuditEntry
from postmortems.models.body_template import BodyTemplate
from postmortems.models.classification import Classification
from postmortems.models.dismissal import Dismissal
from postmortems.models.draft import Draft
from postmortems.models.following import Following, Opening, ReadUpTo
from postmortems.models.imported import Import, ImportRow, WaitingImport
from postmortems.models.invitation import Invitation
from postmortems.models.kept_answer import KeptAnswer
from postmortems.models.mark import Mark, Tally
from postmortems.models.notification import Mailbox, Notification
from postmortems.models.parts import Action, Hypothesis, Lesson, Reference, Relation, TimelineEntry
from postmortems.models.postmortem import Audience, Postmortem
from postmortems.models.reading_list import Helped, ReadingList, ReadingListEntry
from postmortems.models.rendered import RenderedText
from postmortems.models.review import Approval, Review, ReviewComment, Reviewer, ReviewRule
from postmortems.models.revision import Revision
from postmortems.models.saved_search import FeedSecret, SavedSearch
from postmortems.models.search_log import SearchLog
from postmortems.models.session import Session
from postmortems.models.stored_file import StoredFile
from postmortems.models.term_suggestion import TermSuggestion

__all__ = [
    "Action",
    "ApiToken",
    "Approval",
    "Audience",
    "AuditEntry",
    "BodyTemplate",
    "Classification",
    "Confirmation",
    "Dismissal",
    "Draft",
    "FeedSecret",
    "Following",
    "Helped",
    "Hypothesis",
    "Import",
    "ImportRow",
    "Invitation",
    "KeptAnswer",
    "Lesson",
    "Mailbox",
    "Mark",
    "Membership",
    "Notification",
    "Opening",
    "Postmortem",
    "ReadUpTo",
    "ReadingList",
    "ReadingListEntry",
    "Reference",
    "Relation",
    "RenderedText",
    "Review",
    "ReviewComment",
    "ReviewRule",
    "Reviewer",
    "Revision",
    "SavedSearch",
    "SearchLog",
    "Session",
    "StoredFile",
    "Tally",
    "Team",
    "TermSuggestion",
    "TimelineEntry",
    "Tracker",
    "User",
    "WaitingImport",
]
