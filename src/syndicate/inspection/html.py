"""The report as one self-contained HTML file and as JSON. The layout is the office's template."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from syndicate.errors import ConfigurationError, Message, Problem
from syndicate.inspection.drawing import BASE, HEIGHT, WIDTH, Bar, bars
from syndicate.inspection.wording import limits, say
from syndicate.model.inspection import Chart, Report, Standing

TEMPLATE = "report/daily.html"
"""The template's name below `content/templates/`, and its key in `Snapshot.templates`."""
NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四")
_WIDE = re.compile(r"[!-~]{18}")
SYMBOLS = {
    Standing.FULFILLED: "○",
    Standing.WARNING: "△",
    Standing.BREACHED: "×",
    Standing.NOT_MEASURED: "—",
    Standing.NOT_ENFORCED: "·",
}
"""A shape for every standing, so that a black and white print and a colour-blind reader lose nothing."""


@dataclass(frozen=True)
class Drawing:
    """The bars of a chart in a picture of `width` × `height` that stand on the line at `base`."""

    bars: tuple[Bar, ...]
    width: int
    height: int
    base: int


def to_html(report: Report, template: str, printed: bool = False) -> str:
    """The report as HTML by a Jinja2 template, which sees `report`, `verdict`, `numerals`, `symbols`,
    `printed_rows` (the most rows of a table that are printed) and `printed` (the others may be left out).

    `drawn` gives the bars of a chart with their places, `is_wide` says whether a cell holds a word that no line takes.

    Everything is escaped. Raises `ConfigurationError` naming the line where the template is wrong.
    """
    environment = ImmutableSandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    try:
        return environment.from_string(template).render(
            report=report,
            verdict=say(f"verdict_{report.standing}"),
            numerals=NUMERALS,
            symbols=SYMBOLS,
            drawn=_drawn,
            is_wide=_is_wide,
            printed=printed,
            printed_rows=int(limits()["rows_per_printed_table"]),
        )
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise ConfigurationError((_problem(error, template),)) from error


def _drawn(chart: Chart) -> Drawing:
    """A chart's bars with their places, and the size of the picture."""
    return Drawing(bars([(bar.label, bar.value, bar.text) for bar in chart.bars]), WIDTH, HEIGHT, BASE)


def _is_wide(cell: str) -> bool:
    """Whether a cell holds a word that no line takes: only there is it worth its time to look where words may be broken."""
    return _WIDE.search(cell) is not None


def _problem(error: Exception, template: str) -> Problem:
    line = error.lineno if isinstance(error, TemplateSyntaxError) else _line_reached(error)
    lines = template.splitlines()
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    return Problem(f"content/templates/{TEMPLATE}", line, text, Message("inspection.template", {"reason": str(error)}))


def _line_reached(error: Exception) -> int:
    """The template line that was running; Jinja2 rewrites the traceback to the template's own lines."""
    line, frame = 1, error.__traceback__
    while frame is not None:
        if frame.tb_frame.f_code.co_filename == "<template>":
            line = frame.tb_lineno
        frame = frame.tb_next
    return line


def to_json(report: Report) -> str:
    """The report as one JSON document with the field names of `syndicate.model.inspection`."""
    return json.dumps(asdict(report), ensure_ascii=False, indent=2)
