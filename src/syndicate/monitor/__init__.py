"""Text to findings: few check kinds in code, all rules as data. Pure: the day is an argument."""
