"""Sources: how each is, a test that shows every step, switching off and on, and a form that writes a new one."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from syndicate.desk.context import leave_notice
from syndicate.desk.request import DeskRequest, actor_of, posted
from syndicate.desk.wording import Told, status_of, told
from syndicate.errors import SyndicateError
from syndicate.flow import propose_source, source_switches
from syndicate.flow.try_source import Trial, try_source
from syndicate.model.source import Source, SyncResult
from syndicate.net.fetcher import Fetcher
from syndicate.records import sources as records
from syndicate.records.sources import Health, SwitchedOff

_FINE = (SyncResult.NEW, SyncResult.NOTHING_NEW)


@dataclass(frozen=True)
class Line:
    """One source as it is shown."""

    source: Source
    column: str
    """The title of the column that it feeds."""
    health: Health | None
    told: Told | None
    fine: bool
    off: SwitchedOff | None


@require_safe
def sources(request: DeskRequest) -> HttpResponse:
    """Every source."""
    return _page(request)


def _page(request: DeskRequest, problem: SyndicateError | None = None, **further: object) -> HttpResponse:
    known, off = records.all_health(), records.switched_off()
    snapshot = request.workspace.snapshot
    shown = {
        "lines": [
            _line(one, snapshot.columns[one.column].title, known.get(one.name), off.get(one.name))
            for one in snapshot.sources.values()
        ],
        "columns": snapshot.columns.values(),
        "may": source_switches.may_keep_sources(actor_of(request).role),
        "typed": {name: posted(request, name) for name in ("url", "name", "column")},
        "problem": told(problem.message) if problem else None,
        "place": "sources",
        **further,
    }
    return render(request, "sources.html", shown, status=status_of(problem) if problem else 200)


def _line(source: Source, column: str, health: Health | None, off: SwitchedOff | None) -> Line:
    message = told(health.message) if health and health.message else None
    fine = health is None or health.result is None or health.result in _FINE
    return Line(source, column, health, message, fine, off)


@require_POST
def test(request: DeskRequest, name: str) -> HttpResponse:
    """Read one source now, step by step; nothing is stored."""
    try:
        source_switches.permit_sources(actor_of(request))
        trial = try_source(request.workspace, Fetcher(clock=request.workspace.now), name)
    except SyndicateError as error:
        return _page(request, error)
    return _page(request, trial=trial, tried=name, failed=_failure(trial))


def _failure(trial: Trial) -> Told | None:
    return told(trial.error) if trial.error else None


@require_POST
def switch(request: DeskRequest, name: str) -> HttpResponse:
    """Switch a source off with a reason, or on again."""
    try:
        if posted(request, "do") == "on":
            source_switches.switch_on(request.workspace, actor_of(request), name)
            leave_notice(request, gettext("信源 {name} 已恢复采集。").format(name=name))
        else:
            source_switches.switch_off(request.workspace, actor_of(request), name, posted(request, "reason"))
            leave_notice(request, gettext("信源 {name} 已停用，不再采集。").format(name=name))
    except SyndicateError as error:
        return _page(request, error)
    return redirect("sources")


@require_POST
def add(request: DeskRequest) -> HttpResponse:
    """Look at a page and show the file that would follow it; write it when asked to."""
    try:
        source_switches.permit_sources(actor_of(request))
        fetcher = Fetcher(clock=request.workspace.now)
        url, name, column = (posted(request, field).strip() for field in ("url", "name", "column"))
        proposed = propose_source.propose_source(request.workspace, fetcher, url, name, column)
        if posted(request, "do") != "save":
            return _page(request, proposed=proposed)
        path = propose_source.add_source(request.workspace, actor_of(request), proposed)
    except SyndicateError as error:
        return _page(request, error)
    leave_notice(request, gettext("已写入 {path}，几秒后开始采集；请先测试。").format(path=path))
    return redirect("sources")
