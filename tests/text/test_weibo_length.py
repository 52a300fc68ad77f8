import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.text.weibo_length import weibo_length


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("a", 1),
        ("ab", 1),
        ("abc", 2),
        ("通知", 2),
        ("通知a", 3),
        ("，。", 2),
        ("\x80\x80", 1),
        ("𠮷", 2),
    ],
)
def test_half_width_counts_half_and_full_width_one(text: str, length: int) -> None:
    assert weibo_length(text) == length


def test_a_short_link_counts_ten() -> None:
    assert weibo_length("http://a.cn") == 10


@pytest.mark.parametrize("scheme", ["http", "https", "HTTPS"])
def test_a_longer_link_counts_by_its_real_length_for_every_scheme(scheme: str) -> None:
    link = f"{scheme}://".ljust(54, "x")
    assert weibo_length(link) == 27


def test_a_link_over_140_characters_counts_by_its_real_length() -> None:
    assert weibo_length("http://".ljust(200, "x")) == 100


def test_a_short_link_to_weibo_itself_keeps_its_length() -> None:
    assert weibo_length("http://weibo.cn/") == 8


def test_a_foreign_host_that_only_begins_like_weibo_is_no_own_link() -> None:
    assert weibo_length("http://weibo.cn.a") == 10


def test_a_link_ends_at_a_chinese_character() -> None:
    assert weibo_length("详见http://a.cn。") == 2 + 10 + 1


def test_140_chinese_characters_fit_exactly() -> None:
    assert weibo_length("政" * 140) == 140


@given(st.text())
def test_any_text_has_a_length_between_half_and_all_of_its_utf16_units_or_ten_per_link(text: str) -> None:
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    assert units / 2 <= weibo_length(text) + 0.5
    assert weibo_length(text) <= units + 10 * text.lower().count("http")
