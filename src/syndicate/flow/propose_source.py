"""拟写信源: look at a page, propose the file that would follow it, and write it where a person says so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import yaml

from syndicate.config.load import load
from syndicate.errors import Conflict, SyndicateError, UsageError
from syndicate.flow.source_switches import permit_sources
from syndicate.flow.workspace import Workspace
from syndicate.ingest.proposing import Proposal, propose
from syndicate.ingest.walls import refuse_wall
from syndicate.model.review import Actor
from syndicate.model.source import Row
from syndicate.net.fetcher import Fetcher
from syndicate.records import audit
from syndicate.records.connection import one_transaction
from syndicate.site.atomic import write_atomic

SAMPLE = 5
"""Rows that are shown."""
_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}")


@dataclass(frozen=True)
class Proposed:
    """A proposed source file: its name, its text, and the first rows that it would give."""

    name: str
    text: str
    rows: tuple[Row, ...]
    count: int
    family: str
    elsewhere: tuple[str, ...]


def propose_source(
    workspace: Workspace, fetcher: Fetcher, url: str, name: str = "", column: str = "", allow: tuple[str, ...] = ()
) -> Proposed:
    """Fetch a page and propose how to follow it. Nothing is written. Raises FetchError or InputError."""
    if name and not _NAME.fullmatch(name):
        raise UsageError("sync.bad_source_name", name=name)
    document = fetcher.get(url, allow=allow)
    refuse_wall(document, url)
    proposal = propose(document, workspace.snapshot.presets)
    chosen = name or _name_for(url, workspace)
    family = workspace.snapshot.presets[proposal.preset].title if proposal.preset else ""
    text = _text(workspace, proposal, url, column or _column(workspace), allow)
    return Proposed(chosen, text, proposal.rows[:SAMPLE], len(proposal.rows), family, proposal.elsewhere)


def save_source(workspace: Workspace, proposed: Proposed) -> str:
    """Write a proposed file below the office and check the whole configuration with it; returns its path there.

    Raises Conflict where a source of that name exists, ConfigurationError where the file does not fit (it is gone then).
    """
    path = f"content/sources/{proposed.name}.yaml"
    file = workspace.home / path
    if file.exists():
        raise Conflict("sync.source_exists", name=proposed.name)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(file, proposed.text.encode())
    try:
        load(workspace.home)
    except SyndicateError:
        file.unlink()
        raise
    return path


def add_source(workspace: Workspace, actor: Actor, proposed: Proposed) -> str:
    """Write a proposed file as somebody's decision, with its audit row. Raises as `save_source`, and NotAllowed."""
    permit_sources(actor)
    with one_transaction():
        path = save_source(workspace, proposed)
        try:
            audit.append(actor, "source.added", f"source:{proposed.name}", {"path": path}, workspace.now())
        except BaseException:
            (workspace.home / path).unlink()
            raise
    return path


def _column(workspace: Workspace) -> str:
    columns = list(workspace.snapshot.columns)
    return "reprints" if "reprints" in columns else columns[0]


def _name_for(url: str, workspace: Workspace) -> str:
    """A free name made of the host and the last part of the path."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").partition(".")[0]
    last = next((part for part in reversed(parts.path.split("/")) if part and "." not in part), "")
    name = re.sub(r"[^a-z0-9]+", "-", f"{host}-{last}".lower()).strip("-")[:50]
    name = name if _NAME.fullmatch(name) else f"source-{name}".strip("-")
    taken = workspace.snapshot.sources
    return next(free for free in (name, *(f"{name}-{n}" for n in range(2, 10_000))) if free not in taken)


def _text(workspace: Workspace, proposal: Proposal, url: str, column: str, allow: tuple[str, ...]) -> str:
    host = urlsplit(url).hostname or url
    keys: dict[str, object] = {"title": (proposal.title or host)[:100], "url": url, "column": column}
    keys["organ"] = (proposal.organ or proposal.title or host)[:100]
    lines = ["# 由 syndicate source add 拟写，请核对 organ（稿源单位）和 column（栏目）。"]
    if proposal.preset:
        keys = {"preset": proposal.preset, **keys}
        lines.append(f"# 识别为 {workspace.snapshot.presets[proposal.preset].title}。")
    else:
        keys["kind"] = str(proposal.kind)
    if proposal.list_rules is not None:
        rules = proposal.list_rules
        keys["list"] = {"rows": rules.rows, "url": rules.url, "title": rules.title}
        if rules.published:
            keys["list"] = {"rows": rules.rows, "url": rules.url, "title": rules.title, "published": rules.published}
    if proposal.paging is not None:
        keys["paging"] = {"address": proposal.paging.address, "numbers": str(proposal.paging.numbers)}
    if allow:
        keys["allow"] = list(allow)
    return "\n".join(lines) + "\n" + yaml.safe_dump(keys, allow_unicode=True, sort_keys=False, width=200)
