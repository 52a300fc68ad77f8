"""Titles of laws, one thing written two ways, words that demand each other, lists of people, links."""

from __future__ import annotations

from datetime import date

import pytest

from syndicate.errors import ConfigurationError
from syndicate.model.reference import Alike, Law, LinkFact, References
from syndicate.monitor.compile import compile_monitor
from syndicate.monitor.monitor import check_links
from tests.monitor.rule_making import check, found, rule

REFERENCES = References(
    laws=(
        Law("松果条例", "l:1", date(2020, 1, 1), "松果法", "松果法附则"),
        Law("松果法", "l:2"),
        Law("松鼠保护法", "l:3"),
    ),
    alike=Alike({"法": "fa", "发": "fa"}),
)


def titles(kind: str, text: str, day: date | None = date(2024, 1, 1), **parameters: object) -> list[str | None]:
    monitor = compile_monitor([rule("reference", check=kind, **parameters)], [], REFERENCES)
    return [finding.suggestion for finding in monitor.check(text, markup=False, day=day)]


def test_a_law_that_has_ended_is_found_with_what_took_its_place() -> None:
    assert titles("ended", "依照《中华人民共和国松果条例》（2010年修订）") == ["《松果法》"]


def test_a_law_is_judged_at_the_date_of_the_item() -> None:
    assert titles("ended", "《松果条例》", date(2019, 12, 31)) == []
    assert titles("ended", "《松果条例》", None) == []


@pytest.mark.parametrize("text", ["原《松果条例》", "《松果条例》同时废止", "《松果法》", "松果条例", "《无关办法》"])
def test_former_abolished_and_standing_laws_are_left_alone(text: str) -> None:
    assert titles("ended", text, excused=["废止"]) == []


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("《松鼠保护发》", "《松鼠保护法》"),
        ("《松鼠保护护法》", "《松鼠保护法》"),
        ("《中华人民共和国松鼠护法》", "《中华人民共和国松鼠保护法》"),
    ],
)
def test_a_title_one_character_away_from_a_known_one_is_misspelt(text: str, right: str) -> None:
    assert titles("spelling", text) == [right]


@pytest.mark.parametrize("text", ["《松鼠保护法》", "《松鼠保护办法》", "《松鼠保护区》", "《松鼠》"])
def test_known_and_other_titles_are_left_alone(text: str) -> None:
    assert titles("spelling", text) == []


def test_the_rarer_of_two_ways_to_write_a_word_is_found() -> None:
    made = rule("consistency", groups=["甲子|钾子", "乙丑|已丑"], **{"except": ["钾子化"]})
    assert found(made, "甲子、甲子和钾子，乙丑") == [("钾子", "甲子")]
    assert found(made, "甲子和钾子化") == []


def test_a_group_of_one_is_a_mistake_of_the_rule() -> None:
    with pytest.raises(ConfigurationError, match="至少两种"):
        found(rule("consistency", groups=["甲子|"]), "")


def test_a_word_without_its_other_half_is_found_once() -> None:
    one_way = rule("pair", message="{other}", both={"甲方": "乙方"})
    assert [finding.message for finding in check(one_way, "甲方和甲方")] == ["乙方"]
    assert found(one_way, "乙方") == []
    assert len(found(rule("pair", both={"甲方": "乙方"}, either=True), "乙方")) == 1


_LIST = "{title}\n姓名\t金额\n" + "\n".join(f"张{name}\t5" for name in "甲乙丙丁戊")


def test_a_list_of_people_on_welfare_is_found_with_the_name_masked() -> None:
    made = rule("roster", message="{text}{count}", words=["救助"], names=["姓名"])
    [finding] = check(made, _LIST.format(title="救助名单"))
    assert (finding.text, finding.message) == ("张*", "张*5")


@pytest.mark.parametrize(
    "text",
    [
        _LIST.format(title="获奖名单"),
        _LIST.format(title="救助名单").replace("张甲", "张某"),
        "救助 姓名",
        "救助\n甲\t乙\n丙\t丁\n姓名",
    ],
)
def test_other_masked_and_short_lists_are_left_alone(text: str) -> None:
    assert found(rule("roster", words=["救助"], names=["姓名"]), text) == []


def fired(kind: str, fact: LinkFact, **parameters: object) -> bool:
    monitor = compile_monitor([rule("link", check=kind, **parameters)], [])
    assert monitor.check(fact.url, markup=False, day=None) == ()
    return bool(check_links(monitor, [fact]))


HOME = "http://www.example.gov.cn/a"


@pytest.mark.parametrize(("status", "dead"), [(None, True), (404, True), (503, True), (200, False), (301, False)])
def test_a_link_without_a_good_answer_is_dead(status: int | None, dead: bool) -> None:
    assert fired("dead", LinkFact(HOME, 3, 9, status)) is dead


def test_a_link_that_leads_off_the_domains_is_found_by_where_it_ends() -> None:
    assert fired("off_domain", LinkFact("http://example.com/", 0, 1, 200), domains=["gov.cn"])
    assert fired("off_domain", LinkFact("http://[broken", 0, 1, 200), domains=["gov.cn"])
    assert not fired("off_domain", LinkFact("http://a.example/", 0, 1, 200, HOME), domains=["gov.cn"])


def test_a_government_address_that_leads_elsewhere_has_expired() -> None:
    assert fired("expired", LinkFact(HOME, 0, 1, 200, "http://casino.example/"), domains=["gov.cn"])
    assert not fired("expired", LinkFact(HOME, 0, 1, 200), domains=["gov.cn"])


def test_a_page_titled_like_an_advertisement_is_found_at_the_place_of_its_link() -> None:
    monitor = compile_monitor([rule("link", check="advertising", words=["博彩"])], [])
    [finding] = check_links(monitor, [LinkFact(HOME, 3, 9, 200, title="某博彩平台")])
    assert (finding.start, finding.end, finding.text) == (3, 9, HOME)
