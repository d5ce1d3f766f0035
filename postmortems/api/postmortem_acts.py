"""/api/v1/postmortems/REF/…/: the verbs, from asking for a review to taking it out of the bin."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from postmortems import (
    access,
    authoring,
    bin,
    duplicating,
    people,
    restoring,
    reviews,
    shelving,
)
from postmortems.api.fields import Sent
from postmortems.api.fields import sent as checked
from postmortems.api.postmortem_body import OfPostmortem, PostmortemBody, saved, still_seen, to_edit
from postmortems.api.postmortem_fields import of_object, team_of
from postmortems.api.repetition import repeatable
from postmortems.api.resources import get_by_ref, get_postmortem, person
from postmortems.api.schema import problems
from postmortems.api.tags import versions_named
from postmortems.models import Postmortem, User
from postmortems.reviews.asking import MOST_REVIEWERS
from postmortems.reviews.deciding import LONGEST_COMMENT

REFUSALS = problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 428)
MOST_NUMBER = 999_999_999


class Nothing(Sent):
    """A verb that needs no words."""


class Asking(Sent):
    """Who is to review it, beside those who are named already."""

    reviewers = serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, max_length=MOST_REVIEWERS
    )


class Approving(Sent):
    """What is said with it, and whether it is published at once."""

    comment = serializers.CharField(max_length=LONGEST_COMMENT, required=False, allow_blank=True)
    publish = serializers.BooleanField(required=False)


class Requesting(Sent):
    """What has to change."""

    comment = serializers.CharField(max_length=LONGEST_COMMENT)


class Copying(Sent):
    """Where the copy goes."""

    team = serializers.CharField(max_length=60, required=False)


class GoingBack(Sent):
    """To which revision, and why."""

    revision = serializers.IntegerField(min_value=1, max_value=MOST_NUMBER)
    comment = serializers.CharField(
        max_length=restoring.LONGEST_COMMENT, required=False, allow_blank=True
    )


def described(name: str, summary: str, fields: type[Sent]) -> Any:
    """What the schema says of a verb that answers with the postmortem as it is afterwards."""
    return extend_schema(
        operation_id=name,
        tags=["postmortems"],
        summary=summary,
        request=None if fields is Nothing else fields,
        responses={200: PostmortemBody, **REFUSALS},
    )


class Act(OfPostmortem):
    """One verb. What it cannot do as things stand is 409, with the reasons."""

    is_act = True

    def again(self, request: Request, body: Any, **_address: Any) -> Any:
        """The postmortem as it was then, as far as it is still told."""
        return still_seen(request.user, body)


class Submit(Act):
    """A draft before its reviewers."""

    @described("submit_postmortem", "Ask for a review.", Asking)
    @repeatable
    def create(self, request: Request, ref: str) -> Response:
        """Those named here join the reviewers named before."""
        postmortem = to_edit(request, ref)
        given = sent(request, Asking)
        named = reviewers_of(given.get("reviewers", []), person(request), postmortem)
        return _done(
            request, postmortem, lambda held, by: reviews.ask(held, by=by, reviewers=named)
        )


class Approve(Act):
    """A yes to the current revision."""

    @described("approve_postmortem", "Approve the revision that If-Match names.", Approving)
    @repeatable
    def create(self, request: Request, ref: str) -> Response:
        """`publish` does that as well; both happen or neither."""
        postmortem = get_postmortem(request, ref)
        given = sent(request, Approving)
        verb = reviews.approve_and_publish if given.get("publish") else reviews.approve
        words = given.get("comment", "")
        return _done(
            request,
            postmortem,
            lambda held, by: verb(held, held.revision, by=by, comment=words),
        )


class RequestChanges(Act):
    """A no, and why."""

    @described("request_changes", "Say what has to change; it is a draft again.", Requesting)
    @repeatable
    def create(self, request: Request, ref: str) -> Response:
        """`comment` says what."""
        postmortem = get_postmortem(request, ref)
        words = sent(request, Requesting)["comment"]
        return _done(
            request,
            postmortem,
            lambda held, by: reviews.request_changes(held, held.revision, by=by, comment=words),
        )


class Publish(Act):
    """Readable by its audience."""

    @described("publish_postmortem", "Publish, once its rule is met.", Nothing)
    @repeatable
    def create(self, request: Request, ref: str) -> Response:
        """What is missing stands in `errors`."""
        postmortem = get_postmortem(request, ref)
        sent(request, Nothing)
        return _done(request, postmortem, lambda held, by: reviews.publish(held, by=by))


class Withdraw(Act):
    """Back from its reviewers."""

    @described("withdraw_postmortem", "Take it back from its reviewers.", Nothing)
    @repeatable
    def create(self, request: Request, ref: str) -> Response:
        """It is a draft again."""
        postmortem = to_edit(request, ref)
        sent(request, Nothing)
        return _done(request, postmortem, lambda held, by: reviews.withdraw(held, by=by))


class Archive(Act):
    """On the shelf."""

    @described("archive_postmortem", "Archive what was published: search leaves it out.", Nothing)
    @repeatable
    def create(self, request: Request, ref: str) -> Response:
        """The same people may read it."""
        postmortem = to_edit(request, ref)
        sent(request, Nothing)
        return _done(request, postmortem, lambda held, by: shelving.archive(held, by=by))


class Unarchive(Act):
    """Off the shelf."""

    @described("unarchive_postmortem", "Bring back what was archived.", Nothing)
    @repeatable
    def create(self, request: Request, ref: str) -> Response:
        """Search finds it again."""
        postmortem = to_edit(request, ref)
        sent(request, Nothing)
        return _done(request, postmortem, lambda held, by: shelving.unarchive(held, by=by))


class RestoreRevision(Act):
    """An old content once more."""

    @described("restore_revision", "Save the content of an old revision as a new one.", GoingBack)
    @repeatable
    def create(self, request: Request, ref: str) -> Response:
        """The envelope stays as it is."""
        postmortem = to_edit(request, ref)
        given = sent(request, GoingBack)
        number, words = given["revision"], given.get("comment", "")

        def restored(held: Postmortem, by: User) -> object:
            return restoring.restore(held, number, by=by, revision=held.revision, comment=words)

        return _done(request, postmortem, restored)


class Duplicate(Act):
    """A copy; the former is only read, so that no version of it is named."""

    @extend_schema(
        operation_id="duplicate_postmortem",
        tags=["postmortems"],
        summary="Start a draft with the same content.",
        request=Copying,
        responses={
            201: PostmortemBody,
            **problems(400, 401, 403, 404, 409, 413, 415, 422),
        },
    )
    @repeatable
    def create(self, request: Request, ref: str) -> Response:
        """201 with the address of the copy."""
        postmortem, by = get_postmortem(request, ref), person(request)
        access.check_may_write(by)
        given = sent(request, Copying)
        team = team_of(given["team"], by) if "team" in given else None
        return saved(request, duplicating.duplicate(postmortem, by=by, team=team), status=201)


class Restore(Act):
    """Out of the bin, where nobody reads its tag."""

    @extend_schema(
        operation_id="restore_postmortem",
        tags=["postmortems"],
        summary="Take a postmortem out of the bin, as it was.",
        request=None,
        responses={
            200: PostmortemBody,
            **problems(400, 401, 403, 404, 409, 413, 415, 422),
        },
    )
    @repeatable
    def create(self, request: Request, ref: str) -> Response:
        """For its authors, the leads of its team and administrators."""
        postmortem = _binned(request, ref)
        sent(request, Nothing)
        return saved(request, bin.restore(postmortem, by=person(request)))


def sent(request: Request, fields: type[Sent]) -> dict[str, Any]:
    """What was sent with a verb, which may be nothing; raises ValidationError for what it does not take."""
    return checked(fields(data=of_object(request.data)))


def _done(
    request: Request, postmortem: Postmortem, verb: Callable[[Postmortem, User], object]
) -> Response:
    """The verb over a version that If-Match names, and the postmortem as that leaves it."""
    with authoring.held(postmortem, versions_named(request)) as held:
        verb(held, person(request))
    return saved(request, postmortem)


def _binned(request: Request, ref: str) -> Postmortem:
    return get_by_ref(bin.binned_for(request.user), ref)


def reviewers_of(names: list[str], by: User, postmortem: Postmortem) -> list[User]:
    """The accounts of these names: who is named already, and whom `by` may find."""
    named = User.objects.filter(reviewing__postmortem=postmortem)
    findable = people.known_to(by, "").filter(username__in=names)
    found = {user.username: user for user in (*named, *findable)}
    if missing := sorted(name for name in names if name not in found):
        message = _("There is no %(names)s among the people of your teams.")
        raise serializers.ValidationError({"reviewers": [message % {"names": missing[0]}]})
    return [found[name] for name in dict.fromkeys(names)]
