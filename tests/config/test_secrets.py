from __future__ import annotations

import os
from pathlib import Path

import pytest

from syndicate.config.secrets import OfficeSecrets, office_key
from syndicate.errors import NotFound

VALUE = "Invented-Value-4711"


def put(folder: Path, name: str, value: bytes, mode: int = 0o600) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(value)
    path.chmod(mode)
    return path


def test_a_secret_comes_from_the_environment(tmp_path: Path) -> None:
    assert OfficeSecrets(tmp_path, {"SYNDICATE_SECRET_WEIBO_TOKEN": VALUE}).get("weibo-token") == VALUE


@pytest.mark.parametrize("mode", [0o400, 0o440], ids=["owner", "acl-mask"])
def test_a_secret_comes_from_systemds_credentials(tmp_path: Path, mode: int) -> None:
    put(tmp_path / "credentials", "weibo-token", VALUE.encode() + b"\n", mode)
    environment = {"CREDENTIALS_DIRECTORY": str(tmp_path / "credentials")}
    assert OfficeSecrets(tmp_path, environment).get("weibo-token") == VALUE


def test_a_credential_that_everybody_may_read_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "credentials", "weibo-token", VALUE.encode(), 0o444)
    with pytest.raises(NotFound):
        OfficeSecrets(tmp_path, {"CREDENTIALS_DIRECTORY": str(tmp_path / "credentials")}).get("weibo-token")


def test_a_secret_comes_from_the_private_folder(tmp_path: Path) -> None:
    put(tmp_path / "var/secrets", "weibo-token", VALUE.encode() + b"\r\n")
    assert OfficeSecrets(tmp_path, {}).get("weibo-token") == VALUE


def test_the_environment_comes_first(tmp_path: Path) -> None:
    put(tmp_path / "var/secrets", "weibo-token", b"other")
    assert OfficeSecrets(tmp_path, {"SYNDICATE_SECRET_WEIBO_TOKEN": VALUE}).get("weibo-token") == VALUE


def test_an_empty_variable_counts_as_none(tmp_path: Path) -> None:
    put(tmp_path / "var/secrets", "weibo-token", VALUE.encode())
    assert OfficeSecrets(tmp_path, {"SYNDICATE_SECRET_WEIBO_TOKEN": " "}).get("weibo-token") == VALUE


def test_a_new_value_needs_no_restart(tmp_path: Path) -> None:
    secrets = OfficeSecrets(tmp_path, {})
    put(tmp_path / "var/secrets", "weibo-token", b"old")
    secrets.get("weibo-token")
    put(tmp_path / "var/secrets", "weibo-token", VALUE.encode())
    assert secrets.get("weibo-token") == VALUE


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o777, 0o610])
def test_a_file_that_others_may_use_is_refused_with_the_command_that_mends_it(tmp_path: Path, mode: int) -> None:
    path = put(tmp_path / "var/secrets", "weibo-token", VALUE.encode(), mode)
    with pytest.raises(NotFound) as caught:
        OfficeSecrets(tmp_path, {}).get("weibo-token")
    assert f"chmod 600 {path}" in caught.value.message.action_zh


@pytest.mark.parametrize("name", ["weibo-token", "Invented-Value-4711", "../../etc/passwd", "", "a\x00b", "a/b"])
def test_an_absent_secret_or_a_bad_name_is_not_found(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFound):
        OfficeSecrets(tmp_path, {}).get(name)


def test_what_is_no_name_is_not_repeated_because_it_may_be_the_secret(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as caught:
        OfficeSecrets(tmp_path, {}).get(VALUE)
    assert VALUE not in str(caught.value) + repr(caught.value)


def test_the_message_of_an_absent_secret_says_where_to_put_it(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as caught:
        OfficeSecrets(tmp_path, {}).get("weibo-token")
    assert "SYNDICATE_SECRET_WEIBO_TOKEN" in caught.value.message.action_zh
    assert "var/secrets/weibo-token" in caught.value.message.action_zh


def test_bytes_that_are_no_text_are_refused_without_being_shown(tmp_path: Path) -> None:
    put(tmp_path / "var/secrets", "weibo-token", VALUE.encode() + b"\xff")
    with pytest.raises(NotFound) as caught:
        OfficeSecrets(tmp_path, {}).get("weibo-token")
    assert VALUE not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_folder_in_place_of_the_file_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "var/secrets/weibo-token").mkdir(parents=True)
    with pytest.raises(NotFound) as caught:
        OfficeSecrets(tmp_path, {}).get("weibo-token")
    assert caught.value.message.key == "config.secret_unreadable"


def test_missing_names_only_what_has_no_usable_value(tmp_path: Path) -> None:
    put(tmp_path / "var/secrets", "open-one", VALUE.encode(), 0o644)
    put(tmp_path / "var/secrets", "good-one", VALUE.encode())
    assert OfficeSecrets(tmp_path, {}).missing(["good-one", "open-one", "absent"]) == ("open-one", "absent")


def test_the_object_shows_no_value(tmp_path: Path) -> None:
    secrets = OfficeSecrets(tmp_path, {"SYNDICATE_SECRET_WEIBO_TOKEN": VALUE})
    assert VALUE not in repr(secrets) + str(secrets)


def test_the_process_environment_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNDICATE_SECRET_WEIBO_TOKEN", VALUE)
    assert OfficeSecrets(tmp_path).get("weibo-token") == VALUE


def test_the_office_key_is_read(tmp_path: Path) -> None:
    key = os.urandom(32)
    put(tmp_path / "var/secrets", "office-key", key)
    assert office_key(tmp_path) == key


def test_an_absent_office_key_warns_against_making_a_new_one(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as caught:
        office_key(tmp_path)
    assert caught.value.message.key == "config.office_key_missing"


@pytest.mark.parametrize("size", [1, 31, 33])
def test_an_office_key_of_another_length_is_refused(tmp_path: Path, size: int) -> None:
    put(tmp_path / "var/secrets", "office-key", b"k" * size)
    with pytest.raises(NotFound) as caught:
        office_key(tmp_path)
    assert caught.value.message.key == "config.office_key_broken"


def test_an_office_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "var/secrets", "office-key", b"k" * 32, 0o644)
    with pytest.raises(NotFound) as caught:
        office_key(tmp_path)
    assert caught.value.message.key == "config.secret_open"
