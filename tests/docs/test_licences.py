"""The list of licences is that of the lock, and names nothing that may not be used."""

from __future__ import annotations

import pytest
from packaging.utils import canonicalize_name
from tools.write_licences import PAGE, is_refused, locked, packages, page


def test_the_page_says_what_is_installed() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: .venv/bin/python tools/write_licences.py"


def test_every_package_runs_in_the_version_of_the_lock() -> None:
    versions = locked()
    other = [one.name for one in packages() if versions.get(canonicalize_name(one.name)) != one.version]
    assert other == []


def test_no_package_is_under_agpl_or_gpl_alone() -> None:
    assert [(one.name, one.licence) for one in packages() if is_refused(one.licence)] == []


@pytest.mark.parametrize(
    "licence",
    [
        "",
        "AGPL-3.0-only",
        "GPL-2.0-or-later",
        "GNU General Public License v3 (GPLv3)",
        "GNU Affero General Public License v3",
        "GPL-2.0-only OR AGPL-3.0-only",
    ],
)
def test_what_leaves_no_choice_is_refused(licence: str) -> None:
    assert is_refused(licence)


@pytest.mark.parametrize(
    "licence",
    [
        "LGPL-3.0-only",
        "GNU Lesser General Public License v2 or later (LGPLv2+)",
        "MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later",
        "MIT",
    ],
)
def test_what_leaves_a_choice_is_not(licence: str) -> None:
    assert not is_refused(licence)
