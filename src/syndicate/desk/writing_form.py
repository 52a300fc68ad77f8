"""The writing form: what its fields hold, and the content and placement that they become."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from html import escape

from django.http import QueryDict

from syndicate.desk.uploaded import files_of_tokens, token_of
from syndicate.errors import InputError
from syndicate.flow import items
from syndicate.flow.official_fields import official_fields, with_official
from syndicate.flow.placing import chosen
from syndicate.flow.upload_limits import upload_limit
from syndicate.flow.workspace import Workspace
from syndicate.model.item import SCREEN_FROM, SCREEN_TIMES, SCREEN_UNTIL, Attachment, Content, FileRole
from syndicate.records.values import ItemRecord
from syndicate.render.markup import elements, file_of, parse
from syndicate.text.sanitise import sanitise

PLAIN, MARKUP = "plain", "html"
OFFICIAL = "official:"
Typed = Mapping[str, list[str]]
"""A form as it was typed: one or several texts for every field."""
_SCREEN = {"screen_from": SCREEN_FROM, "screen_until": SCREEN_UNTIL}
"""Inputs of the form and the fields of the revision that they become."""
_SINGLE = ("title", "source_name", "author", "summary", "column", "body", "form", "expires_at", "review_on", "version")
_SEVERAL = ("channels", "files")
_LONGEST_NAME = 255
_LONGEST_SUMMARY = 2_000


@dataclass(frozen=True)
class Written:
    """What a form becomes."""

    content: Content
    placement: items.Placement


def names() -> tuple[str, ...]:
    """Every field of the form."""
    return (*_SINGLE, *_SCREEN, *(OFFICIAL + field.label for field in official_fields()), *_SEVERAL)


def typed_in(posted: QueryDict) -> dict[str, list[str]]:
    """The fields of a form that was sent; NUL bytes, which no database takes, are left out."""
    return {name: [text.replace("\0", "") for text in posted.getlist(name)] for name in names() if name in posted}


def first(typed: Typed, name: str) -> str:
    """The single text of a field; empty where it was not sent."""
    texts = typed.get(name) or [""]
    return texts[0]


def new_form(workspace: Workspace) -> dict[str, list[str]]:
    """The form of an item that does not exist yet: it goes to every channel that takes its column."""
    return {
        "source_name": [workspace.snapshot.office.name],
        "form": [PLAIN],
        "channels": list(workspace.snapshot.channels),
    }


def form_of(workspace: Workspace, item: ItemRecord, content: Content) -> dict[str, list[str]]:
    """The form of an item as it stands."""
    zone = workspace.snapshot.office.timezone
    single = {
        "title": content.title,
        "source_name": content.source_name,
        "author": content.author,
        "summary": content.summary,
        "column": item.column,
        "body": content.body,
        "form": MARKUP,
        "expires_at": f"{item.expires_at.astimezone(zone):%Y-%m-%dT%H:%M}" if item.expires_at else "",
        "review_on": item.review_on.isoformat() if item.review_on else "",
        "version": str(item.version),
        **{name: content.fields.get(label, "") for name, label in _SCREEN.items()},
        **{OFFICIAL + one.label: one.typed(content.fields.get(one.label, "")) for one in official_fields()},
    }
    several = {
        "channels": list(item.channels or workspace.snapshot.channels),
        "files": [token_of(file) for file in content.attachments],
    }
    return {**{name: [text] for name, text in single.items()}, **several}


def read(workspace: Workspace, typed: Typed, before: Content | None = None, item: ItemRecord | None = None) -> Written:
    """The content and the place that a form stands for; what it does not ask for stays as `before`. Raises InputError."""
    markup = sanitise(markup_of(typed))
    written = items.original(workspace, first(typed, "title"), markup)
    source, author = first(typed, "source_name").strip() or written.source_name, first(typed, "author").strip()
    summary = first(typed, "summary").strip()
    if max(len(source), len(author)) > _LONGEST_NAME or len(summary) > _LONGEST_SUMMARY:
        raise InputError("desk.bad_request")
    content = replace(
        before or written,
        title=written.title,
        body=markup,
        source_name=source,
        author=author,
        summary=summary,
        fields=_fields(typed, before.fields if before else {}),
        attachments=_files(typed, markup),
    )
    return Written(content, _placement(workspace, typed, item))


def markup_of(typed: Typed) -> str:
    """The body of a form as markup, not sanitised yet; of plain text every line that is not blank is a paragraph."""
    body = first(typed, "body")
    if first(typed, "form") == MARKUP:
        return body
    return "".join(f"<p>{escape(line.strip(), quote=False)}</p>" for line in body.splitlines() if line.strip())


def _fields(typed: Typed, before: Mapping[str, str]) -> dict[str, str]:
    official = {field.label: first(typed, OFFICIAL + field.label) for field in official_fields()}
    screen = {label: first(typed, name).strip()[:40] for name, label in _SCREEN.items()}
    kept = {label: value for label, value in before.items() if label not in SCREEN_TIMES}
    return {**with_official(kept, official), **{label: value for label, value in screen.items() if value}}


def _files(typed: Typed, markup: str) -> tuple[Attachment, ...]:
    """The attachments that were kept, and the pictures that stand in the text, each with words for who cannot see it."""
    files = files_of_tokens(typed.get("files", []))
    if len(files) > upload_limit("files"):
        raise InputError("writing.too_many_files", most=upload_limit("files"))
    shown = tuple(_pictures(markup))
    silent = sum(not alternative for _, alternative in shown)
    if silent:
        raise InputError("writing.no_alt", count=silent)
    standing = {sha256 for sha256, _ in shown}
    return tuple(file for file in files if file.role is FileRole.ATTACHMENT or file.sha256 in standing)


def _pictures(markup: str) -> Iterator[tuple[str, str]]:
    """The pictures of our own that a text shows, by hash, and their alternative texts."""
    for element in elements(parse(markup), "img"):
        sha256 = file_of(element.get("src"))
        if sha256:
            yield sha256, (element.get("alt") or "").strip()


def _placement(workspace: Workspace, typed: Typed, item: ItemRecord | None) -> items.Placement:
    """Where it shall go; what has been published stays where it is, and the form does not ask."""
    expires_at = _moment(workspace, first(typed, "expires_at"))
    if expires_at and expires_at <= workspace.now() and (item is None or expires_at != item.expires_at):
        raise InputError("writing.past", moment=f"{expires_at:%Y-%m-%d %H:%M}")
    review_on = _day(first(typed, "review_on"))
    column = first(typed, "column")
    if item is not None and (item.first_published_at is not None or not column):
        return items.Placement(item.column, item.channels, None, expires_at, review_on)
    ticked = typed.get("channels")
    channels = () if ticked is None or column not in workspace.snapshot.columns else chosen(workspace, column, ticked)
    return items.Placement(column, channels, None, expires_at, review_on)


def _moment(workspace: Workspace, text: str) -> datetime | None:
    """What a browser sends for a time, in the office's zone. Raises InputError."""
    if not text.strip():
        return None
    try:
        return datetime.fromisoformat(text.strip()[:30]).replace(tzinfo=workspace.snapshot.office.timezone)
    except ValueError:
        raise InputError("writing.bad_moment", value=text[:40]) from None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise InputError("writing.bad_moment", value=text[:40]) from None
