"""What all bodies that are sent have in common: nothing in them is passed over in silence or guessed at."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from postmortems.api.parsers import below

# DRF takes 7 for a text and "7" for a number; what the schema says is a text must be one. A number of
# JSON may be written 7.0.
KINDS: tuple[tuple[Any, Any, Any], ...] = (
    (serializers.BooleanField, bool, gettext_lazy("This is true or false.")),
    (serializers.IntegerField, (int, float), gettext_lazy("This is a whole number.")),
    ((serializers.CharField, serializers.ChoiceField), str, gettext_lazy("This is a text.")),
)


class Sent(serializers.Serializer[Any]):
    """The fields that are read; those that answers have beside them may be sent back and are ignored."""

    ignored: ClassVar[tuple[str, ...]] = ()

    def to_internal_value(self, data: Any) -> Any:
        """The values; raises ValidationError keyed by JSON pointer for a field that there is not."""
        if isinstance(data, Mapping):
            message = _("There is no field of this name.")
            strange = set(data) - {*self.fields, *self.ignored}
            wrong = {below("", name): [message] for name in sorted(strange)}
            for name, field in self.fields.items():
                if name in data:
                    wrong |= dict(_of_wrong_kind(field, data[name], below("", name)))
            if wrong:
                raise serializers.ValidationError(wrong)
        return super().to_internal_value(data)


def sent(fields: Sent) -> dict[str, Any]:
    """The checked values of what was sent; raises ValidationError."""
    fields.is_valid(raise_exception=True)
    return dict(fields.validated_data)


def _of_wrong_kind(
    field: serializers.Field[Any, Any, Any, Any], value: Any, pointer: str
) -> Iterator[tuple[str, list[str]]]:
    if isinstance(field, serializers.ListField) and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _of_wrong_kind(field.child, item, f"{pointer}/{index}")
    elif isinstance(field, serializers.DictField) and isinstance(value, dict):
        for name, item in value.items():
            yield from _of_wrong_kind(field.child, item, below(pointer, name))
    elif value is not None:
        for kind, types, message in KINDS:
            if isinstance(field, kind) and not (isinstance(value, types) and _fits(field, value)):
                yield pointer, [str(message)]


def _fits(field: Any, value: Any) -> bool:
    # To Python true is a number, too.
    return isinstance(value, bool) == isinstance(field, serializers.BooleanField)
