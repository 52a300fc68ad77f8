"""What the renditions of all channels are made of: cleaned words, the body's tree, files and findings on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from syndicate.model.channel import Channel, FileReference, Rendered, Rendition
from syndicate.model.finding import Finding, Severity
from syndicate.model.item import Attachment, Content, FileRole
from syndicate.render.facts import RenderFacts
from syndicate.render.findings import finding
from syndicate.render.limits import limit, picture_limit
from syndicate.render.markup import elements, file_of, paragraphs, parse, remove
from syndicate.render.media import extension, is_picture_for
from syndicate.render.templates import fill
from syndicate.render.words import fit, one_line, web_address


@dataclass
class Parts:
    """One revision on its way to one channel. `root` is the body's tree, which a channel may change at will."""

    content: Content
    facts: RenderFacts
    channel: Channel
    root: HtmlElement
    findings: list[Finding] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The title in one line."""
        return one_line(self.content.title)

    @property
    def link(self) -> str:
        """Our page, else the original."""
        return self.facts.page_url or web_address(self.content.source_url)

    def note(self, rule: str, severity: Severity, place: str, length: int = 0, **values: object) -> None:
        """Add a finding; the same one is not said twice."""
        found = finding(rule, severity, self.channel, place, length, **values)
        if found not in self.findings:
            self.findings.append(found)

    def shortened(self, text: str, key: str, place: str) -> str:
        """The text within the limit `key`, with a finding where it had to be broken off."""
        most = limit(self.channel, key)
        short, cut = fit(text, lambda candidate: len(candidate) <= most)
        if cut:
            self.note("render.shortened", Severity.CONFIRM, place, len(text), limit=most)
        return short

    def said(self, field: str, key: str, place: str, otherwise: Callable[[], str]) -> str:
        """What somebody wrote for this channel in place of a field, else `otherwise()`. Nothing written is broken off."""
        written = self.adapted(field)
        if written is None:
            return otherwise()
        most = limit(self.channel, key)
        if len(written) > most:
            self.note("render.too_long", Severity.BLOCK, place, len(written), limit=most)
        return written

    def adapted(self, field: str) -> str | None:
        """The words for this channel in place of a field of its rendition; None where nobody wrote any."""
        return self.content.adaptations.get(self.channel.id, {}).get(field)

    def summary(self, most: int) -> str:
        """The summary, else an excerpt of the body, within `most` characters."""
        text = one_line(self.content.summary)
        return fit(text or self.text, lambda candidate: len(candidate) <= most, whole_sentences=not text)[0]

    @property
    def text(self) -> str:
        """The body as plain text in one line; Chinese paragraphs follow each other without a blank."""
        return "".join(f"{line} " if line[-1].isascii() else line for line in paragraphs(self.root)).rstrip()

    def filled(self, *, body: str | None = None, **values: object) -> str:
        """The account's template with the common values and these; see docs/howto/templates.md."""
        return fill(self.channel.template, {**self.words, **values}, name=f"channels/{self.channel.id}", body=body)

    @property
    def words(self) -> dict[str, object]:
        """The values that every channel template may use."""
        published = self.content.published_at
        return {
            "title": self.title,
            "source_name": one_line(self.content.source_name),
            "source_url": web_address(self.content.source_url),
            "author": one_line(self.content.author),
            "published_at": published.astimezone(self.facts.office.timezone) if published else None,
            "column": self.facts.column.title,
            "office": self.facts.office.name,
            "site_name": self.facts.office.site_name,
            "link": self.link,
            "reprint": self.content.kind == "reprint",
            "attachments": [one_line(a.name) for a in self.content.attachments if a.role is FileRole.ATTACHMENT],
            "sample": self.facts.office.sample,
        }

    def rendered(self, fields: dict[str, str], body: str, files: tuple[FileReference, ...] = ()) -> Rendered:
        """The finished rendition with its findings."""
        return Rendered(Rendition(self.channel.id, fields, body, files), tuple(self.findings))


def open_parts(content: Content, facts: RenderFacts, channel: Channel) -> Parts:
    """Read the body and take out of it what the channel cannot show, each with a finding."""
    parts = Parts(content, facts, channel, parse(content.body))
    _check_pictures(parts)
    _check_links(parts)
    return parts


def files_of(parts: Parts) -> tuple[FileReference, ...]:
    """The files that may be published: those named in the body first, in its order, then the other attachments."""
    known = {attachment.sha256: attachment for attachment in parts.content.attachments}
    named = [file_of(element.get("src") or element.get("href")) for element in elements(parts.root, "img", "a")]
    order = dict.fromkeys([*(sha for sha in named if sha), *known])
    return tuple(_reference(known[sha]) for sha in order if extension(known[sha].media_type))


def pictures_of(parts: Parts) -> tuple[FileReference, ...]:
    """The pictures that stand in the body, in its order."""
    return tuple(file for file in files_of(parts) if file.role == FileRole.IMAGE and _stands_in(parts, file.sha256))


def _stands_in(parts: Parts, sha256: str) -> bool:
    return any(element.get("src") == f"file:{sha256}" for element in elements(parts.root, "img"))


def _reference(attachment: Attachment) -> FileReference:
    return FileReference(attachment.sha256, one_line(attachment.name), attachment.media_type, attachment.role.value)


def _check_pictures(parts: Parts) -> None:
    known = {attachment.sha256: attachment for attachment in parts.content.attachments}
    most = picture_limit(parts.channel)
    if most is None:
        return
    for element in elements(parts.root, "img"):
        picture = known.get(file_of(element.get("src")) or "")
        if picture is None:
            parts.note("render.lost_picture", Severity.CONFIRM, "图片")
        elif not is_picture_for(picture.media_type, parts.channel.kind):
            parts.note("render.picture_type", Severity.CONFIRM, one_line(picture.name), media_type=picture.media_type)
        elif picture.size > most:
            parts.note("render.picture_size", Severity.CONFIRM, one_line(picture.name), limit=most)
        else:
            continue
        remove(element)


def _check_links(parts: Parts) -> None:
    """Links to files that the revision does not have lose their address; forbidden types block."""
    known = {attachment.sha256 for attachment in parts.content.attachments}
    for element in elements(parts.root, "a"):
        address = element.get("href") or ""
        if address.startswith("file:") and file_of(address) not in known:
            parts.note("render.lost_file", Severity.BLOCK, one_line(element.text_content()) or "附件")
            element.drop_tag()
    for attachment in parts.content.attachments:
        if extension(attachment.media_type) is None:
            place = one_line(attachment.name)
            parts.note("render.file_type", Severity.BLOCK, place, media_type=attachment.media_type)
