"""The verbs of curators: vocabularies and terms added, changed, moved, merged, retired; suggestions decided.

Each checks the right and the state, changes rows, and tells the audit log and search, in one transaction.
"""

from postmortems.curation.merging import merge_terms
from postmortems.curation.moving import move_term
from postmortems.curation.previews import (
    Touched,
    preview_merge,
    preview_move,
    preview_retirement,
)
from postmortems.curation.rights import check_may_curate, mark, may_curate, may_suggest
from postmortems.curation.suggestions import accept_suggestion, decline_suggestion, suggest_term
from postmortems.curation.terms import add_term, change_term, restore_term, retire_term
from postmortems.curation.vocabularies import add_vocabulary, change_vocabulary

__all__ = [
    "Touched",
    "accept_suggestion",
    "add_term",
    "add_vocabulary",
    "change_term",
    "change_vocabulary",
    "check_may_curate",
    "decline_suggestion",
    "mark",
    "may_curate",
    "may_suggest",
    "merge_terms",
    "move_term",
    "preview_merge",
    "preview_move",
    "preview_retirement",
    "restore_term",
    "retire_term",
    "suggest_term",
]
