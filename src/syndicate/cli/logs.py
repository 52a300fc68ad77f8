"""日志: what every process writes on stderr, for people or, with SYNDICATE_LOG=json, one JSON object a line for a collector.

One id runs from document to receipt: the number of the item. Every line that concerns an item carries it as `item`, beside
`source` and `document` where it came in, and `delivery` and `channel` where it goes out. Nothing else sets logging up.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from syndicate.errors import UsageError

VARIABLE = "SYNDICATE_LOG"
_TEXT, _JSON = "text", "json"

_NAMED = r"[\w-]*(?:token|secret|password|passwd|passphrase|signature|api[_-]?key|authorization|cookie)[\w-]*"
_SECRET = re.compile(
    rf"(?P<named>\b{_NAMED}[\"']?\s*[=:]\s*[\"']?)(?:(?:bearer|basic)\s+)?[^\s\"'&,;}}\]]+"
    r"|(?P<bearer>\b(?:bearer|basic)\s+)[\w.~+/=-]{8,}"
    r"|(?P<parameter>[?&;](?:key|code|ticket|sign|sig)=)[^\s\"'&<>]+"
    r"|(?P<link>/link/)[\w-]+"
    r"|(?P<person>://)[^\s/@:]+:[^\s/@]+(?=@)",
    re.IGNORECASE,
)
"""What looks like a secret: a value that is named so, a bearer token, a one-time link, a password or key in an address."""


def scrubbed(text: str) -> str:
    """A line without what looks like a secret. The second guard: nobody logs secrets in the first place."""
    return _SECRET.sub(lambda found: next(filter(None, found.groups())) + "…", text)


def begin(environment: Mapping[str, str] = os.environ) -> None:
    """Set logging up for this process. Raises UsageError for a form that there is not."""
    wanted = environment.get(VARIABLE, "") or _TEXT
    if wanted not in (_TEXT, _JSON):
        raise UsageError("cli.log_form", variable=VARIABLE, value=wanted[:40])
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if wanted == _JSON else TextLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    if wanted == _JSON:
        # Libraries stay silent: what they tell of their calls may hold addresses with tokens.
        logging.getLogger("syndicate").setLevel(logging.INFO)


class TextLines(logging.Formatter):
    """Lines for people."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The line, what it concerns behind its text."""
        about = " ".join(f"{name}={value}" for name, value in _about(record).items())
        told = super().format(record)
        first, line_break, rest = told.partition("\n")
        return scrubbed(f"{first} [{about}]{line_break}{rest}" if about else told)


class JsonLines(logging.Formatter):
    """One JSON object a line: `at`, `level`, `logger`, `what`, whatever it concerns, and `trouble` for a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """The object."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "what": scrubbed(record.getMessage()),
        }
        for name, value in _about(record).items():
            line.setdefault(name, scrubbed(value) if isinstance(value, str) else value)
        if record.exc_info:
            line["trouble"] = scrubbed(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


def _about(record: logging.LogRecord) -> Mapping[str, object]:
    """What a line concerns: `extra={"about": …}` of whoever wrote it."""
    about = getattr(record, "about", None)
    return about if isinstance(about, Mapping) else {}
