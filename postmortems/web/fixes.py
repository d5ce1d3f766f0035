"""How the permanent fix of a defect stands, in words: for the known problem and for patterns."""

from django.utils.translation import gettext_lazy as _

from postmortems.web.read_parts import State

# Its keys are `known_parts.FIXES`.
FIXES = {
    "none": State(_("No permanent fix is recorded."), "dot", "quiet"),
    "done": State(_("Its permanent fix is recorded as done."), "check", "good"),
    "not-done": State(_("Its permanent fix is not done."), "dot", "warn"),
    "not-recorded": State(_("Its permanent fix is not recorded as done."), "dot", "warn"),
}


def fix_words(fix: str) -> str:
    """One of them as a sentence."""
    return str(FIXES[fix].words)
