"""链接状态: three failures over a day make a link broken; walls and time-outs never do."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.inspection.link_state import Ladder, LinkState, Look, Standing, after, leads_off, outcomes

NOW = datetime(2026, 11, 26, 12)
HOUR = timedelta(hours=1)
LADDER = Ladder(3, 24 * HOUR, 12 * HOUR, timedelta(days=7))
URL = "http://a.example/"
FINE, GONE, WALL = Look(final_url=URL), Look("net.gone"), Look("net.wall")


def course(*looks: tuple[int, Look]) -> list[str]:
    """How an address stands after looks at these hours."""
    standing, states = Standing(LinkState.NEW), []
    for hours, look in looks:
        standing = after(standing, look, URL, NOW + hours * HOUR, LADDER)
        states.append(str(standing.state))
    return states


@pytest.mark.parametrize(
    ("looks", "states"),
    [
        ([(0, FINE)], ["fine"]),
        ([(0, GONE), (12, GONE), (24, GONE)], ["failing", "failing", "broken"]),
        ([(0, GONE), (12, GONE), (23, GONE)], ["failing", "failing", "failing"]),
        ([(0, GONE), (30, GONE)], ["failing", "failing"]),
        ([(0, GONE), (12, FINE), (24, GONE), (36, GONE)], ["failing", "fine", "failing", "failing"]),
        ([(0, WALL), (12, WALL), (24, WALL), (36, WALL)], ["unsure"] * 4),
        ([(0, GONE), (12, WALL), (24, GONE), (36, GONE)], ["failing", "unsure", "failing", "broken"]),
        (
            [(0, GONE), (12, GONE), (24, GONE), (48, WALL), (50, FINE)],
            ["failing", "failing", "broken", "broken", "fine"],
        ),
    ],
)
def test_the_course_of_a_link(looks: list[tuple[int, Look]], states: list[str]) -> None:
    assert course(*looks) == states


@given(st.lists(st.tuples(st.integers(1, 30), st.sampled_from(["net.wall", "net.timeout", "net.login", "unheard-of"]))))
def test_what_tells_nothing_never_makes_a_link_broken(waits: list[tuple[int, str]]) -> None:
    hours, looks = 0, []
    for wait, key in waits:
        hours += wait
        looks.append((hours, Look(key)))
    assert set(course(*looks)) <= {"unsure"}


@given(st.lists(st.sampled_from([FINE, GONE, WALL])))
def test_every_look_says_when_the_next_is_due(looks: list[Look]) -> None:
    standing = Standing(LinkState.NEW)
    for look in looks:
        standing = after(standing, look, URL, NOW, LADDER)
        assert standing.due_at is not None
        assert standing.due_at > NOW


@pytest.mark.parametrize(
    ("url", "look", "off"),
    [
        (URL, Look(final_url=URL, title="此域名可转让"), True),
        (URL, Look(final_url=URL, title="DOMAIN FOR SALE"), True),
        (URL, Look(final_url="http://b.example/", title="样例"), False),
        ("http://x.gov.cn/", Look(final_url="http://y.gov.cn/"), False),
        ("http://x.gov.cn/", Look(final_url="http://casino.example/"), True),
        ("http://x.gov.cn/", Look(final_url="http://gov.cn.casino.example/"), True),
        ("http://x.gov.cn/", Look(), False),
        ("http://x.gov.cn/", Look(final_url="http://[::1"), True),
    ],
)
def test_a_link_that_opens_onto_something_else_leads_off(url: str, look: Look, off: bool) -> None:
    assert leads_off(url, look) is off


def test_every_way_a_fetch_can_fail_has_its_meaning() -> None:
    table = files("syndicate.messages").joinpath("net.tsv").read_text("utf-8").splitlines()[1:]
    assert {f"net.{row.partition(chr(9))[0]}" for row in table} - {"net.disk"} <= outcomes().keys()
