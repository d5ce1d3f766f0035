"""Takes checked values out of one mapping of a vocabulary file, and collects the problems."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from taxonomy.languages import LANGUAGES


@dataclass(frozen=True, slots=True)
class Problem:
    """A sentence on what is wrong, and where: `cause`, `cause: network/dns`, empty for the file.

    `code` and `values` are for who says it in other words, a form with labels of its own.
    """

    where: str
    message: str
    code: str = field(default="", compare=False)
    values: Mapping[str, object] = field(default_factory=dict, compare=False)


class Fields:
    """One mapping. Every value is taken by name; `finish` reports the keys that nobody took."""

    def __init__(self, where: str, data: object, problems: list[Problem]) -> None:
        self._where = where
        self._problems = problems
        self._data: dict[str, Any] = dict(data) if isinstance(data, dict) else {}
        self._is_mapping = isinstance(data, dict)
        if not self._is_mapping:
            problems.append(Problem(where, _("A mapping is needed here: keys with values.")))

    def problem(self, message: str, code: str = "", **values: object) -> None:
        """Report the message, if there is one, for this place."""
        # Where no mapping stands, that is the one thing to say.
        if message and self._is_mapping:
            self._problems.append(Problem(self._where, message, code, values))

    def finish(self) -> None:
        """Report the keys that are left over."""
        for key in self._data:
            self.problem(_("“%(key)s” is not a key that is known here.") % {"key": key})

    def text(self, name: str, limit: int) -> str:
        """One line of text; empty when absent."""
        value = self._data.pop(name, "")
        if not isinstance(value, str):
            self.problem(_("“%(name)s” must be a text.") % {"name": name})
            return ""
        return self._line(name, value, limit)

    def mapping(self, name: str) -> dict[str, Any]:
        """A mapping as it stands; empty when absent."""
        value = self._data.pop(name, None) or {}
        if not isinstance(value, dict):
            self.problem(_("“%(name)s” must be a mapping.") % {"name": name})
            return {}
        return value

    def texts(self, name: str, limit: int, *, required: bool = False) -> dict[str, str]:
        """Texts by language code; English is needed when `required`, or when there is any other."""
        found: dict[str, str] = {}
        problems_before = len(self._problems)
        for language, value in self.mapping(name).items():
            if language not in LANGUAGES:
                self.problem(
                    _("“%(name)s” has no language “%(language)s”; there are %(known)s.")
                    % {"name": name, "language": language, "known": ", ".join(LANGUAGES)}
                )
            elif line := self._line(name, value, limit):
                found[language] = line
        is_fine_so_far = len(self._problems) == problems_before
        if is_fine_so_far and "en" not in found and (required or found):
            self.problem(_("“%(name)s” needs an English text (en).") % {"name": name}, "english")
        return {language: found[language] for language in LANGUAGES if language in found}

    def words(self, name: str, limit: int) -> tuple[str, ...]:
        """A list of texts without repetition; empty when absent."""
        value = self._data.pop(name, None) or []
        if not isinstance(value, list):
            self.problem(_("“%(name)s” must be a list.") % {"name": name})
            return ()
        lines = [self._line(name, item, limit) for item in value]
        if len(set(lines)) != len(lines):
            self.problem(_("“%(name)s” says something twice.") % {"name": name}, "twice")
        return tuple(line for line in lines if line)

    def choice(self, name: str, choices: Iterable[str], *, default: str = "") -> str:
        """One of the choices; needed when there is no default."""
        value = self.text(name, 40) or default
        known = list(choices)
        if value not in known:
            self.problem(
                _("“%(name)s” is “%(value)s”; it must be one of %(known)s.")
                % {"name": name, "value": value, "known": ", ".join(known)},
                "choice",
                value=value,
            )
        return value

    def flag(self, name: str) -> bool:
        """True or false; false when absent."""
        return self.choice(name, ("true", "false"), default="false") == "true"

    def number(self, name: str, lowest: int, highest: int) -> int | None:
        """A whole number within the limits; None when absent."""
        value = self.text(name, 10)
        if not value:
            return None
        if value.isascii() and value.isdigit() and lowest <= int(value) <= highest:
            return int(value)
        self.problem(
            _("“%(name)s” must be a number from %(lowest)d to %(highest)d.")
            % {"name": name, "lowest": lowest, "highest": highest},
            "number",
            lowest=lowest,
            highest=highest,
        )
        return None

    def _line(self, name: str, value: object, limit: int) -> str:
        if not isinstance(value, str):
            self.problem(_("“%(name)s” must hold texts only.") % {"name": name})
            return ""
        line = " ".join(value.split())
        if len(line) <= limit:
            return line
        self.problem(
            _("“%(name)s” is longer than %(limit)d characters.") % {"name": name, "limit": limit},
            "too-long",
            most=limit,
        )
        return ""


def refusal(problem: Problem) -> ValidationError:
    """The problem as verbs raise it: its sentence, with the code and the values."""
    params = {"sentence": problem.message, **problem.values}
    return ValidationError("%(sentence)s", code=problem.code or None, params=params)
