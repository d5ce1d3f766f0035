"""Numbers as readers of all our languages write them: the thousands apart, `12,345`."""

from django import template

register = template.Library()


class Grouped(int):
    """A number that is printed with its thousands apart, and counts as what it is where a plural is chosen.

    Django's own setting would do it to every number of every template: ids and lengths of drawings too.
    """

    def __str__(self) -> str:
        # English and Chinese group alike: by three, with a comma (CLDR).
        return f"{int(self):,}"


@register.filter
def grouped(number: int | None) -> Grouped | None:
    """The number for people; nothing stays nothing."""
    return None if number is None else Grouped(number)
