"""Writes docs/licences.md: every package that runs with the program, its version in the lock and its licence.

    .venv/bin/python tools/write_licences.py

Read from the installed packages' own metadata. `tests/docs/test_licences.py` fails while the page differs from the lock,
and for every licence that the project must not use.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "licences.md"
EXTRAS = ("postgres", "s3")
"""Optional parts that an office may install; `dev` never runs there."""
_BINDING = re.compile(r"AGPL|Affero|(?<!L)GPL|(?<!Lesser )General Public License", re.IGNORECASE)
"""AGPL and GPL bind what is distributed with them; LGPL libraries are used unchanged, as they come."""


def is_refused(licence: str) -> bool:
    """Whether a licence leaves no choice but AGPL or GPL, or says nothing at all. `OR` and `;` part alternatives."""
    choices = [choice for choice in re.split(r" OR |;", licence) if choice.strip()]
    return all(_BINDING.search(choice) for choice in choices)


@dataclass(frozen=True)
class Licensed:
    """One package as it is installed."""

    name: str
    version: str
    licence: str
    part: str
    """`always`, or the optional part that brings it."""


def locked() -> dict[str, str]:
    """The versions in requirements.lock by canonical name."""
    found = re.findall(
        r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE
    )
    return {canonicalize_name(name): version for name, version in found}


def packages() -> list[Licensed]:
    """Everything that runs with the program, by name."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    found: dict[str, Licensed] = {}
    for part in ("always", *EXTRAS):
        named = declared["dependencies"] if part == "always" else declared["optional-dependencies"][part]
        waiting = [Requirement(line) for line in named]
        while waiting:
            wanted = waiting.pop()
            name = canonicalize_name(wanted.name)
            if name in found or not _applies(wanted):
                continue
            installed = distribution(name)
            found[name] = Licensed(installed.metadata["Name"], installed.version, _licence(name), part)
            waiting.extend(_needs(name, wanted.extras))
    return [found[name] for name in sorted(found)]


def _applies(wanted: Requirement) -> bool:
    """Whether this machine needs it, and it is there: `wechatpy` says `xmltodict` under two names, for one."""
    if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
        return False
    try:
        distribution(wanted.name)
    except PackageNotFoundError:
        return False
    return True


def _needs(name: str, extras: set[str]) -> Iterator[Requirement]:
    for line in distribution(name).requires or ():
        wanted = Requirement(line)
        if wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            wanted.marker = None
            yield wanted


def _licence(name: str) -> str:
    """What a package says of itself: the expression, else the classifiers, else the short text."""
    metadata = distribution(name).metadata
    if expression := metadata.get("License-Expression"):
        return expression
    classifiers = [line.rpartition(" :: ")[2] for line in metadata.get_all("Classifier") or () if "License ::" in line]
    if classifiers:
        return "; ".join(classifiers)
    return (metadata.get("License") or "").strip().partition("\n")[0]


def page() -> str:
    """The page's text."""
    rows = [f"| {one.name} | {one.version} | {one.licence} | {one.part} |" for one in packages()]
    lines = [
        "<!-- Written by tools/write_licences.py; do not edit by hand. -->",
        "# 依赖的许可 · Licences of what the program runs with",
        "",
        "本程序为 Apache-2.0。下表是运行时用到的全部第三方包，版本与 `requirements.lock` 一致，许可取自各包的元数据。不使用 AGPL 和 GPL：可以任选许可的（pyphen、tld）不选 GPL；LGPL 的库原样使用、不作修改。",
        "随程序附带的前端文件（htmx、Pico CSS、Squire）见 [VENDORED.md](../src/syndicate/desk/static/desk/VENDORED.md)，均为 0BSD 或 MIT。",
        "",
        "The program is Apache-2.0. These are all packages that run with it, in the versions of the lock, with the licence that their own metadata names.",
        "No AGPL, no GPL: where a package offers a choice (pyphen, tld) GPL is not chosen; LGPL libraries are used unchanged. Vendored",
        "front-end files (htmx, Pico CSS, Squire; 0BSD or MIT) are listed in [VENDORED.md](../src/syndicate/desk/static/desk/VENDORED.md).",
        "",
        f"共 {len(rows)} 个 · {len(rows)} packages.",
        "",
        "| 包 package | 版本 version | 许可 licence | 何时 when |",
        "|---|---|---|---|",
        *rows,
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
