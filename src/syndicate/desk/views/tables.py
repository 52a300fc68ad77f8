"""Rules and word tables: an index, a table to be edited with a box to try it, YAML to be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from syndicate.config.table_text import Changes, TableLine
from syndicate.desk.context import leave_notice
from syndicate.desk.request import DeskRequest, actor_of, asked, page_number
from syndicate.desk.wording import Told, next_action, said, status_of, told, word
from syndicate.errors import ConfigurationError, Problem, SyndicateError
from syndicate.flow import config_files, tables
from syndicate.flow.tables import Edit, OfficeTable
from syndicate.model.finding import Finding

PAGE = 40
NEW_ROWS = 3
_CELL = re.compile(r"c:(\d{1,7}):(\d{1,2})")
_NEW = re.compile(r"n:(\d{1,2}):(\d{1,2})")
_REMOVED = re.compile(r"r:(\d{1,7})")


@dataclass(frozen=True)
class Row:
    """One row of the form: its line in the file, or 0 for one to come."""

    line: int
    cells: tuple[tuple[str, str, str], ...]
    """Column, name of the field, and what stands in it."""
    removed: bool
    faulty: bool


@dataclass(frozen=True)
class Typed:
    """What came with the form, by line and by new row."""

    cells: Mapping[int, tuple[str, ...]]
    removed: frozenset[int]
    added: tuple[tuple[str, ...], ...]


@require_safe
def index(request: DeskRequest) -> HttpResponse:
    """Every table and every configuration file."""
    actor = actor_of(request)
    shown = {
        "tables": tables.tables(request.workspace),
        "files": config_files.paths(request.workspace) if tables.may_edit(actor.role) else (),
        "place": "rules",
    }
    return render(request, "tables.html", shown)


@require_safe
def columns(request: DeskRequest) -> HttpResponse:
    """The columns with duty, owner and levels."""
    found = request.workspace.snapshot.columns.values()
    return render(request, "columns.html", {"columns": found, "place": "rules"})


@require_safe
def file(request: DeskRequest, path: str) -> HttpResponse:
    """One YAML file with its mistakes; it is changed with a text editor."""
    found = config_files.file(request.workspace, actor_of(request), path)
    shown = {"file": found, "problems": _problems(found.problems), "place": "rules"}
    return render(request, "config_file.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def table(request: DeskRequest, path: str) -> HttpResponse:
    """One table. Trying and saving keep what was typed on the page until it is saved."""
    found = tables.table(request.workspace, path)
    if request.method != "POST":
        return _page(request, found)
    typed = _typed(request, len(found.text.heading))
    edit = Edit(request.POST.get("read", ""), _changes(found, typed), request.POST.get("trial", ""))
    findings: tuple[Finding, ...] | None = None
    try:
        if request.POST.get("do") == "save":
            count = tables.save_changes(request.workspace, actor_of(request), path, edit)
            leave_notice(
                request, gettext("{path} 已保存，改动 {count} 行；几秒后用于核校。").format(path=path, count=count)
            )
            return redirect(f"{request.path}?{request.GET.urlencode()}")
        findings = tables.try_changes(request.workspace, path, edit)
    except SyndicateError as error:
        return _page(request, found, typed, error)
    return _page(request, found, typed, findings=findings)


def _typed(request: DeskRequest, width: int) -> Typed:
    cells: dict[int, dict[int, str]] = {}
    added: dict[int, dict[int, str]] = {}
    removed = set()
    for name, value in request.POST.items():
        text = str(value).strip(" ")
        if found := _CELL.fullmatch(name):
            cells.setdefault(int(found[1]), {})[int(found[2])] = text
        elif found := _NEW.fullmatch(name):
            added.setdefault(int(found[1]), {})[int(found[2])] = text
        elif found := _REMOVED.fullmatch(name):
            removed.add(int(found[1]))
    return Typed(_rows(cells, width), frozenset(removed), tuple(_rows(added, width).values()))


def _rows(cells: Mapping[int, Mapping[int, str]], width: int) -> dict[int, tuple[str, ...]]:
    return {line: tuple(row.get(number, "") for number in range(width)) for line, row in sorted(cells.items())}


def _changes(found: OfficeTable, typed: Typed) -> Changes:
    """What differs from the file. Rows that nobody filled in are no rows."""
    before = {row.number: tuple(cell.strip(" ") for cell in row.cells) for row in found.text.rows}
    cells = {line: row for line, row in typed.cells.items() if line not in typed.removed and before.get(line) != row}
    return Changes(cells, typed.removed, tuple(row for row in typed.added if any(row)))


def _page(
    request: DeskRequest,
    found: OfficeTable,
    typed: Typed | None = None,
    problem: SyndicateError | None = None,
    findings: tuple[Finding, ...] | None = None,
) -> HttpResponse:
    wanted, number = asked(request, "q").strip(), page_number(request)
    fitting = [row for row in found.text.rows if not wanted or any(wanted in cell for cell in row.cells)]
    chosen = fitting[(number - 1) * PAGE : number * PAGE]
    problems = problem.problems if isinstance(problem, ConfigurationError) else ()
    faulty = {one.line for one in problems if one.file == found.path}
    editable = tables.may_edit(actor_of(request).role) and not found.generated
    live = "HX-Request" in request.headers  # the page asks by itself while somebody types, and takes no errors
    shown = {
        "table": found,
        "read": request.POST.get("read", found.hash),
        "rows": _form_rows(found, chosen, typed, faulty),
        "blank": _blank(found, typed) if editable else (),
        "editable": editable,
        "trial": request.POST.get("trial", ""),
        "findings": findings,
        "severities": {one.severity: word("severity", one.severity) for one in findings or ()},
        "problem": told(problem.message) if problem else None,
        "problems": _problems(problems),
        "wanted": wanted,
        "number": number,
        "count": len(fitting),
        "more": number * PAGE < len(fitting),
        "address": urlencode({"q": wanted}),
        "place": "rules",
        "live": live,
        "address_here": request.get_full_path(),
    }
    return render(request, "table.html", shown, status=status_of(problem) if problem and not live else 200)


def _form_rows(
    found: OfficeTable, chosen: Iterable[TableLine], typed: Typed | None, faulty: set[int]
) -> tuple[Row, ...]:
    heading = found.text.heading
    if typed is not None:  # what was typed stays, even where the file has changed below it
        chosen = [TableLine(line, cells) for line, cells in typed.cells.items()]
    return tuple(
        Row(
            row.number,
            tuple((name, f"c:{row.number}:{place}", cell) for place, (name, cell) in _numbered(heading, row.cells)),
            typed is not None and row.number in typed.removed,
            row.number in faulty,
        )
        for row in chosen
    )


def _blank(found: OfficeTable, typed: Typed | None) -> tuple[Row, ...]:
    """Rows for what comes new: those that were filled in, and a few that are empty."""
    heading = found.text.heading
    filled = typed.added if typed else ()
    rows = [*filled, *[("",) * len(heading)] * (NEW_ROWS - len(filled))]
    return tuple(
        Row(
            0, tuple((name, f"n:{line}:{place}", cell) for place, (name, cell) in _numbered(heading, row)), False, False
        )
        for line, row in enumerate(rows)
    )


def _numbered(heading: tuple[str, ...], row: tuple[str, ...]) -> Iterable[tuple[int, tuple[str, str]]]:
    """Cells with their columns and places; what a broken row has too many of is not shown."""
    return enumerate(zip(heading, row, strict=False))


def _problems(problems: Iterable[Problem]) -> list[tuple[str, int, str, Told]]:
    return [(one.file, one.line, one.text, Told(said(one.message), next_action(one.message))) for one in problems]
