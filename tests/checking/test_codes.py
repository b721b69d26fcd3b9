"""Columns of codes made into one."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from importer.checking.codes import combined, first_of_each, numbered

ROWS = st.lists(st.tuples(*[st.integers(-1, 4)] * 4), min_size=1, max_size=30)


def codes(rows, at):
    return np.array([row[at] for row in rows])


@given(ROWS, st.sampled_from([5, 2**20, 2**32 - 1]))
@example([(0, 0, 0, 0), (1, 0, 0, 0)], 2**32 - 1)
def test_keys_are_equal_exactly_where_all_columns_are(rows, count):
    """Also where the product of the counts is larger than any integer that numpy has."""
    key = combined([(codes(rows, at), count) for at in range(4)]).tolist()
    for one, left in enumerate(rows):
        for other, right in enumerate(rows):
            assert (key[one] == key[other]) == (left == right)


@given(ROWS)
def test_numbers_count_from_the_first_row_on(rows):
    numbers, count = numbered(combined([(codes(rows, 0), 5), (codes(rows, 1), 5)]))
    distinct = list(dict.fromkeys(row[:2] for row in rows))
    assert count == len(distinct)
    assert numbers.tolist() == [distinct.index(row[:2]) for row in rows]
    assert first_of_each(numbers, count).tolist() == [[row[:2] for row in rows].index(found) for found in distinct]
