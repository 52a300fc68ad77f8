"""The drill servers 演练: local Weibo, WeChat, app backend and LED player with settable faults and a settable clock."""
