"""The public pages of the drill WeChat."""

from __future__ import annotations

from datetime import datetime
from html import escape

from syndicate.sandbox.exchange import Reply, html_reply
from syndicate.sandbox.wechat_content import Article

DELETED = "该内容已被发布者删除"
BLOCKED = "此内容因违规无法查看"
_NOTICE = "演练平台页面（样例），并非微信公众平台"
_STYLE = "body{max-width:42em;margin:2em auto;padding:0 1em;font-family:sans-serif;line-height:1.8}img{max-width:100%}"


def article_page(article: Article, account: str, published_at: datetime | None, url: str) -> Reply:
    """An article as a reader sees it; `published_at` None makes it a preview."""
    title, author = escape(article["title"]), escape(article["author"])
    when = published_at.strftime("%Y-%m-%d %H:%M") if published_at else "预览"
    source = article["content_source_url"]
    content = escape(article["content"]) if article.get("article_type") == "newspic" else article["content"]
    link = f'<p><a id="js_view_source" href="{escape(source)}">阅读原文</a></p>' if source.startswith("http") else ""
    return html_reply(
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="og:title" content="{title}"><meta property="og:url" content="{escape(url)}">'
        f'<meta property="og:description" content="{escape(article["digest"])}"><style>{_STYLE}</style></head><body>'
        f'<p>{_NOTICE}</p><h1 id="activity-name">{title}</h1><p><span id="js_author_name">{author}</span> '
        f'<span id="js_name">{escape(account)}</span> <em id="publish_time">{when}</em></p>'
        f'<div id="js_content">{content}</div>{link}</body></html>'
    )


def gone_page(why: str) -> Reply:
    """What stands at an address that no longer shows an article: status 200 and a sentence, as on the platform."""
    text = BLOCKED if why == "blocked" else DELETED
    return html_reply(
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{text}</title>'
        f'<style>{_STYLE}</style></head><body><p>{_NOTICE}</p><p class="weui-msg__title">{text}</p></body></html>'
    )
