"""The parameters of one rule, read with their types. Every mistake is kept, so that all are shown at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import regex

from syndicate.errors import Message
from syndicate.model.finding import Severity
from syndicate.model.rule import RuleSpec


class Parameters:
    """Reads `rule.parameters`; what is missing, of another type or unknown goes to `mistakes`."""

    def __init__(self, rule: RuleSpec) -> None:
        self.rule = rule
        self.mistakes: list[Message] = []
        self._given = rule.parameters
        self._known: set[str] = set()

    def text(self, name: str, default: str | None = None) -> str:
        """A text; without a default it must be given and not be empty."""
        value = self._value(name, default)
        if isinstance(value, str) and (value or default is not None):
            return value
        self._wrong(name, value, "text")
        return ""

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        """One of the words in `choices`."""
        value = self.text(name)
        if value and value not in choices:
            self.mistakes.append(self._message("parameter_choice", name=name, value=value, choices=", ".join(choices)))
        return value if value in choices else choices[0]

    def texts(self, name: str, *, required: bool = False) -> tuple[str, ...]:
        """A list of texts that are not empty."""
        value = self._value(name, None if required else ())
        is_list = isinstance(value, list | tuple) and all(isinstance(item, str) and item for item in value)
        if isinstance(value, list | tuple) and is_list and (value or not required):
            return tuple(value)
        self._wrong(name, value, "list")
        return ()

    def pairs(self, name: str, *, required: bool = False) -> Mapping[str, str]:
        """A mapping of texts to texts."""
        value = self._value(name, None if required else {})
        if isinstance(value, Mapping) and (value or not required):
            rows = list(value.items())
            if all(isinstance(key, str) and key and isinstance(item, str) for key, item in rows):
                return dict(rows)
        self._wrong(name, value, "mapping")
        return {}

    def severities(self, name: str) -> Mapping[str, Severity]:
        """A mapping of texts to severities."""
        found: dict[str, Severity] = {}
        for key, word in self.pairs(name, required=True).items():
            if word in set(Severity):
                found[key] = Severity(word)
            else:
                self.mistakes.append(
                    self._message("parameter_choice", name=f"{name}.{key}", value=word, choices=", ".join(Severity))
                )
        return found

    def severity(self, name: str) -> Severity | None:
        """A severity, or None when it is not given."""
        if name not in self._given:
            self._known.add(name)
            return None
        return Severity(self.choice(name, tuple(Severity)))

    def number(self, name: str, default: float, *, least: float = 0, most: float = 1_000_000) -> float:
        """A number between `least` and `most`."""
        value = self._value(name, default)
        if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most:
            return value
        self._wrong(name, value, "number")
        return default

    def day(self, name: str) -> date | None:
        """A day written YYYY-MM-DD, or None when it is not given."""
        value = self.text(name, "")
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            self.mistakes.append(self._message("parameter_day", name=name, value=value[:40]))
            return None

    def flag(self, name: str, default: bool) -> bool:
        """Yes or no."""
        value = self._value(name, default)
        if isinstance(value, bool):
            return value
        self._wrong(name, value, "flag")
        return default

    def pattern(self, name: str) -> regex.Pattern[str]:
        """A regular expression of the `regex` module that never matches the empty text."""
        source = self.text(name)
        try:
            pattern = regex.compile(source or "(?!)")
            if pattern.search("", timeout=1) is not None:
                self.mistakes.append(self._message("pattern_empty", name=name))
            return pattern
        except (regex.error, TimeoutError, OverflowError, RecursionError) as error:
            self.mistakes.append(self._message("pattern", name=name, why=str(error)))
            return regex.compile("(?!)")

    def finish(self) -> tuple[Message, ...]:
        """All mistakes, those of unknown parameters included. To be called when everything has been read."""
        unknown = sorted(set(self._given) - self._known)
        known = ", ".join(sorted(self._known)) or "—"
        return (*self.mistakes, *(self._message("parameter_unknown", name=name, known=known) for name in unknown))

    def _value(self, name: str, default: object) -> object:
        self._known.add(name)
        return self._given.get(name, default)

    def _wrong(self, name: str, value: object, expected: str) -> None:
        key = "parameter_missing" if value is None else f"parameter_{expected}"
        self.mistakes.append(self._message(key, name=name))

    def _message(self, key: str, **values: object) -> Message:
        return Message(f"monitor.{key}", {"rule": self.rule.id, **values})
