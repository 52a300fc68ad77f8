from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import StorageError
from syndicate.site.paths import is_safe, on_disk, to_root


@pytest.mark.parametrize(
    "path",
    ["", "/etc/passwd", "../x.html", "a/../../x", "a//b", "a/./b", ".htaccess", "a/.b", "a\\b", "a\0b", "新闻/1.html",
     "a/b/", "C:x", "a b", "a\n", "x" * 300],
)  # fmt: skip
def test_a_path_that_could_lead_elsewhere_is_not_safe(path: str) -> None:
    assert not is_safe(path)


@given(st.text(alphabet="ab./\\~:0 ", max_size=30))
def test_whatever_is_safe_stays_below_the_root(path: str) -> None:
    root = Path("/srv/site")
    if is_safe(path):
        assert (root / path).resolve().is_relative_to(root)


def test_a_folder_that_somebody_linked_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "news").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StorageError):
        on_disk(tmp_path / "site", "news/1.html")


def test_pages_find_back_to_the_root() -> None:
    assert [to_root(path) for path in ("index.html", "news/index.html", "news/202611/1.html")] == ["", "../", "../../"]
