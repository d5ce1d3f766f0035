"""Patterns over many postmortems: counts and times of any search, each number with the address of its list.

`asking` understands a search once for all questions, `shapes` is what the answers look like. The
page and the API word and draw them; nothing here is counted by person, and nothing is a mean.
"""
