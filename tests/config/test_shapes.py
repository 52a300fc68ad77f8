from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.config.patterns import BASE_ADDRESS, HOST, HOST_AND_PORT, RELATIVE_PATH, SECRET_NAME, WEB_ADDRESS
from syndicate.config.places import ConfigFile, Problems
from syndicate.config.shapes import (
    Anything,
    Choice,
    Day,
    Duration,
    Field,
    Many,
    Number,
    Record,
    Shape,
    Table,
    Text,
    Whole,
    YesNo,
    span_text,
)
from syndicate.config.yaml_nodes import compose
from syndicate.model.finding import Severity


def read(shape: Shape[object], text: str) -> tuple[object, list[str]]:
    problems = Problems()
    node = compose(ConfigFile("sample.yaml", text), problems)
    assert node is not None
    value = shape.read(node, problems)
    return value, [problem.message.key.removeprefix("config.") for problem in problems.found]


@pytest.mark.parametrize(
    ("shape", "text", "value"),
    [
        (Text(), "no", "no"),
        (Text(), "2026-01-01", "2026-01-01"),
        (Text(), "12", "12"),
        (Text(), '" 要闻 "', "要闻"),
        (Whole(), "12", 12),
        (Number(), "0.5", 0.5),
        (Number(-1, 1), "-1", -1.0),
        (YesNo(), "true", True),
        (YesNo(), "false", False),
        (Choice(Severity), "block", Severity.BLOCK),
        (Duration(), "90s", timedelta(seconds=90)),
        (Duration(), "30m", timedelta(minutes=30)),
        (Duration(), "24h", timedelta(hours=24)),
        (Duration(), "7d", timedelta(days=7)),
        (Duration(), "0.2s", timedelta(milliseconds=200)),
        (Day(), "2024-02-29", date(2024, 2, 29)),
        (Many(Whole()), "[1, 2]", (1, 2)),
        (Table(Whole()), "{一: 1}", {"一": 1}),
        (Anything(), '[1, 0.5, true, no, "1", {a: x}]', [1, 0.5, True, "no", "1", {"a": "x"}]),
    ],
)
def test_a_right_value_is_read(shape: Shape[object], text: str, value: object) -> None:
    assert read(shape, text) == (value, [])


@pytest.mark.parametrize(
    ("shape", "text", "key"),
    [
        (Text(), "[a]", "text_expected"),
        (Text(), '"  "', "empty_text"),
        (Text(longest=3), "abcd", "too_long"),
        (Text("[a-z]+", "word"), "A", "form_word"),
        (Whole(), "{a: 1}", "number_expected"),
        (Whole(), '"12"', "not_whole"),
        (Whole(), "1.5", "not_whole"),
        (Whole(), "1" * 16, "not_whole"),
        (Whole(1, 3), "4", "out_of_range"),
        (Number(), "[1]", "number_expected"),
        (Number(), ".nan", "not_number"),
        (Number(), ".inf", "not_number"),
        (Number(), "1e99", "out_of_range"),
        (YesNo(), "yes", "not_yes_no"),
        (YesNo(), '"true"', "not_yes_no"),
        (YesNo(), "[true]", "text_expected"),
        (Choice(Severity), "Block", "not_a_choice"),
        (Choice(Severity), "[block]", "text_expected"),
        (Duration(), "90", "not_duration"),
        (Duration(), "1w", "not_duration"),
        (Duration(), "٣m", "not_duration"),
        (Duration(), "[1m]", "text_expected"),
        (Duration(least=timedelta(minutes=1)), "5s", "out_of_range"),
        (Duration(), "999999d", "out_of_range"),
        (Day(), "2026-02-29", "not_day"),
        (Day(), "2026-2-9", "not_day"),
        (Day(), "[2026-02-09]", "text_expected"),
        (Many(Whole()), "1", "list_expected"),
        (Many(Whole(), least=1), "[]", "list_too_short"),
        (Many(Whole()), "[1, a]", "not_whole"),
        (Table(Whole()), "[1]", "mapping_expected"),
        (Table(Whole(), "[a-z]", "word"), "{A: 1}", "form_word"),
        (Table(Whole()), "{a: b}", "not_whole"),
        (Anything(), "[a, ~]", "empty_text"),
    ],
)
def test_a_wrong_value_is_a_mistake(shape: Shape[object], text: str, key: str) -> None:
    assert read(shape, text)[1] == [key]


