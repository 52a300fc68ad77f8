"""Where a mistake stands: a file's text by line, and the list that collects every mistake of one load."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from syndicate.errors import ConfigurationError, Message, Problem
from syndicate.text.late import late

# The line breaks of YAML 1.1, which are those that the parser's line numbers count.
_LINE_BREAK = late("\r\n|[\n\r\x85\u2028\u2029]")
_SHOWN = 160
# A person who writes a password into a file shall not find it again in a log.
_TELLTALE = late(r"(?i)((?:secret|passw|token|api_?key|appkey|密钥|密码|口令)[^:：]*[:：]\s*)\S.*")


@dataclass(frozen=True)
class ConfigFile:
    """One file as it was read. `name` is its path below the office with `/`, as people see it in messages."""

    name: str
    text: str

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines without their breaks; line 1 is `lines[0]`."""
        return tuple(_LINE_BREAK.split(self.text))

    def shown(self, line: int) -> str:
        """Line number `line` for people: one short printable line; what looks like a written-out secret is hidden."""
        raw = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        printable = "".join(c if c.isprintable() else " " if c == "\t" else "·" for c in raw[: 4 * _SHOWN])
        hidden = _TELLTALE.sub(r"\1…", printable)
        return hidden if len(hidden) <= _SHOWN else hidden[:_SHOWN] + "…"


@dataclass
class Problems:
    """Collects the mistakes of one load."""

    found: list[Problem] = field(default_factory=list)

    def add(self, file: ConfigFile, line: int, key: str, /, **values: object) -> None:
        """Note one mistake at a line of a file; `key` is a row of `messages/config.tsv` without its area."""
        self.found.append(Problem(file.name, line, file.shown(line), Message(f"config.{key}", values)))

    def raise_if_any(self) -> None:
        """Raise one `ConfigurationError` with all mistakes in the order of files and lines."""
        if self.found:
            raise ConfigurationError(tuple(sorted(self.found, key=lambda p: (p.file, p.line, p.message.key))))
