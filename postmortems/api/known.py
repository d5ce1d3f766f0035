"""GET /api/v1/postmortems/REF/known/: the known problem that a postmortem belongs to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from postmortems.api.intervals import SINCE, IntervalBody
from postmortems.api.resources import Resource, get_postmortem
from postmortems.api.schema import of_content, problems
from postmortems.document import ACTION_STATUSES, SIGNAL_KINDS, WORKAROUND_STATES
from postmortems.known_parts import FIXES, Gathered, parts_of
from postmortems.known_problems import KnownProblem, Occurrence, known_problem
from postmortems.models import Postmortem
from postmortems.search.hit_json import moment_body


class OccurrenceBody(serializers.Serializer[Any]):
    """One postmortem of the defect."""

    ref = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField(help_text="The address of its page.")
    status = serializers.ChoiceField(Postmortem.Status.values)
    started = of_content("Moment")
    since = IntervalBody(allow_null=True, help_text=SINCE)


class Told(serializers.Serializer[Any]):
    """What some occurrences say."""

    occurrences = serializers.ListField(
        child=serializers.CharField(), help_text="The refs of those that say so."
    )


class KnownSignal(Told):
    """What it looked like, word for word."""

    text = serializers.CharField()
    kind = serializers.ChoiceField(SIGNAL_KINDS)


class KnownWorkaround(Told):
    """What may help, and how far it can be trusted."""

    text = serializers.CharField()
    state = serializers.ChoiceField(WORKAROUND_STATES)


class KnownAction(Told):
    """A permanent action."""

    text = serializers.CharField()
    status = serializers.ChoiceField(ACTION_STATUSES)
    owner = serializers.CharField(allow_blank=True)
    due = serializers.CharField(allow_blank=True)
    tracker = serializers.CharField(allow_blank=True)


class KnownHypothesis(Told):
    """What it turned out not to be."""

    claim = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)


class KnownProblemBody(serializers.Serializer[Any]):
    """All that is known of one defect, from every time it occurred."""

    title = serializers.CharField(help_text="That of the occurrence that tells most.")
    fix = serializers.ChoiceField(
        FIXES,
        help_text="How its permanent actions stand: not-done where one is open or proposed or all were "
        "dropped, not-recorded where nobody said of one what became of it, none without any.",
    )
    is_cut = serializers.BooleanField(help_text="Whether there are more than are gathered here.")
    occurrences = OccurrenceBody(many=True)
    signals = KnownSignal(many=True)
    workarounds = KnownWorkaround(many=True)
    permanent_actions = KnownAction(many=True)
    refuted = KnownHypothesis(many=True)


class Known(Resource):
    """One defect."""

    @extend_schema(
        operation_id="get_known_problem",
        tags=["search"],
        summary="All that is known of the defect of a postmortem, from every time it occurred",
        responses={200: KnownProblemBody, **problems(404)},
    )
    def retrieve(self, request: Request, ref: str) -> Response:
        """Its occurrences in the order of time; hidden ones are as absent as those that never were."""
        return Response(_body(known_problem(get_postmortem(request, ref), request.user)))


def _body(problem: KnownProblem) -> dict[str, Any]:
    occurrences = problem.occurrences
    parts = parts_of([item.document for item in occurrences])
    refs = [item.postmortem.ref for item in occurrences]
    actions = ("text", "status", "owner", "due", "tracker")
    return {
        "title": occurrences[parts.fullest].postmortem.title,
        "fix": parts.fix,
        "is_cut": problem.is_cut,
        "occurrences": [_occurrence(item) for item in occurrences],
        "signals": _told(parts.signals, ("text", "kind"), refs),
        "workarounds": _told(parts.workarounds, ("text", "state"), refs),
        "permanent_actions": _told(parts.permanent, actions, refs),
        "refuted": _told(parts.refuted, ("claim", "reason"), refs),
    }


def _occurrence(item: Occurrence) -> dict[str, Any]:
    postmortem = item.postmortem
    return {
        "ref": postmortem.ref,
        "title": postmortem.title,
        "url": postmortem.get_absolute_url(),
        "status": postmortem.status,
        "started": moment_body(item.document.started),
        "since": asdict(item.since) if item.since else None,
    }


def _told(
    found: Iterable[Gathered[Any]], names: Sequence[str], refs: Sequence[str]
) -> list[Mapping[str, Any]]:
    return [
        {
            **{name: getattr(one.item, name) for name in names},
            "occurrences": [refs[place] for place in one.places],
        }
        for one in found
    ]
