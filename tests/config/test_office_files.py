from __future__ import annotations

import stat
from pathlib import Path

import pytest

from syndicate.config.defaults import defaults
from syndicate.config.load import load
from syndicate.config.office_files import is_office, write_office
from syndicate.config.secrets import office_key
from syndicate.errors import NotAllowed, StorageError


@pytest.fixture
def office(tmp_path: Path) -> Path:
    write_office(tmp_path / "office")
    return tmp_path / "office"


def test_the_new_office_loads_like_the_packaged_one(office: Path) -> None:
    assert load(office).hash == load(defaults()).hash


def test_the_files_written_are_named_relative_to_the_office(tmp_path: Path) -> None:
    written = write_office(tmp_path)
    assert Path("content/office.yaml") in written
    assert all((tmp_path / path).is_file() for path in written)


def test_the_timetable_comes_along(office: Path) -> None:
    assert (office / "cron/syndicate.crontab").is_file()


@pytest.mark.parametrize("folder", ["var", "var/secrets"])
def test_private_folders_are_closed_to_others(office: Path, folder: str) -> None:
    assert stat.S_IMODE((office / folder).stat().st_mode) == 0o700


def test_the_office_key_is_private(office: Path) -> None:
    assert stat.S_IMODE((office / "var/secrets/office-key").stat().st_mode) == 0o600


def test_two_offices_have_different_keys(tmp_path: Path, office: Path) -> None:
    write_office(tmp_path / "other")
    assert office_key(office) != office_key(tmp_path / "other")


def test_an_office_is_recognised(office: Path, tmp_path: Path) -> None:
    assert (is_office(office), is_office(tmp_path)) == (True, False)


def test_a_second_call_changes_nothing(office: Path) -> None:
    before = office_key(office)
    assert write_office(office) == ()
    assert office_key(office) == before


def test_what_its_people_changed_or_deleted_stays_so(office: Path) -> None:
    (office / "content/columns.yaml").write_text("changed")
    (office / "content/ladders.yaml").unlink()
    write_office(office)
    assert (office / "content/columns.yaml").read_text() == "changed"
    assert not (office / "content/ladders.yaml").exists()


def test_a_lost_key_of_an_office_is_made_again(office: Path) -> None:
    (office / "var/secrets/office-key").unlink()
    assert write_office(office) == (Path("var/secrets/office-key"),)


def test_a_folder_with_other_things_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters/one.txt").write_text("mine")
    with pytest.raises(NotAllowed) as caught:
        write_office(tmp_path)
    assert "letters/one.txt" in caught.value.message.zh
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["letters", "one.txt"]


def test_a_folder_with_only_hidden_files_is_as_good_as_empty(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/config").write_text("")
    assert write_office(tmp_path)


def test_an_interrupted_init_can_be_run_again(office: Path) -> None:
    (office / "content/office.yaml").unlink()
    (office / "content/columns.yaml").unlink()
    written = write_office(office)
    assert written == (Path("content/columns.yaml"), Path("content/office.yaml"))


def test_the_file_that_makes_it_an_office_is_written_last(tmp_path: Path) -> None:
    written = [path for path in write_office(tmp_path) if path.parts[0] != "var"]
    assert written[-1] == Path("content/office.yaml")


def test_a_file_in_place_of_the_folder_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "office").write_text("")
    with pytest.raises(StorageError):
        write_office(tmp_path / "office")


def test_no_secret_is_among_the_defaults() -> None:
    assert not [path for name in ("channels", "content", "cron") for path in (defaults() / name).rglob("*key*")]
