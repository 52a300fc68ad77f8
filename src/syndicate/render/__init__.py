"""render 渠道稿: revision + channel → rendition, with what is wrong with it for that channel. Pure; limits are data.

Fields per kind (all are text; a missing value is the empty text):

website   address (path below the site), column, kind, title, summary, source_name, source_url,
          source_published_at (ISO), author, `field:<label>` per 信息公开 field; body: article fragment
website   notice of a withdrawal: address, column, notice (error, superseded, expired), title, text; body: fragment
weibo     text, link; body empty
wechat    title, author, digest, content_source_url; body: the article with inline styles
app       title, summary, source_name, source_url, published_at (ISO), column, page_url, kind, author,
          `field:<label>`, sometimes push (yes); body: article fragment
led       title, text, seconds (whole number), expires_at (ISO), sometimes not_before (ISO), urgent (yes); body empty
manual    title, text, link; body empty
other than website: notice of a withdrawal: notice, title, text, link; body empty

Bodies name files only as `file:<sha256>`; each stands in `files` with the role image, attachment or cover.
"""
