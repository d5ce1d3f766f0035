"""The stems that words may have which begin with some letters, told by the letters alone.

`runni*` is asked of fields that hold stems: running stands there as run, which is shorter than what
was asked. The dictionary of the index would tell such stems too, but also that a word stands in
something that the viewer may not see.
"""

from functools import lru_cache

from postmortems.search import analysis

# The endings that the English stemmer takes off (Porter 2, steps 1 to 4), as they are written.
ENDINGS = (
    *("s", "es", "ies", "ied", "ed", "edly", "eed", "eedly", "ing", "ingly", "ly", "y"),
    *("tional", "ational", "ation", "ations", "ator", "ators", "ence", "ency", "ance", "ancy"),
    *("able", "ably", "ible", "ibly", "ently", "antly", "izer", "izers", "ization", "izations"),
    *("alism", "ality", "alities", "ally", "fully", "fulness", "ously", "ousness", "iveness"),
    *("ivity", "ively", "bility", "bilities", "ology", "lessly", "alize", "icate", "icity", "ical"),
    *("ful", "ness", "ative", "al", "er", "ers", "ic", "ant", "ants", "ement", "ements", "ment"),
    *("ments", "ent", "ents", "ism", "ate", "ated", "ates", "ating", "iti", "ity", "ous", "ive"),
    *("ize", "ized", "izes", "izing", "ion", "ions", "sion", "sions", "tion", "tions"),
)


@lru_cache(maxsize=1_000)
def shorter_stems(start: str) -> tuple[str, ...]:
    """The stems of words that begin with `start` and do not begin so themselves."""
    words = {
        f"{start}{ending[size:]}"
        for ending in ENDINGS
        for size in range(len(ending))
        if start.endswith(ending[:size])
    }
    found = {analysis.stem_of(word) for word in (start, *words)}
    return tuple(sorted(stem for stem in found if stem and not stem.startswith(start)))
