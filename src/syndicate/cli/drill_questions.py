"""What a drill says and asks."""

from __future__ import annotations

import sys

from syndicate.cli.output import print_line, print_table
from syndicate.errors import Message


class Questions:
    """Asks at the terminal, or takes lines from a pipe; after its end, and with --json, the suggested answers."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._ended = quiet

    @property
    def suggests(self) -> bool:
        """Whether nobody answers any more, so that every answer is the suggested one."""
        return self._ended

    def say(self, key: str, **values: object) -> None:
        """One paragraph, marked."""
        if not self._quiet:
            print_line(f"【演练】{Message(f'drill.{key}', values).zh}")

    def table(self, title: str, head: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
        """A table, marked."""
        if not self._quiet:
            print_table(f"【演练】{title}", head, rows)

    def ask(self, key: str, suggested: str, choices: tuple[str, ...] = ()) -> str:
        """An answer, one of `choices` where there are any; an empty line takes the suggested one."""
        while not self._ended:
            sys.stdout.write(f"  {Message(f'drill.{key}').zh} [{suggested}] ")
            sys.stdout.flush()
            line = sys.stdin.readline()
            self._ended = not line
            answer = line.strip()
            if not sys.stdin.isatty():
                print_line(answer)
            if answer and (not choices or answer in choices):
                return answer
            if not answer:
                break
            print_line(Message("drill.choose", {"choices": "、".join(choices)}).zh)
        return suggested
