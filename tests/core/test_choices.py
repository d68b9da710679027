"""Lists that come from standards."""

from core.choices import CURRENCY_CODES, currency_choices


def test_what_is_paid_with_today_stands_first_and_no_currency_is_lost():
    (_words, today), (_others, former) = currency_choices()
    assert {"EUR", "USD", "DKK", "JPY"} <= {code for code, _name in today}
    assert {"DEM", "FRF", "XTS", "XAU"} <= {code for code, _name in former}
    assert sorted(code for code, _name in [*today, *former]) == sorted(CURRENCY_CODES)
