"""Fault plans: what they may say, and that every mistake is named at once with its line."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import ConfigurationError
from syndicate.sandbox.catalogue import endpoints, error_codes
from syndicate.sandbox.faults import Fault, FaultKind
from syndicate.sandbox.plan_file import LARGEST_PLAN, parse_plan


def problems(text):
    with pytest.raises(ConfigurationError) as caught:
        parse_plan(text.encode() if isinstance(text, str) else text, "faults.yaml")
    return [(problem.line, problem.message.key.removeprefix("sandbox.plan_")) for problem in caught.value.problems]


def one(**entry):
    return json.dumps({"faults": [{"platform": "wechat", "kind": "slow"} | entry]})


def test_a_yaml_plan_is_read_whole():
    text = """
faults:
  - platform: wechat
    endpoint: /cgi-bin/draft/add
    kind: timeout_after_commit
    nth: [1, 3]
    delay: 0.5
  - {platform: weibo, kind: code, code: 20032, commit: true, probability: 0.1, seed: 4}
"""
    assert parse_plan(text.encode(), "faults.yaml") == (
        Fault("wechat", FaultKind.TIMEOUT_AFTER_COMMIT, "/cgi-bin/draft/add", nth=(1, 3), delay=0.5),
        Fault("weibo", FaultKind.CODE, code=20032, commit=True, probability=0.1, seed=4),
    )


def test_a_json_plan_is_read_as_well():
    assert parse_plan(one(every=2).encode(), "plan.json") == (Fault("wechat", FaultKind.SLOW, every=2),)


def test_an_empty_list_means_no_faults():
    assert parse_plan(b"faults: []", "faults.yaml") == ()


@pytest.mark.parametrize(("platform", "code"), [("wechat", 42001), ("weibo", 21327), ("app", 401)])
def test_an_expired_token_has_the_platform_s_code_by_default(platform, code):
    text = f"faults: [{{platform: {platform}, kind: expired_token}}]"
    assert parse_plan(text.encode(), "faults.yaml")[0].code == code


def test_every_mistake_is_named_at_once_with_its_line():
    text = """faults:
  - platform: wehcat
    kind: slow
  - platform: weibo
    knid: slow
  - just text
  - platform: weibo
    kind: code
    code: 45009
  - platform: wechat
    kind: slow
    nth: 1
    every: 2
    endpoint: /cgi-bin/draft/ad
"""
    assert sorted(problems(text)) == [
        (2, "value"),
        (4, "missing"),
        (5, "key"),
        (6, "entry"),
        (7, "code"),
        (10, "endpoint"),
        (10, "when"),
    ]


@pytest.mark.parametrize(
    "entry",
    [
        {"nth": 0},
        {"nth": []},
        {"nth": "first"},
        {"every": -1},
        {"probability": 1.5},
        {"probability": "nan"},
        {"delay": 601},
        {"delay": "inf"},
        {"commit": "yes"},
        {"kind": "explode"},
        {"endpoint": "draft"},
        {"seed": 10**12},
        {"kind": {"a": 1}},
    ],
)
def test_values_out_of_range_are_refused(entry):
    assert [key for _, key in problems(one(**entry))] == ["value"]


@pytest.mark.parametrize(
    ("entry", "key"),
    [
        ({"platform": "*", "kind": "code", "code": 45009}, "code_platform"),
        ({"kind": "expired_token", "code": 45009}, "code"),
        ({"kind": "code"}, "code"),
        ({"platform": "led", "kind": "code", "code": 200}, "code"),
        ({"kind": "publish_status", "status": 7}, "publish_status"),
        ({"kind": "publish_status"}, "publish_status"),
        ({"platform": "weibo", "kind": "publish_status", "status": 1}, "publish_status"),
        ({"kind": "http_500", "status": 200}, "status"),
    ],
)
def test_combinations_that_make_no_sense_are_refused(entry, key):
    assert [found for _, found in problems(one(**entry))] == [key]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "shape"),
        ("[]", "shape"),
        ("faults: 5", "shape"),
        ("faults: []\nmore: 1", "shape"),
        ("faults: [", "syntax"),
        ("{" * 5000, "syntax"),
        (b"\xff\xfe", "encoding"),
        ("#" * (LARGEST_PLAN + 1), "size"),
        ("faults: &a [*a]", "entry"),
        ("faults:\n  - {platform: weibo, platform: app, kind: slow}", "twice"),
    ],
)
def test_files_that_are_no_plan_are_refused(text, key):
    assert [found for _, found in problems(text)] == [key]


def test_tags_in_a_plan_run_nothing():
    assert parse_plan(b"faults: !!python/object/apply:os.abort []", "faults.yaml") == ()


def outcome(data):
    """The entries, or the mistakes as people read them."""
    try:
        return parse_plan(data, "faults.yaml")
    except ConfigurationError as mistakes:
        return [str(problem) for problem in mistakes.problems]


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_give_a_plan_or_a_list_of_mistakes(data):
    assert outcome(data) != []


_KEYS = st.sampled_from(["platform", "kind", "endpoint", "nth", "every", "code", "status", "delay", "commit", "other"])
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.sampled_from(list(FaultKind)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=4,
)


@given(st.lists(st.dictionaries(_KEYS, _VALUES, max_size=5), max_size=3))
def test_any_entries_give_a_plan_or_a_list_of_mistakes(entries):
    found = outcome(json.dumps({"faults": entries}).encode())
    assert isinstance(found, tuple) or all(found)


@pytest.mark.parametrize("platform", ["wechat", "weibo", "app", "led"])
def test_every_endpoint_has_methods(platform):
    assert all(endpoint.methods for endpoint in endpoints(platform).values())


@pytest.mark.parametrize("platform", ["wechat", "weibo"])
def test_every_error_code_has_words_and_a_status(platform):
    codes = error_codes(platform).values()
    assert all(known.text and 200 <= known.status < 600 for known in codes)
