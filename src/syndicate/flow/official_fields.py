"""要素: the official fields of a document that people fill in, by the labels under which the website shows them."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from syndicate.errors import InputError
from syndicate.render.words import one_line

_LONGEST = 200
_WRITTEN_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日", re.ASCII)


@dataclass(frozen=True)
class OfficialField:
    """One field. `input` is `text`, `date` or `choice`; `example` shows how it is written."""

    label: str
    input: str
    choices: tuple[str, ...]
    example: str

    def read(self, typed: str) -> str:
        """What the revision keeps of what was typed; a date in Chinese. Raises InputError."""
        text = one_line(typed)
        if len(text) > _LONGEST:
            raise InputError("writing.field_too_long", label=self.label, limit=_LONGEST)
        if not text:
            return ""
        if self.input == "choice" and text not in self.choices:
            raise InputError("writing.bad_choice", label=self.label, value=text[:40])
        if self.input == "date":
            return _chinese(text)
        return text

    def typed(self, kept: str) -> str:
        """What the form shows of a kept value: a date as browsers know it, anything else as it is."""
        written = _WRITTEN_DATE.fullmatch(kept.strip()) if self.input == "date" else None
        return f"{int(written[1]):04}-{int(written[2]):02}-{int(written[3]):02}" if written else kept


def _chinese(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise InputError("writing.bad_moment", value=text[:40]) from None
    return f"{day.year}年{day.month}月{day.day}日"


@cache
def official_fields() -> tuple[OfficialField, ...]:
    """Every field, in the order in which the form asks for them."""
    text = files("syndicate.flow").joinpath("official_fields.tsv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return tuple(
        OfficialField(row["label"], row["input"], tuple(row["choices"].split()), row["example"]) for row in rows
    )


def with_official(before: Mapping[str, str], typed: Mapping[str, str]) -> dict[str, str]:
    """The fields of a revision with what was typed; fields that the form does not ask for stay. Raises InputError."""
    asked = {field.label: field.read(typed.get(field.label, "")) for field in official_fields()}
    kept = {label: value for label, value in before.items() if label not in asked}
    return {**{label: value for label, value in asked.items() if value}, **kept}
