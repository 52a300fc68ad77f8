"""A deliberately broken office gives exactly the expected list of mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from syndicate.config.load import load
from syndicate.errors import ConfigurationError

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def mistakes() -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        load(HERE / "broken_office")
    return caught.value


def test_every_mistake_is_listed_with_file_line_and_text(mistakes: ConfigurationError) -> None:
    assert str(mistakes) + "\n" == (HERE / "broken_office.golden.txt").read_text("utf-8")


def test_a_secret_written_out_by_mistake_is_not_repeated(mistakes: ConfigurationError) -> None:
    shown = str(mistakes) + repr(mistakes.problems)
    assert "Invented" not in shown


def test_every_mistake_names_the_next_action_in_both_languages(mistakes: ConfigurationError) -> None:
    assert all(p.message.zh and p.message.en and p.message.action_zh and p.message.action_en for p in mistakes.problems)


def test_mistakes_are_in_the_order_of_files_and_lines(mistakes: ConfigurationError) -> None:
    places = [(problem.file, problem.line) for problem in mistakes.problems]
    assert places == sorted(places)
