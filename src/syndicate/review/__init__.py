"""Who may do what to which revision in which state. Pure; the tables are data beside the code."""
