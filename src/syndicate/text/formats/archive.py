"""Zip archives that may be hostile: limits on ratio, count, size and depth, and XML without entities."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any, cast

from lxml import etree

from syndicate.errors import InputError

MOST_MEMBERS = 5_000
LARGEST_MEMBER = 64 * 1024 * 1024
LARGEST_TOTAL = 256 * 1024 * 1024
LARGEST_RATIO = 200
"""Office XML packs 5 to 40 times; a bomb packs a thousand times."""
SMALL = 1024 * 1024
"""Below this size the ratio says nothing."""
DEEPEST_FOLDER = 12

_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, KeyError, ValueError, NotImplementedError)


class Archive:
    """An opened zip archive whose directory has been checked; every read is bounded by what the directory promised."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            members = self._zip.infolist()
        except _BROKEN as error:
            raise InputError("text.broken", name=name, kind="zip") from error
        self._check(members)
        self._sizes = {member.filename: member.file_size for member in members}

    def _check(self, members: list[zipfile.ZipInfo]) -> None:
        total = sum(member.file_size for member in members)
        hostile = (
            len(members) > MOST_MEMBERS
            or total > LARGEST_TOTAL
            or any(member.file_size > LARGEST_MEMBER for member in members)
            or any(member.filename.count("/") > DEEPEST_FOLDER for member in members)
            or any(_ratio(member) > LARGEST_RATIO for member in members if member.file_size > SMALL)
            or len({member.header_offset for member in members}) < len(members)
        )
        if hostile:
            raise InputError("text.archive_limits", name=self.name)
        if any(member.flag_bits & 1 for member in members):
            raise InputError("text.encrypted", name=self.name)

    def names(self) -> tuple[str, ...]:
        """The members in the order of the directory."""
        return tuple(self._sizes)

    def __contains__(self, member: str) -> bool:
        return member in self._sizes

    def read(self, member: str) -> bytes:
        """The bytes of a member. Raises `InputError` when it is missing, broken or longer than promised."""
        try:
            with self._zip.open(member) as stream:
                data = stream.read(self._sizes[member] + 1)
        except _BROKEN as error:
            raise InputError("text.broken", name=self.name, kind=member) from error
        if len(data) > self._sizes[member]:
            raise InputError("text.archive_limits", name=self.name)
        return data

    def xml(self, member: str) -> Any:
        """The root element of an XML member (lxml ships no complete types). A document type is refused."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)
        try:
            root = etree.fromstring(self.read(member), parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise InputError("text.broken", name=self.name, kind=member) from error
        if root is None or cast("Any", root.getroottree().docinfo).doctype:
            raise InputError("text.broken", name=self.name, kind=member)
        return root


def _ratio(member: zipfile.ZipInfo) -> float:
    return member.file_size / max(member.compress_size, 1)
