"""人工任务包: everything a person needs to do one delivery by hand, ready to paste, as one zip file."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from syndicate.errors import Message, NotFound, disk_refusal
from syndicate.flow.matrix import deadline_of
from syndicate.flow.overview import ItemPage
from syndicate.flow.workspace import Workspace
from syndicate.model.channel import FileReference, Rendition
from syndicate.model.delivery import Action, DeliveryState
from syndicate.model.item import FileRole
from syndicate.records import deliveries, receipts, reviews
from syndicate.records.values import DeliveryRecord
from syndicate.render.markup import paragraphs, parse
from syndicate.render.media import extension
from syndicate.site.atomic import write_atomic

_PASTED = {"title": "title", "author": "author", "digest": "digest", "summary": "digest", "text": "text"}
"""Fields that are pasted, in this order, and the label of each (`package.label_…`)."""
_LINKS = ("link", "content_source_url", "page_url")
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
_STAMP = (1980, 1, 1, 0, 0, 0)
"""Every file of the package carries the same time, so that the same task always gives the same bytes."""


@dataclass(frozen=True)
class Package:
    """One task: what to do (`checklist`), what to paste (`text`), where it leads and which files go along."""

    delivery: DeliveryRecord
    channel: str
    title: str
    text: str
    link: str
    checklist: tuple[str, ...]
    files: tuple[FileReference, ...]
    missing: tuple[str, ...]
    """Names of files that are not in the store any more."""


def package(workspace: Workspace, delivery: int) -> Package:
    """The task of one delivery. Raises NotFound."""
    row = deliveries.get(delivery)
    rendition = reviews.rendition(row.rendition)
    account = workspace.snapshot.channels.get(row.channel)
    title = account.title if account else row.channel
    files = tuple(file for file in rendition.files if row.action is not Action.RETRACT)
    missing = tuple(file.name for file in files if not workspace.files.path(file.sha256).is_file())
    return Package(
        delivery=row,
        channel=title,
        title=rendition.fields.get("title", ""),
        text=_text(rendition),
        link=next((rendition.fields[name] for name in _LINKS if rendition.fields.get(name)), ""),
        checklist=tuple(_checklist(workspace, row, title, bool(files), missing)),
        files=files,
        missing=missing,
    )


def open_packages(workspace: Workspace, page: ItemPage) -> tuple[Package, ...]:
    """The tasks of an item that wait for a person, oldest first."""
    return tuple(package(workspace, row.id) for row in page.deliveries if row.state is DeliveryState.NEEDS_PERSON)


def write_packages(workspace: Workspace, tasks: tuple[Package, ...], folder: Path) -> tuple[Path, ...]:
    """One zip per task in `folder`, which is made. Raises StorageError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise disk_refusal(folder, error) from error
    paths = tuple(folder / f"task-{task.delivery.id}.zip" for task in tasks)
    for path, task in zip(paths, tasks, strict=True):
        write_atomic(path, zipped(workspace, task))
    return paths


def zipped(workspace: Workspace, task: Package) -> bytes:
    """The task as a zip: 清单.txt, 文字.txt, 正文.html where there is one, 图片/ and 附件/."""
    body = reviews.rendition(task.delivery.rendition).body
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "清单.txt", "\r\n".join(task.checklist).encode("utf-8-sig"))
        pasted = [task.text, *([f"链接：{task.link}"] if task.link and task.link not in task.text else [])]
        _add(
            archive, "文字.txt", "\r\n\r\n".join(pasted).replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8-sig")
        )
        if body:
            _add(archive, "正文.html", f'<!DOCTYPE html><meta charset="utf-8">{body}'.encode())
        for number, file in enumerate(task.files, start=1):
            try:
                _add(archive, _name(number, file), workspace.files.read(file.sha256))
            except NotFound:
                continue  # said in the checklist
    return out.getvalue()


def _text(rendition: Rendition) -> str:
    """The words to paste, each part under its label; an article as plain text."""
    parts = [(label, rendition.fields[name]) for name, label in _PASTED.items() if rendition.fields.get(name)]
    if rendition.body:
        parts.append(("text", "\n\n".join(paragraphs(parse(rendition.body)))))
    return "\n\n".join(f"{Message(f'package.label_{label}').zh}\n{text}" for label, text in parts)


def _checklist(
    workspace: Workspace, row: DeliveryRecord, channel: str, files: bool, missing: tuple[str, ...]
) -> Iterator[str]:
    """What to do, step by step, in Chinese."""
    values = {"channel": channel, "item": row.item, "delivery": row.id}
    yield Message(f"package.{row.action}_head", values).zh
    deadline = deadline_of(row)
    if deadline:
        yield Message("package.deadline", {"deadline": _moment(workspace, deadline)}).zh
    if row.message:
        yield Message("package.why", {"why": row.message}).zh
    held = [one.receipt.url or one.receipt.remote_id for one in receipts.held(row.item, row.channel)]
    for number in range(1, 4):
        yield f"□ {number}. {Message(f'package.{row.action}_step_{number}', values).zh}"
    if files:
        yield f"□ {Message('package.files').zh}"
    for name in missing:
        yield Message("package.missing", {"name": name}).zh
    yield f"□ {Message(f'package.{row.action}_record', values).zh}"
    if held:
        yield Message("package.addresses").zh
        yield from (f"   {address}" for address in held)


def _moment(workspace: Workspace, moment: datetime) -> str:
    return f"{moment.astimezone(workspace.snapshot.office.timezone):%Y-%m-%d %H:%M}"


def _name(number: int, file: FileReference) -> str:
    """A harmless name with the ending of its true type, below the folder of its role."""
    folder = "附件" if file.role == FileRole.ATTACHMENT else "图片"
    name = _UNSAFE.sub(" ", file.name).strip(". ")[:80] or "file"
    ending = extension(file.media_type) or "bin"
    return f"{folder}/{number:02d}-{name if name.lower().endswith(f'.{ending}') else f'{name}.{ending}'}"


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, _STAMP)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, data)
