"""What lies between a long list and its file comes back as it was."""

import datetime
import io
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.export_slices import ids_in, packed_ids, packed_rows, rows_in

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(),
    st.dates(),
    st.datetimes(),
    st.decimals(allow_nan=False, allow_infinity=False),
)


@given(st.lists(st.lists(VALUES, max_size=4), max_size=6))
def test_rows_come_back_with_their_kinds(rows):
    back = list(rows_in(io.BytesIO(b"".join(packed_rows(rows)))))
    assert back == rows
    assert [[type(value) for value in row] for row in back] == [[type(value) for value in row] for row in rows]


def test_a_date_is_no_moment_and_an_amount_keeps_its_zeros():
    row = [datetime.date(2026, 3, 1), datetime.datetime(2026, 3, 1), Decimal("5.00"), "=1+1\n", True, 0]
    (back,) = rows_in(io.BytesIO(b"".join(packed_rows([row]))))
    assert back == row
    assert str(back[2]) == "5.00"
    assert type(back[0]) is datetime.date


def test_the_order_is_kept_and_each_row_stands_once():
    source = io.BytesIO(packed_ids([3, 1, 2**62, 3, 2]))
    assert ids_in(source, 0, 10) == [3, 1, 2**62, 2]
    assert ids_in(source, 1, 2) == [1, 2**62]
    assert ids_in(source, 4, 2) == []
