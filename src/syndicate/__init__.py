"""syndicate: one reviewed item to website, Weibo, WeChat, app and LED screen."""
