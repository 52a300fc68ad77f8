"""Writing the office's own items: new ones, and new revisions of those that are still in work."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from syndicate.desk.context import leave_notice
from syndicate.desk.request import DeskRequest, actor_of, posted
from syndicate.desk.wording import status_of, told
from syndicate.errors import InputError, NotAllowed, SyndicateError
from syndicate.flow import items
from syndicate.model.item import SCREEN_FROM, SCREEN_TIMES, SCREEN_UNTIL, Content, ItemKind
from syndicate.model.review import ItemAction
from syndicate.records import items as item_records
from syndicate.review.rules import Request, permit
from syndicate.text.sanitise import sanitise

PLAIN, MARKUP = "plain", "html"
_SCREEN = {"screen_from": SCREEN_FROM, "screen_until": SCREEN_UNTIL}
"""Inputs of the form and the fields of the revision that they become."""
_WRITTEN = ("title", "body", "form", "source_name", "summary", *_SCREEN)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """A new original item, kept as a draft or sent to review at once."""
    typed = {"source_name": request.workspace.snapshot.office.name, "form": PLAIN}
    if request.method != "POST":
        return _form(request, typed)
    typed = {name: posted(request, name) for name in (*_WRITTEN, "column")}
    actor = actor_of(request)
    try:
        content = _content(request, typed)
        number = items.create(request.workspace, actor, items.Placement(typed["column"]), content)
    except SyndicateError as error:
        return _form(request, typed, error)
    return saved(request, number)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: DeskRequest, number: int) -> HttpResponse:
    """A new revision. The form names the version that was read, so that nobody overwrites a colleague unseen."""
    item = item_records.get(number)
    before = item_records.latest_revision(number).content
    if request.method != "POST":
        # Asked before anything is typed, so that nothing is lost to a refusal that was certain.
        permit(items.situation(item), Request(ItemAction.EDIT, actor_of(request)))
        if item.kind is ItemKind.REPRINT:
            raise NotAllowed("item.reprint")
        typed = {"title": before.title, "body": before.body, "form": MARKUP, "source_name": before.source_name}
        typed |= {"summary": before.summary, "version": str(item.version)}
        typed |= {name: before.fields.get(label, "") for name, label in _SCREEN.items()}
        return _form(request, typed, number=number)
    typed = {name: posted(request, name) for name in (*_WRITTEN, "version")}
    try:
        written = _content(request, typed)
        content = replace(before, title=written.title, body=written.body, summary=written.summary)
        official = {label: value for label, value in before.fields.items() if label not in SCREEN_TIMES}
        content = replace(content, source_name=written.source_name, fields={**official, **written.fields})
        version = int(typed["version"]) if typed["version"].isdecimal() else 0
        items.edit(request.workspace, actor_of(request), replace(item, version=version), content)
    except SyndicateError as error:
        return _form(request, typed, error, number)
    return saved(request, number)


def _content(request: DeskRequest, typed: dict[str, str]) -> Content:
    body = typed["body"]
    written = sanitise(body) if typed["form"] == MARKUP else _paragraphs(body)
    content = items.original(request.workspace, typed["title"], written)
    name = typed["source_name"].strip() or content.source_name
    if len(name) > 255:
        raise InputError("desk.bad_request")
    times = {label: typed[name].strip()[:40] for name, label in _SCREEN.items() if typed[name].strip()}
    return replace(content, source_name=name, summary=typed["summary"].strip(), fields=times)


def _paragraphs(text: str) -> str:
    """Plain text as paragraphs: every line that is not blank."""
    return "".join(f"<p>{escape(line.strip(), quote=False)}</p>" for line in text.splitlines() if line.strip())


def saved(request: DeskRequest, number: int) -> HttpResponse:
    """Saved first, submitted second: what was written is kept even where it cannot be submitted."""
    if "submit" in request.POST:
        items.submit(request.workspace, actor_of(request), number)
    leave_notice(request, f"稿件 {number} 已保存{'并送审' if 'submit' in request.POST else '为草稿'}。")
    return redirect("item", number)


def _form(
    request: DeskRequest, typed: dict[str, str], problem: SyndicateError | None = None, number: int | None = None
) -> HttpResponse:
    shown = {
        "typed": typed,
        "number": number,
        "columns": request.workspace.snapshot.columns.values(),
        "problem": told(problem.message) if problem else None,
    }
    return render(request, "edit.html", shown, status=status_of(problem) if problem else 200)
