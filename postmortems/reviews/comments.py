"""Talk about a postmortem: comments on a part of it, answers to them, and when one is settled.

They belong to the review alone: no Document, revision, search entry, file or feed holds them.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from postmortems import audit, authoring, content, outbox
from postmortems.document_rules import clean
from postmortems.models import Postmortem, ReviewComment, User
from postmortems.reviews import events, rights
from postmortems.reviews.anchors import anchors_of

LONGEST = 10_000
# So many that no review needs more, and few enough for one page.
MOST = 1_000


def comment(
    postmortem: Postmortem, text: str, *, by: User, anchor: str = "", revision: int | None = None
) -> ReviewComment:
    """Say something about a part, or about the whole; `revision` is the one that was read.

    Raises PermissionDenied for who does not see the review, ValidationError for no words, too many,
    and a part that is not there.
    """
    with outbox.writing():
        postmortem = authoring.lock(postmortem)
        _check_may_talk(by, postmortem)
        if anchor not in anchors_of(content.read(postmortem)):
            raise ValidationError({"anchor": _("That part is no longer there.")})
        read = postmortem.revision if revision is None else revision
        if not 1 <= read <= postmortem.revision:
            raise ValidationError({"revision": _("There is no such revision.")})
        made = ReviewComment.objects.create(
            postmortem=postmortem,
            anchor=anchor,
            author=by,
            revision=read,
            text=_checked(text, postmortem),
        )
        _record("comment", made, by)
        to = events.authors_of(postmortem) | events.named_of(postmortem)
        events.tell(events.COMMENTED, postmortem, by=by, to=to, comment=made.pk)
    return made


def reply(parent: ReviewComment, text: str, *, by: User) -> ReviewComment:
    """Answer a comment; an answer to an answer joins the same thread, and a settled one opens again.

    Raises PermissionDenied for who does not see the review, ValidationError for no words or too
    many, and where the comment is gone.
    """
    with outbox.writing():
        parent = _lock(parent)
        postmortem = authoring.lock(parent.postmortem)
        _check_may_talk(by, postmortem)
        thread = parent.parent or parent
        if thread.resolved_at:
            _settle(thread, None)
        made = ReviewComment.objects.create(
            postmortem=postmortem,
            anchor=thread.anchor,
            parent=thread,
            author=by,
            revision=postmortem.revision,
            text=_checked(text, postmortem),
        )
        _record("reply", made, by)
        to = {thread.author_id, *thread.replies.values_list("author", flat=True)}
        to |= events.authors_of(postmortem)
        events.tell(events.REPLIED, postmortem, by=by, to=to, comment=made.pk)
    return made


def edit_comment(comment: ReviewComment, text: str, *, by: User) -> ReviewComment:
    """Word one's own comment anew.

    Raises PermissionDenied for another's, ValidationError for no words or too many, and where it is
    gone.
    """
    with outbox.writing():
        comment = _lock(comment)
        postmortem = authoring.lock(comment.postmortem)
        _check_may_talk(by, postmortem)
        if comment.author_id != by.pk:
            raise PermissionDenied(_("Only who wrote a comment changes it."))
        text = _checked(text)
        if text == comment.text:
            return comment
        comment.text, comment.edited_at = text, timezone.now()
        comment.save(update_fields=["text", "edited_at"])
        _record("edit-comment", comment, by)
    return comment


def delete_comment(comment: ReviewComment, *, by: User) -> None:
    """Take one's own comment back; administrators may that of others. Its answers stay.

    What is gone already stays gone. Raises PermissionDenied for everybody else.
    """
    with outbox.writing():
        found = _rows().filter(pk=comment.pk, deleted_at=None).first()
        if found is None:
            return
        _check_may_talk(by, authoring.lock(found.postmortem))
        if not may_delete(by, found):
            raise PermissionDenied(_("Only who wrote a comment takes it back."))
        _record("delete-comment", found, by)
        if found.replies.exists():
            found.text, found.deleted_at = "", timezone.now()
            found.save(update_fields=["text", "deleted_at"])
            return
        thread = found.parent
        found.delete()
        # A marker without answers holds nothing any more.
        if thread and thread.deleted_at and not thread.replies.exists():
            thread.delete()


def settle(comment: ReviewComment, *, by: User) -> ReviewComment:
    """Say that there is nothing more to say; what is settled already stays as it is."""
    return _mark(comment, by, is_settled=True)


def reopen(comment: ReviewComment, *, by: User) -> ReviewComment:
    """Say that there is more to say after all."""
    return _mark(comment, by, is_settled=False)


def may_delete(user: User, comment: ReviewComment) -> bool:
    """Whether the user may take the comment back."""
    return user.pk == comment.author_id or user.is_administrator


def _mark(comment: ReviewComment, by: User, *, is_settled: bool) -> ReviewComment:
    with outbox.writing():
        comment = _lock(comment)
        _check_may_talk(by, authoring.lock(comment.postmortem))
        thread = comment.parent or comment
        if bool(thread.resolved_at) == is_settled:
            return thread
        _settle(thread, by if is_settled else None)
        if is_settled:
            _record("settle-comment", thread, by)
        else:
            _record("reopen-comment", thread, by)
    return thread


def _settle(thread: ReviewComment, by: User | None) -> None:
    thread.resolved_by, thread.resolved_at = by, timezone.now() if by else None
    thread.save(update_fields=["resolved_by", "resolved_at"])


def _check_may_talk(by: User, postmortem: Postmortem) -> None:
    if not rights.may_see(by, postmortem):
        raise PermissionDenied(_("Only who takes part in the review talks in it."))


def _checked(text: str, postmortem: Postmortem | None = None) -> str:
    """The text as it is stored; raises ValidationError where it cannot be, or there are too many."""
    text = clean(text.replace("\r\n", "\n")).strip()
    if not text:
        raise ValidationError({"text": _("Write something first.")})
    if len(text) > LONGEST:
        message = _("A review comment has at most %(most)d characters.") % {"most": LONGEST}
        raise ValidationError({"text": message})
    if postmortem and postmortem.review_comments.count() >= MOST:
        message = _("A review has at most %(most)d comments.") % {"most": MOST}
        raise ValidationError({"text": message})
    return text


def _rows() -> models.QuerySet[ReviewComment]:
    # Of the rows that are read along some may be missing, which PostgreSQL cannot lock.
    found = ReviewComment.objects.select_for_update(of=("self",))
    return found.select_related("postmortem", "parent")


def _lock(comment: ReviewComment) -> ReviewComment:
    """The row as it stands now; raises ValidationError when it was taken back meanwhile."""
    found = _rows().filter(pk=comment.pk, deleted_at=None).first()
    if found is None:
        raise ValidationError({"text": _("This comment was taken back meanwhile.")})
    return found


def _record(action: str, comment: ReviewComment, by: User) -> None:
    # Never the words: the audit log forgets nothing, and its readers may not see the review.
    after = {"comment": comment.pk, "part": comment.anchor}
    audit.record(action, comment.postmortem, by=by, after=after)
