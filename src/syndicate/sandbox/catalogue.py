"""What the platforms know as data: their endpoints, error codes and limits (`data/*.tsv`, each row with its basis)."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address of a platform. `per_day` 0 means that calls are not counted."""

    platform: str
    path: str
    methods: tuple[str, ...]
    per_day: int


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """One error of a platform: the HTTP status it comes with and the platform's own words."""

    code: int
    status: int
    text: str
    hint: bool


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files("syndicate.sandbox").joinpath("data", name).read_text("utf-8")
    yield from csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)


@cache
def endpoints(platform: str) -> Mapping[str, Endpoint]:
    """The endpoints of a platform by path."""
    return MappingProxyType(
        {
            row["path"]: Endpoint(platform, row["path"], tuple(row["methods"].split(",")), int(row["per_day"]))
            for row in _rows("endpoints.tsv")
            if row["platform"] == platform
        }
    )


@cache
def error_codes(platform: str) -> Mapping[int, ErrorCode]:
    """The error codes of a platform that answers with codes of its own (WeChat, Weibo)."""
    return MappingProxyType(
        {
            int(row["code"]): ErrorCode(int(row["code"]), int(row["status"]), row["text"], row["hint"] == "hint")
            for row in _rows("codes.tsv")
            if row["platform"] == platform
        }
    )


@cache
def limits() -> Mapping[str, int]:
    """Every limit by name, such as `wechat.title`."""
    return MappingProxyType({row["name"]: int(row["value"]) for row in _rows("limits.tsv")})
