"""A sample office with a full desk, for looking at it: `python -m tests.desk.demo DIR`, then serve DIR."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from syndicate.errors import Message
from syndicate.records.connection import open_records, prepare_schema

open_records(Path(sys.argv[1]) if __name__ == "__main__" else Path())

from syndicate.flow import feedback, handling_feedback, items  # noqa: E402 models may be imported only after the records are open
from syndicate.flow.decide import Vote, decide  # noqa: E402
from syndicate.flow.report import write_report  # noqa: E402
from syndicate.flow.withdraw import withdraw  # noqa: E402
from syndicate.model.delivery import NeedsPerson  # noqa: E402
from syndicate.model.review import Verdict, WithdrawalKind  # noqa: E402
from syndicate.model.source import SyncResult  # noqa: E402
from syndicate.records import sources  # noqa: E402
from tests.desk.office import (  # noqa: E402
    EDITOR,
    FAULTY,
    PUBLISHER,
    REVIEWER,
    SYNC,
    Office,
    add_people,
    write_office_files,
)

WAITING = (
    ("云川县部署冬季森林防火工作", "news"),
    ("云川县政务服务中心延长周末办事时间", "notices"),
    ("县城区集中供热管网检修完毕恢复供热", "notices"),
    ("云川县第三季度重点项目建设进展顺利", "news"),
    ("关于2026年度城乡居民医疗保险集中缴费的通知", "notices"),
    ("云川县举办农村电商技能培训班", "news"),
)
BODY = (
    "<p>近日，{title}。县政府办公室会同有关部门制定工作方案，明确责任分工和完成时限。</p>"
    "<h2>一、主要做法</h2><p>坚持问题导向，建立工作台账，逐项销号管理，共检查点位四十六处，发现问题十一项，已整改九项。</p>"
    "<table><tr><th>乡镇</th><th>检查点位</th><th>发现问题</th></tr><tr><td>青石镇（样例）</td><td>18</td><td>4</td></tr>"
    "<tr><td>白河乡（样例）</td><td>28</td><td>7</td></tr></table>"
    "<h2>二、下一步安排</h2><p>持续开展巡查，重要情况及时报告。欢迎群众监督。</p>"
)
LONG = (
    "<p>各乡镇人民政府，县政府各部门：</p>"
    "<p>为做好秋冬季秸杆综合利用工作，经县政府同意，成立云川县秸秆综合利用工作领导小姐，现将有关事项通知如下。</p>"
    "<h2>一、会议安排</h2>"
    "<p>定于2026年12月5日（星期五）召开动员会议，请各单位主要负责同志参加，报名请联系会务组，手机13800000000。</p>"
    "<h2>二、工作要求</h2>"
    "<p>（一）提高思想认识。各乡镇要把秸秆综合利用作为改善农村人居环境的重要举措，明确专人负责。</p>"
    "<p>（二）落实工作责任。县农业农村局牵头，有关部门配合，按月通报进展情况。</p>"
    "<p>（三）加强宣传引导。利用网站、微博、微信和电子屏广泛宣传，营造良好氛围。</p>"
    '<p style="text-align:right">云川县人民政府办公室（演示样例）</p><p style="text-align:right">2026年11月25日</p>'
)


LETTERS = (
    ("wording", "首页《云川县图书馆新馆对外开放》一文第二段把“周一闭馆”写成了“周一开馆”。", "", 22),
    ("link", "办事指南里的下载链接点开是空白页，换了两台电脑都不行。", "样例先生 13800000000", 12),
    ("content", "政务服务中心的电话已经换了，网页上还是旧号码。", "", 1.5),
)
"""What the public sent in: kind, text, contact, hours ago (all invented)."""


def _letters(office: Office) -> None:
    """Reports of the public: one is being worked on, two have not been passed on."""
    now = office.now + timedelta(hours=30)
    for number, (kind, text, contact, ago) in enumerate(LETTERS):
        office.now = now - timedelta(hours=ago)
        form = feedback.new_form(office.workspace)
        feedback.receive(office.workspace, feedback.Sent(kind, "", text, contact, form))
        if number == 0:
            handling_feedback.assign(office.workspace, REVIEWER, 1, EDITOR.name)


def furnish(home: Path, now: datetime) -> None:
    """A new office with all of it."""
    write_office_files(home)
    open_records(home)
    prepare_schema()
    add_people()
    office = Office(home, now)
    fill(office)
    office.workspace.close()


def fill(office: Office) -> None:
    """Items in every state, deliveries that stopped, a withdrawal to confirm, a source that fails, a report: all until now."""
    now = office.now
    office.now = now - timedelta(hours=30)
    for title in ("云川县政府常务会议研究部署民生实事", "云川县公布行政事业性收费目录清单", "云川县图书馆新馆对外开放"):
        office.published(title)
        office.wait(hours=1)
    withdrawn = office.published("云川县元旦放假通知（旧）")
    withdraw(office.workspace, PUBLISHER, withdrawn, WithdrawalKind.SUPERSEDED, "已有新的放假通知")
    expired = Message("ledger.never_arrives")
    office.published("云川县开展食品安全专项检查", weibo=NeedsPerson(expired))
    _letters(office)
    office.now = now - timedelta(hours=9)
    for title, column in WAITING:
        office.submitted(title, BODY.format(title=title), column)
        office.wait(minutes=70)
    second = office.submitted("云川县举办消防安全应急演练", BODY.format(title="云川县举办消防安全应急演练"))
    office.first_approval(second)
    office.reprint("示例省人民政府办公厅关于做好寒潮天气防范应对工作的通知", BODY.format(title="寒潮天气防范应对"), 1.5)
    office.reprint("国家有关部门解读新修订的安全生产规定（样例）", BODY.format(title="新规定解读"), 14)
    office.reprint("示例市发布春运工作安排（样例）", BODY.format(title="春运安排") + FAULTY, -1.2, "某新闻网（样例）")
    office.submitted("关于做好秋冬季秸秆综合利用工作的通知", LONG, "policy")
    returned = office.submitted("云川县农民工工资支付保障工作动态", BODY.format(title="农民工工资支付保障"))
    decide(office.workspace, REVIEWER, returned, Vote(Verdict.RETURN, 1, "第二段数字与附表不一致，请核对后重报。"))
    office.draft("云川县2026年工作要点（草稿）", BODY.format(title="工作要点"), "policy")
    office.now = now - timedelta(minutes=3)
    office.approved("云川县启动全民健身活动月")
    dropped = office.draft("重复的会议消息")
    items.discard(office.workspace, PUBLISHER, dropped, "与已发布稿件重复")
    message = Message("sync.wall", {"url": "https://www.example.gov.cn/", "guard": "样例防护"})
    source = next(iter(office.workspace.snapshot.sources), "shengzhengfu")
    sources.store_health(
        sources.Health(
            source, SyncResult.WALL, message, now, now - timedelta(days=2), now - timedelta(days=2), 9, now, "", ""
        )
    )
    office.now = now
    write_report(office.workspace, SYNC, date.fromordinal(now.date().toordinal() - 1))


if __name__ == "__main__":
    furnish(Path(sys.argv[1]).resolve(), datetime.now(UTC))
