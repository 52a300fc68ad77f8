"""Bytes or HTML to text with an offset and place map; sanitising; readers for office formats. Pure."""
