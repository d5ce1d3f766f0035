"""Rows to geometry: where the marks of a chart stand. Pure; words, colours and links belong to the page.

Across, places are per cent of the width, so that text keeps its size in every column; down, pixels.
"""
