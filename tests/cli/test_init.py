from __future__ import annotations

from pathlib import Path

import pytest

from syndicate.cli.init import prepare_office
from syndicate.config.load import load
from syndicate.errors import NotAllowed


def test_a_new_office_is_made_and_the_next_step_named(tmp_path: Path) -> None:
    message = prepare_office(tmp_path / "office")
    assert load(tmp_path / "office")
    assert message.key == "config.office_made"
    assert "content/office.yaml" in message.action_zh


def test_an_existing_office_is_left_alone(tmp_path: Path) -> None:
    prepare_office(tmp_path)
    message = prepare_office(tmp_path)
    assert (message.key, message.values["count"]) == ("config.office_completed", 0)


def test_a_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(NotAllowed):
        prepare_office(tmp_path)
