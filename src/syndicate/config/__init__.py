"""Configuration: the YAML and TSV folders of an office become values, every mistake at once, each with file and line."""
