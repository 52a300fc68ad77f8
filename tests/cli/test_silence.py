"""Silent periods and urgency as a publisher types them."""

from __future__ import annotations

from tests.cli.terminal import Office

PUBLISHER = "样例终审"


def test_a_silent_period_is_begun_shown_and_ended(office: Office) -> None:
    begun = office("silence", "on", "--reason", "全国哀悼日", user=PUBLISHER)
    shown = office("silence", "show")
    ended = office("silence", "off", "--reason", "结束", user=PUBLISHER)
    assert (begun.code, shown.code, ended.code) == (0, 0, 0)
    assert "样例终审：全国哀悼日" in shown.out
    assert office("silence", "show", "--json").document["in_force"] is None


def test_an_item_is_let_out_and_listed(office: Office) -> None:
    item = office.write()
    office("silence", "on", "--reason", "全国哀悼日", user=PUBLISHER)
    assert office("silence", "except", str(item), "--reason", "地震应急", user=PUBLISHER).code == 0
    assert "地震应急" in office("silence", "show").out


def test_who_may_not_is_told_who_may(office: Office) -> None:
    answer = office("silence", "on", "--reason", "理由", user="样例编辑")
    assert answer.code == 1
    assert "发布人" in answer.err


def test_an_item_is_made_urgent(office: Office) -> None:
    item = office.write()
    assert office("urgent", str(item), "--reason", "暴雨红色预警", "--json", user=PUBLISHER).document["urgent"] is True
    assert (
        office("urgent", str(item), "--off", "--reason", "解除", "--json", user=PUBLISHER).document["urgent"] is False
    )
