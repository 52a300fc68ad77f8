"""Writing the office's own items: new ones, and new revisions of those that are still in work."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from syndicate.desk.context import leave_notice
from syndicate.desk.request import DeskRequest, actor_of
from syndicate.desk.uploaded import files_of_tokens, listed
from syndicate.desk.views.uploading import take_plain_uploads
from syndicate.desk.wording import status_of, told
from syndicate.desk.writing_form import OFFICIAL, Typed, first, form_of, names, new_form, read, typed_in
from syndicate.errors import Conflict, InputError, NotAllowed, SyndicateError
from syndicate.flow import items
from syndicate.flow.official_fields import official_fields
from syndicate.flow.upload_limits import upload_limit
from syndicate.model.item import Attachment, ItemKind
from syndicate.model.review import ItemAction
from syndicate.records import items as item_records
from syndicate.records import kept_writing
from syndicate.records.kept_writing import Kept
from syndicate.records.values import ItemRecord
from syndicate.review.rules import Request, permit


@dataclass(frozen=True)
class _Shown:
    """What the form shows besides its fields."""

    item: ItemRecord | None = None
    problem: SyndicateError | None = None
    restored: Kept | None = None
    """What is shown was typed before, and never saved."""
    newer: int = 0
    """A colleague saved this revision while somebody was writing; 0: nobody did."""


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """A new original item, kept as a draft or sent to review at once."""
    actor = actor_of(request)
    if request.method != "POST":
        items.require_writer(actor)
        kept = kept_writing.kept(actor.name, kept_writing.NEW)
        return _form(request, kept.typed if kept else new_form(request.workspace), _Shown(restored=kept))
    typed = typed_in(request.POST)
    try:
        typed = take_plain_uploads(request, typed)
        written = read(request.workspace, typed)
        number = items.create(request.workspace, actor, written.placement, written.content)
    except SyndicateError as error:
        return _form(request, typed, _Shown(problem=error))
    kept_writing.forget(actor.name, kept_writing.NEW)
    return saved(request, number)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: DeskRequest, number: int) -> HttpResponse:
    """A new revision. The form names the version that was read, so that nobody overwrites a colleague unseen."""
    item = item_records.get(number)
    revision = item_records.latest_revision(number)
    actor = actor_of(request)
    if request.method != "POST":
        # Asked before anything is typed, so that nothing is lost to a refusal that was certain.
        permit(items.situation(item), Request(ItemAction.EDIT, actor))
        if item.kind is not ItemKind.ORIGINAL:
            raise NotAllowed("item.reprint")
        kept = kept_writing.kept(actor.name, number)
        if kept is None:
            return _form(request, form_of(request.workspace, item, revision.content), _Shown(item))
        newer = 0 if first(kept.typed, "version") == str(item.version) else revision.number
        return _form(request, kept.typed, _Shown(item, restored=kept, newer=newer))
    typed = typed_in(request.POST)
    try:
        typed = take_plain_uploads(request, typed)
        written = read(request.workspace, typed, revision.content, item)
        version = first(typed, "version")
        seen = replace(item, version=int(version) if version.isascii() and version.isdecimal() else 0)
        items.edit(request.workspace, actor, seen, written.content, written.placement)
    except Conflict as error:
        # Saving once more is a decision that was told: the form now names the colleague's version.
        return _form(request, {**typed, "version": [str(item.version)]}, _Shown(item, error, newer=revision.number))
    except SyndicateError as error:
        return _form(request, typed, _Shown(item, error))
    kept_writing.forget(actor.name, number)
    return saved(request, number)


def saved(request: DeskRequest, number: int) -> HttpResponse:
    """Saved first, submitted second: what was written is kept even where it cannot be submitted."""
    if "submit" in request.POST:
        items.submit(request.workspace, actor_of(request), number)
        leave_notice(request, _("稿件 %(number)s 已保存并送审。") % {"number": number})
    else:
        leave_notice(request, _("稿件 %(number)s 已保存为草稿。") % {"number": number})
    return redirect("item", number)


def _form(request: DeskRequest, typed: Typed, about: _Shown) -> HttpResponse:
    workspace, item = request.workspace, about.item
    known = {name: typed.get(name, []) for name in names()}
    shown = {
        "typed": {name: first(known, name) for name in names()},
        "item": item,
        "columns": workspace.snapshot.columns.values(),
        "channels": workspace.snapshot.channels.values(),
        "ticked": known["channels"],
        "official": [(one, OFFICIAL + one.label, first(known, OFFICIAL + one.label)) for one in official_fields()],
        "official_open": any(first(known, OFFICIAL + one.label) for one in official_fields()),
        "files": [listed(one) for one in _files(known)],
        "may_move": item is None or item.first_published_at is None,
        "restored": about.restored,
        "newer": about.newer,
        "problem": told(about.problem.message) if about.problem else None,
        "megabytes": upload_limit("file_bytes") // 1_048_576,
    }
    return render(request, "edit.html", shown, status=status_of(about.problem) if about.problem else 200)


def _files(typed: Typed) -> tuple[Attachment, ...]:
    """The files of a form; what is no file of ours any more is not shown."""
    try:
        return files_of_tokens(typed["files"])
    except InputError:
        return ()
