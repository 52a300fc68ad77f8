from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from syndicate.errors import StorageError
from syndicate.site.lock import site_lock

NO_PATIENCE = timedelta(0)


def test_a_second_writer_is_told_that_the_site_is_busy(tmp_path: Path) -> None:
    with (
        site_lock(tmp_path / "site", NO_PATIENCE),
        pytest.raises(StorageError) as caught,
        site_lock(tmp_path / "site", timedelta(milliseconds=50)),
    ):
        pass
    assert caught.value.message.key == "site.busy"


def test_the_lock_is_free_again_after_its_holder(tmp_path: Path) -> None:
    for _ in range(2):
        with site_lock(tmp_path / "site", NO_PATIENCE):
            pass


def test_two_sites_do_not_wait_for_each_other(tmp_path: Path) -> None:
    with site_lock(tmp_path / "one", NO_PATIENCE), site_lock(tmp_path / "two", NO_PATIENCE):
        pass


def test_a_lock_that_cannot_be_made_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError), site_lock(tmp_path / "file" / "site", NO_PATIENCE):
        pass
