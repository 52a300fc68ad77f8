"""The findings of a whole file: those of its text, with their place in the file, and those about the file itself."""

from __future__ import annotations

from datetime import date

from syndicate.errors import Message
from syndicate.model.finding import Finding, Severity
from syndicate.monitor.monitor import Monitor
from syndicate.text.files import FileText

NO_TEXT_LAYER = "file.no_text_layer"
UNDECODABLE = "file.undecodable"


def check_file(monitor: Monitor, file: FileText, *, day: date | None, part: str = "body") -> tuple[Finding, ...]:
    """All findings in a file that was read. Offsets count in `file.text`; `place` is the page, cell or paragraph.

    A page without text (a scan) and characters that could not be decoded are findings: such a file was not checked whole.
    """
    found = [
        finding._replace(place=file.extract.place(finding.start) or finding.place)
        for finding in monitor.check(file.text, markup=file.markup, day=day, part=part)
    ]
    if file.extract.textless:
        found.append(_about_file(NO_TEXT_LAYER, "no_text_layer", part, place=_pages(file.extract.textless)))
    if file.replaced:
        found.append(_about_file(UNDECODABLE, "undecodable", part, count=file.replaced))
    return tuple(found)


def _about_file(rule: str, key: str, part: str, **values: object) -> Finding:
    message = Message(f"monitor.{key}", values)
    return Finding(
        rule=rule,
        severity=Severity.CONFIRM,
        start=0,
        end=0,
        text="",
        message=message.zh,
        suggestion=message.action_zh,
        place=str(values.get("place", "")),
        part=part,
        message_en=message.en,
    )


def _pages(places: tuple[str, ...]) -> str:
    shown = "、".join(places[:10])
    return shown if len(places) <= 10 else f"{shown} … ({len(places)})"
