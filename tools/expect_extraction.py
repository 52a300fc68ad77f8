"""What a person sees on saved article pages, as hashes: shows each page's values for checking by eye, then writes them.

    python tools/expect_extraction.py ../shared/data/pages tests/realdata/extraction.tsv [corrections.tsv]

Corrections (page, field, value; tab separated) are what the eye saw and the program did not; that file is not kept.
The result holds hashes only: of each page's bytes, and of title, date, source, first and last characters of the body.
"""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from syndicate.ingest.article import read_article
from syndicate.ingest.documents import plain
from syndicate.model.source import Document, Row, Source, SourceKind

NOW = datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
SOURCE = Source("saved", "saved", SourceKind.HTML, "http://www.example.com/", "news", "")
FIELDS = ("title", "date", "source", "first", "last")
ENDS = 12
"""Characters of the beginning and the end of a body."""


def pages(folder: Path) -> Iterator[tuple[str, str]]:
    """Every saved page below `folder` and the address it had, as far as that is known."""
    for path in sorted(folder.rglob("*.html")):
        sidecar = path.with_suffix(".json")
        url = json.loads(sidecar.read_text("utf-8"))["url"] if sidecar.exists() else "http://www.example.com/a.html"
        yield path.relative_to(folder).as_posix(), url


def values(data: bytes, url: str) -> dict[str, str]:
    """The five values that are compared, without blanks."""
    content = read_article(SOURCE, Row("k", url, ""), Document(url, data, NOW)).content
    body = squeezed(plain(content.body, 100_000))
    date = f"{content.published_at:%Y-%m-%d%H:%M}" if content.published_at else ""
    source, title = squeezed(content.source_name), squeezed(content.title)
    return {"title": title, "date": date, "source": source, "first": body[:ENDS], "last": body[-ENDS:]}


def squeezed(text: str) -> str:
    """A text without blanks."""
    return "".join(text.split())


def sha256(data: bytes) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(data).hexdigest()


def compared(folder: Path, expectations: Path) -> tuple[int, list[str]]:
    """How many fields of pages below `folder` are expected, and those that are read otherwise. Raises nothing for a bad page."""
    with expectations.open(encoding="utf-8", newline="") as file:
        expected = {row["page"]: row for row in csv.DictReader(file, delimiter="\t")}
    wrong, known = [], 0
    for name, url in pages(folder):
        data = (folder / name).read_bytes()
        row = expected.get(sha256(data))
        if row is None:
            continue
        known += 1
        try:
            found: Mapping[str, str] = values(data, url)
        except Exception as error:  # noqa: BLE001 a page that cannot be read has five wrong fields
            found = dict.fromkeys(FIELDS, type(error).__name__)
        wrong += [f"{name} {field}: {found[field]}" for field in FIELDS if sha256(found[field].encode()) != row[field]]
    return known * len(FIELDS), wrong


def main(folder: Path, target: Path, corrections: Path | None) -> None:
    """Show and write."""
    seen: dict[tuple[str, str], str] = {}
    if corrections:
        for line in corrections.read_text("utf-8").splitlines():
            page, field, value = line.split("\t")
            seen[page, field] = {"first": squeezed(value)[:ENDS], "last": squeezed(value)[-ENDS:]}.get(
                field, squeezed(value)
            )
    rows = []
    for name, url in pages(folder):
        if (name, "skip") in seen:
            continue
        data = (folder / name).read_bytes()
        right = {field: seen.get((name, field), value) for field, value in values(data, url).items()}
        sys.stdout.write(f"{name}\n" + "".join(f"    {field}: {right[field]}\n" for field in FIELDS))
        rows.append([sha256(data), *(sha256(right[field].encode()) for field in FIELDS)])
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(["page", *FIELDS])
        writer.writerows(sorted({row[0]: row for row in rows}.values()))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None)