PERSON = Record(dict, {"name": Field(Text(), required=True), "age": Field(Whole(), into="years")})


def test_an_absent_optional_key_is_left_out() -> None:
    assert read(PERSON, "name: 某人") == ({"name": "某人"}, [])


def test_a_key_without_a_value_counts_as_absent() -> None:
    assert read(PERSON, "name: 某人\nage:\n") == ({"name": "某人"}, [])


def test_a_key_can_go_into_another_argument() -> None:
    assert read(PERSON, "{name: 某人, age: 30}") == ({"name": "某人", "years": 30}, [])


def test_every_mistake_of_a_record_is_noted() -> None:
    assert read(PERSON, "{nmae: 某人, age: many}")[1] == ["unknown_key_close", "not_whole", "missing_key"]


def test_an_unknown_key_like_no_other_names_the_known_ones() -> None:
    assert read(PERSON, "{name: 某人, 备注: 无}")[1] == ["unknown_key"]


def test_a_record_must_be_a_mapping() -> None:
    assert read(PERSON, "[name]")[1] == ["mapping_expected"]


def test_unknown_keys_can_be_collected() -> None:
    shape = Record(dict, {"name": Field(Text())}, rest="parameters")
    assert read(shape, "{name: 某人, words: [甲]}") == ({"name": "某人", "parameters": {"words": ["甲"]}}, [])


def test_a_hidden_value_is_not_in_the_message() -> None:
    problems = Problems()
    node = compose(ConfigFile("sample.yaml", "key: Invented-Value"), problems)
    assert node is not None
    Table(SECRET_NAME).read(node, problems)
    assert "Invented" not in repr([problem.message for problem in problems.found])


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        (HOST, "www.sample.example"),
        (HOST_AND_PORT, "127.0.0.1:8808"),
        (HOST_AND_PORT, "[::1]:8080"),
        (WEB_ADDRESS, "http://127.0.0.1:8808/feed.xml?a=1"),
        (BASE_ADDRESS, "https://api.sample.example"),
        (BASE_ADDRESS, "http://127.0.0.1:8801/cgi-bin"),
        (RELATIVE_PATH, "var/site"),
    ],
)
def test_a_right_address_is_taken(shape: Text, value: str) -> None:
    assert read(shape, f'"{value}"') == (value, [])


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        (HOST, "http://www.sample.example"),
        (HOST, "-sample.example"),
        (HOST_AND_PORT, "sample.example"),
        (HOST_AND_PORT, "sample.example:0"),
        (WEB_ADDRESS, "file:///etc/passwd"),
        (WEB_ADDRESS, "http://user:word@sample.example/"),
        (WEB_ADDRESS, "http://sample.example/a b"),
        (BASE_ADDRESS, "http://sample.example/"),
        (RELATIVE_PATH, "../outside"),
        (RELATIVE_PATH, "a/../../outside"),
        (RELATIVE_PATH, "/etc"),
        (RELATIVE_PATH, "a//b"),
        (RELATIVE_PATH, "./a"),
    ],
)
def test_a_wrong_address_is_a_mistake(shape: Text, value: str) -> None:
    assert read(shape, f'"{value}"')[1] == [f"form_{shape.form}"]


@given(st.integers(1, 999_999), st.sampled_from("smhd"))
def test_a_time_span_is_written_as_it_is_read(number: int, unit: str) -> None:
    span, mistakes = read(Duration(most=timedelta.max), f"{number}{unit}")
    assert isinstance(span, timedelta)
    assert read(Duration(most=timedelta.max), span_text(span)) == (span, mistakes) == (span, [])
