"""site 网站: which pages an article changes (pure planning), what stands on them, and the one atomic writer."""
