"""Every verb explains itself: a Chinese first line, an example that is understood, and only verbs that exist."""

from __future__ import annotations

import re
import shlex

import pytest
from tools.write_reference import Verb, all_verbs

from syndicate.cli.main import command_line
from syndicate.errors import wordings
from tests.cli.terminal import type_in

HAN = re.compile("[\u4e00-\u9fff]")
GROUPS = {words[0] for words in (verb.words for verb in all_verbs()) if len(words) > 1}
EXAMPLE = re.compile(r"例 examples?: (?P<commands>.+)", re.DOTALL)
BY_NAME = pytest.mark.parametrize("verb", all_verbs(), ids=lambda verb: "-".join(verb.words))


@BY_NAME
def test_the_first_line_of_the_help_is_chinese_and_english(verb: Verb) -> None:
    first = verb.help.splitlines()[0]
    assert HAN.match(first)
    assert re.search("[A-Za-z]{3}", first)
    assert "example" not in first


@BY_NAME
def test_the_help_is_printed_and_the_exit_is_0(verb: Verb) -> None:
    answer = type_in(*verb.words, "--help")
    assert (answer.code, answer.err) == (0, "")
    assert verb.help.splitlines()[0][:10] in answer.out


@BY_NAME
def test_the_help_shows_an_example_of_the_verb_itself(verb: Verb) -> None:
    found = EXAMPLE.search(verb.help)
    assert found
    assert f"syndicate {' '.join(verb.words)}" in found["commands"]


@BY_NAME
def test_every_option_of_an_example_exists(verb: Verb) -> None:
    """The options that an example uses are those that the help lists."""
    found = EXAMPLE.search(verb.help)
    assert found
    listed = type_in(*verb.words, "--help").out
    for command in found["commands"].split("·"):
        for word in shlex.split(command):
            if word.startswith("--"):
                assert word in listed


@BY_NAME
def test_an_unknown_option_is_wrong_use_told_in_both_languages(verb: Verb) -> None:
    answer = type_in(*verb.words, "--no-such-option")
    assert (answer.code, answer.out) == (2, "")
    assert "没有 --no-such-option 这个选项" in answer.err
    assert f"syndicate {' '.join(verb.words)} --help" in answer.err
    assert "There is no option" in answer.err


def test_without_any_verb_the_help_is_shown() -> None:
    answer = type_in()
    assert answer.code == 2
    assert "syndicate" in answer.out


def test_every_command_that_a_message_recommends_exists() -> None:
    verbs = {verb.words for verb in all_verbs()}
    unknown = []
    for key, wording in wordings().items():
        for text in (wording.zh, wording.en, wording.action_zh, wording.action_en):
            for first, second in re.findall(r"\bsyndicate ([a-z]+)(?: ([a-z][a-z-]*))?", text):
                words = (first, second) if first in GROUPS else (first,)
                if words not in verbs and first != "process":  # "a syndicate process" is English prose
                    unknown.append((key, words))
    assert unknown == []


def test_every_verb_stands_once_however_often_they_are_asked_for() -> None:
    command_line()
    words = [verb.words for verb in all_verbs()]
    assert len(words) == len(set(words))
