"""An invented WordPress export. Every name and text is a sample."""

from __future__ import annotations

from html import escape

TEXT = "各单位按照要求落实到位，确保工作有序推进，相关情况及时报送样例县政府办公室。"


def post(number: int, title: str, **more: str) -> str:
    """One item of an export; `more` are element names without the colon's part before it, or `category`."""
    values = {
        "link": f"http://old.example/{2015 + number % 5}/05/sample-{number}/",
        "content": f"<!-- wp:paragraph -->\n{TEXT}\n\n{title}。{TEXT}",
        "post_id": str(number),
        "post_date": f"2015-05-{number % 28 + 1:02} 16:00:00",
        "post_date_gmt": f"2015-05-{number % 28 + 1:02} 08:00:00",
        "status": "publish",
        "post_parent": "0",
        "post_type": "post",
        "post_password": "",
        "category": "news",
        "attachment_url": "",
        **more,
    }
    rest = "".join(
        f"<wp:{name}><![CDATA[{value}]]></wp:{name}>"
        for name, value in values.items()
        if name not in ("link", "content", "category") and value
    )
    category = f'<category domain="category" nicename="{values["category"]}"><![CDATA[样例分类]]></category>'
    return (
        f"<item><title><![CDATA[{title}]]></title><link>{escape(values['link'])}</link>"
        f"<content:encoded><![CDATA[{values['content']}]]></content:encoded>"
        f"<excerpt:encoded><![CDATA[]]></excerpt:encoded>{rest}{category if values['category'] else ''}</item>"
    )


def export(*posts: str, base: str = "http://old.example") -> bytes:
    """A WordPress export with these items."""
    return (
        '<?xml version="1.0" encoding="UTF-8" ?>\n<!-- generator="WordPress/5.8" -->\n'
        '<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">'
        f"<channel><title>旧网站</title><wp:wxr_version>1.2</wp:wxr_version>"
        f"<wp:base_site_url>{base}</wp:base_site_url><wp:base_blog_url>{base}</wp:base_blog_url>"
        f"{''.join(posts)}</channel></rss>"
    ).encode()
