"""The command line: one module per group of verbs. Use cases are imported inside a verb, so that start-up stays fast."""
