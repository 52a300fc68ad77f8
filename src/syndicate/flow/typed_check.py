"""边写边查: what the monitor says about a text while it is being written. Nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass

from syndicate.flow.workspace import Workspace
from syndicate.model.finding import Finding
from syndicate.text.plain import from_html
from syndicate.text.sanitise import sanitise

LONGEST = 100_000
"""Characters of markup that are checked while somebody types (0.2 s of processor time); a longer text is checked when it is saved."""
MOST = 50
"""Findings that are listed; the rest is counted."""


@dataclass(frozen=True)
class CheckedTyping:
    """The worst findings first, how many more there are, the length of the text, and whether it was too long to check."""

    findings: tuple[Finding, ...]
    more: int
    characters: int
    too_long: bool = False


def check_typing(workspace: Workspace, title: str, body: str) -> CheckedTyping:
    """Every finding on a title and a body of markup. Raises InputError for markup built to keep a parser busy."""
    if len(body) > LONGEST:
        return CheckedTyping((), 0, 0, too_long=True)
    markup = sanitise(body)
    day = workspace.now().date()
    found = [*workspace.monitor.check(title, markup=False, day=day, part="title")]
    found += workspace.monitor.check(markup, markup=True, day=day, part="body")
    found.sort(key=lambda one: -one.severity.weight)
    characters = len("".join(from_html(markup).text.split()))
    return CheckedTyping(tuple(found[:MOST]), max(len(found) - MOST, 0), characters)
