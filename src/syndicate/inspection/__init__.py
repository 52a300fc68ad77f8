"""Inspection 检查 (pure): facts of a day → measurements → judgements by the index → report as document, HTML and JSON."""
