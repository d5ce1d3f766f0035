"""A value that a file and a curator both may have changed."""

import pytest

from taxonomy import three_way


@pytest.mark.parametrize(
    ("before", "wanted", "now", "becomes"),
    [
        ("a", "a", "a", "a"),
        ("a", "b", "a", "b"),
        ("a", "a", "c", "c"),
        ("a", "b", "c", "c"),
        (1, None, 1, None),
        (None, 3, 2, 2),
        ([], ["a"], [], ["a"]),
        (["a"], ["b"], ["a"], ["b"]),
        (["a"], ["a"], [], []),
        (["a"], ["a", "b"], ["c"], ["c", "b"]),
        ({"en": "a"}, {"en": "a", "zh": "b"}, {"en": "c"}, {"en": "c", "zh": "b"}),
        ({"en": "a"}, {"en": "b"}, {"en": "a", "zh": "c"}, {"en": "b", "zh": "c"}),
        ({"en": "a", "zh": "b"}, {"en": "a", "zh": "b"}, {"en": "a"}, {"en": "a"}),
        ({"en": "a", "zh": "b"}, {"en": "a"}, {"en": "c", "zh": "b"}, {"en": "c"}),
    ],
)
def test_the_curators_change_stays_and_what_is_new_in_the_file_comes(before, wanted, now, becomes):
    assert three_way.merged(before, wanted, now) == becomes
