"""/api/v1/postmortems/REF/reviews/: how the review stands, and what is said in it; for who takes part alone."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from postmortems import authoring, reviews
from postmortems.api.fields import Sent
from postmortems.api.postmortem_acts import MOST_NUMBER, Act, Nothing, reviewers_of, sent
from postmortems.api.postmortem_body import changed, check_edit
from postmortems.api.repetition import repeatable
from postmortems.api.resources import get_postmortem, person, versioned, whole_list
from postmortems.api.schema import ProblemPlace, list_of, list_of_content, problems
from postmortems.api.tags import tag_of_data, versions_named
from postmortems.digits import number_in
from postmortems.models import Approval, Postmortem, ReviewComment
from postmortems.reviews import rights
from postmortems.reviews.asking import MOST_REVIEWERS
from postmortems.reviews.comments import LONGEST
from postmortems.reviews.state import State, state_of
from taxonomy import lookup

TALKING = problems(400, 401, 403, 404, 409, 413, 415, 422)


class RuleBody(serializers.Serializer[Any]):
    """What publishing needs: so many approvals, and parts that are not empty."""

    approvals = serializers.IntegerField(min_value=0)
    parts = serializers.ListField(child=serializers.CharField())


class DecisionBody(serializers.Serializer[Any]):
    """The last that a reviewer decided, and whether it counts for the revision that stands there."""

    reviewer = serializers.CharField()
    decision = serializers.ChoiceField(choices=Approval.Decision.values)
    revision = serializers.IntegerField()
    comment = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()
    counts = serializers.BooleanField()


class ReviewBody(serializers.Serializer[Any]):
    """What was decided about which revision, and what publishing still needs."""

    state = serializers.CharField(allow_null=True)
    asked_by = serializers.CharField(allow_null=True)
    asked_at = serializers.DateTimeField(allow_null=True)
    revision = serializers.IntegerField()
    rule = RuleBody()
    left = serializers.IntegerField()
    is_met = serializers.BooleanField()
    missing = ProblemPlace(many=True)
    reviewers = serializers.ListField(child=serializers.CharField())
    decisions = DecisionBody(many=True)
    comments = list_of_content("CommentBody")


class NamingBody(Sent):
    """Who reviews it: these and no others."""

    reviewers = serializers.ListField(
        child=serializers.CharField(max_length=60), max_length=MOST_REVIEWERS
    )


class CommentBody(serializers.Serializer[Any]):
    """Something said, with the answers to it."""

    id = serializers.IntegerField()
    anchor = serializers.CharField()
    author = serializers.CharField()
    revision = serializers.IntegerField()
    text = serializers.CharField()
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    is_deleted = serializers.BooleanField()
    settled_at = serializers.DateTimeField(allow_null=True)
    settled_by = serializers.CharField(allow_null=True)
    replies = list_of_content("CommentBody", help_text="Answers have none of their own.")


class Saying(Sent):
    """What is said about which part: a section's key, an entry's id, or empty for the whole."""

    text = serializers.CharField(max_length=LONGEST)
    anchor = serializers.CharField(max_length=120, required=False, allow_blank=True)
    revision = serializers.IntegerField(min_value=1, max_value=MOST_NUMBER, required=False)


class Wording(Sent):
    """The words alone."""

    text = serializers.CharField(max_length=LONGEST)


def described(name: str, summary: str, fields: Any, code: int = 200) -> Any:
    """What the schema says of something done in a thread."""
    return extend_schema(
        operation_id=name,
        tags=["parts"],
        summary=summary,
        request=fields,
        responses={code: CommentBody, **TALKING},
    )


class Reviews(Act):
    """The review as a whole."""

    @extend_schema(
        operation_id="get_review",
        tags=["parts"],
        summary="Read how the review stands.",
        responses={200: ReviewBody, **problems(401, 404)},
    )
    def retrieve(self, request: Request, ref: str) -> Response:
        """Decisions, what is missing, and the comments."""
        postmortem = _get(request, ref)
        return versioned(_body(postmortem), postmortem)

    @extend_schema(
        operation_id="name_reviewers",
        tags=["parts"],
        summary="Let these people and no others be the reviewers.",
        request=NamingBody,
        responses={200: ReviewBody, **problems(400, 401, 403, 404, 409, 412, 413, 415, 428)},
    )
    def update(self, request: Request, ref: str) -> Response:
        """They see it until it is published."""
        postmortem, by = _get(request, ref), person(request)
        check_edit(request, postmortem)
        people = reviewers_of(sent(request, NamingBody)["reviewers"], by, postmortem)
        with authoring.held(postmortem, versions_named(request)) as held:
            named = reviews.name_reviewers(held, by=by, reviewers=people)
        return changed(_body(named), named)


class Talk(Act):
    """What is said in a review, to who takes part in it."""

    def again(self, request: Request, body: Any, **address: Any) -> Any:
        """The words, to who still takes part."""
        _get(request, address["ref"])
        return body


class Comments(Talk):
    """What is said, thread by thread."""

    @extend_schema(
        operation_id="list_comments",
        tags=["parts"],
        summary="Read the comments of a review, thread by thread.",
        responses={200: list_of(CommentBody), **problems(401, 404)},
    )
    def list(self, request: Request, ref: str) -> Response:
        """All of them: a review has no more than fit one answer."""
        return whole_list(_threads(_get(request, ref)))

    @described("add_comment", "Say something about a part, or about the whole.", Saying, 201)
    @repeatable
    def create(self, request: Request, ref: str) -> Response:
        """201 with its address in `Location`."""
        postmortem = _get(request, ref)
        given = sent(request, Saying)
        made = reviews.comment(
            postmortem,
            given["text"],
            by=person(request),
            anchor=given.get("anchor", ""),
            revision=given.get("revision"),
        )
        return _said(made, postmortem, status=201)

    @described("get_comment", "Read one comment, with its answers.", None)
    def retrieve(self, request: Request, ref: str, pk: str) -> Response:
        """One comment."""
        return Response(_with_replies(_find(_get(request, ref), pk)))

    @described("edit_comment", "Word one's own comment anew.", Wording)
    def partial_update(self, request: Request, ref: str, pk: str) -> Response:
        """Only who wrote it."""
        postmortem = _get(request, ref)
        comment = _find(postmortem, pk)
        given = sent(request, Wording)
        return _said(reviews.edit_comment(comment, given["text"], by=person(request)), postmortem)

    @extend_schema(
        operation_id="delete_comment",
        tags=["parts"],
        summary="Take one's own comment back; its answers stay.",
        responses={204: None, **TALKING},
    )
    def destroy(self, request: Request, ref: str, pk: str) -> Response:
        """Administrators may that of others."""
        reviews.delete_comment(_find(_get(request, ref), pk), by=person(request))
        return Response(status=204)


class Replies(Talk):
    """Answers to a comment."""

    @described("reply_to_comment", "Answer a comment; a settled one opens again.", Wording, 201)
    @repeatable
    def create(self, request: Request, ref: str, pk: str) -> Response:
        """201 with the address of the answer."""
        postmortem = _get(request, ref)
        comment = _find(postmortem, pk)
        words = sent(request, Wording)["text"]
        return _said(reviews.reply(comment, words, by=person(request)), postmortem, status=201)


class Settle(Talk):
    """A thread that is done with."""

    @described("settle_comment", "Say that there is nothing more to say.", None)
    @repeatable
    def create(self, request: Request, ref: str, pk: str) -> Response:
        """The whole thread, whichever comment of it was named."""
        postmortem = _get(request, ref)
        comment = _find(postmortem, pk)
        sent(request, Nothing)
        return _said(reviews.settle(comment, by=person(request)), postmortem)


class Reopen(Talk):
    """A thread that is not done with after all."""

    @described("reopen_comment", "Say that there is more to say.", None)
    @repeatable
    def create(self, request: Request, ref: str, pk: str) -> Response:
        """The whole thread likewise."""
        postmortem = _get(request, ref)
        comment = _find(postmortem, pk)
        sent(request, Nothing)
        return _said(reviews.reopen(comment, by=person(request)), postmortem)


def _get(request: Request, ref: str) -> Postmortem:
    postmortem = get_postmortem(request, ref)
    if not rights.may_see(request.user, postmortem):
        raise Http404
    return postmortem


def _find(postmortem: Postmortem, pk: str) -> ReviewComment:
    rows = ReviewComment.objects.filter(postmortem=postmortem, deleted_at=None)
    found = rows.select_related("author", "resolved_by").filter(
        pk=number_in(pk, 1, MOST_NUMBER) or 0
    )
    comment = found.first()
    if comment is None:
        raise Http404
    return comment


def _said(comment: ReviewComment, postmortem: Postmortem, *, status: int = 200) -> Response:
    data = _with_replies(comment)
    response = Response(data, status=status, headers={"ETag": tag_of_data(data)})
    response.about = postmortem  # type: ignore[attr-defined]
    if status == 201:
        kwargs = {"ref": postmortem.ref, "pk": str(comment.pk)}
        response["Location"] = reverse("api:postmortem-comment", kwargs=kwargs)
    return response


def _body(postmortem: Postmortem) -> dict[str, Any]:
    state = state_of(postmortem, lookup.current())
    asked = state.review
    return {
        "state": asked.state if asked else None,
        "asked_by": asked.asked_by.username if asked else None,
        "asked_at": asked.asked_at.isoformat() if asked else None,
        "revision": postmortem.revision,
        "rule": {"approvals": state.rule.approvals, "parts": list(state.rule.parts)},
        "left": state.left,
        "is_met": state.is_met,
        "missing": _missing(state),
        "reviewers": [item.user.username for item in state.reviewers],
        "decisions": [_decision(item, state) for item in state.decisions],
        "comments": _threads(postmortem),
    }


def _missing(state: State) -> list[dict[str, str]]:
    needed = [(pointer, text) for pointer, texts in state.needed.items() for text in texts]
    parts = [(f"/{part}", "") for part in state.parts]
    return [{"pointer": pointer, "detail": text} for pointer, text in (*needed, *parts)]


def _decision(item: Approval, state: State) -> dict[str, Any]:
    return {
        "reviewer": item.reviewer.username,
        "decision": item.decision,
        "revision": item.revision,
        "comment": item.comment,
        "at": item.at.isoformat(),
        "counts": item in state.counted or item in state.against,
    }


def _threads(postmortem: Postmortem) -> list[dict[str, Any]]:
    rows = list(
        ReviewComment.objects.filter(postmortem=postmortem)
        .select_related("author", "resolved_by")
        .order_by("pk")
    )
    replies: dict[int, list[ReviewComment]] = {}
    for row in rows:
        if row.parent_id:
            replies.setdefault(row.parent_id, []).append(row)
    return [_comment(row, replies.get(row.pk, ())) for row in rows if not row.parent_id]


def _with_replies(comment: ReviewComment) -> dict[str, Any]:
    rows = ReviewComment.objects.filter(parent=comment).select_related("author", "resolved_by")
    return _comment(comment, rows.order_by("pk"))


def _comment(row: ReviewComment, replies: Iterable[ReviewComment]) -> dict[str, Any]:
    return {
        "id": row.pk,
        "anchor": row.anchor,
        "author": row.author.username,
        "revision": row.revision,
        "text": row.text,
        "created_at": row.created_at.isoformat(),
        "edited_at": row.edited_at.isoformat() if row.edited_at else None,
        "is_deleted": row.deleted_at is not None,
        "settled_at": row.resolved_at.isoformat() if row.resolved_at else None,
        "settled_by": row.resolved_by.username if row.resolved_by else None,
        "replies": [_comment(item, ()) for item in replies],
    }
