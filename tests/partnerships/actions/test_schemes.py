"""The catalog of schemes: what it keeps and what is refused."""

from datetime import date
from decimal import Decimal

import pytest

from core.errors import ActionRefused, PermissionRefused
from partnerships.actions.schemes import add_scheme, delete_scheme, edit_scheme
from partnerships.models import FundingScheme
from tests.api_kit import nothing_changes
from tests.factories.funding import make_funding, make_scheme

SCHEME = {"name": "Innovation voucher", "funder": "Ministry of Research"}


def test_a_scheme_keeps_its_lists_once_and_in_order(in_alpha):
    row = add_scheme(actor=in_alpha.actor(), channels=["LAB", "RES", "LAB"], domains=["energy"], **SCHEME)
    assert (row.channels, row.domains, row.currency) == (["RES", "LAB"], ["energy"], "EUR")
    edit_scheme(actor=in_alpha.actor(), scheme=row, channels=["LAB", "RES"], seen=1)
    row.refresh_from_db()
    assert row.version == 1


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"name": " "}, "empty", "name"),
        ({"funder": ""}, "empty", "funder"),
        ({"currency": "XYZ"}, "unknown_currency", "currency"),
        ({"country": "QQ"}, "unknown_country", "country"),
        ({"channels": ["RES", "XXX"]}, "unknown_code", "channels"),
        ({"domains": ["alchemy"]}, "unknown_code", "domains"),
        ({"rate": Decimal("100.5")}, "out_of_range", "rate"),
        ({"cap": Decimal("-1")}, "out_of_range", "cap"),
        ({"trl_from": 0}, "out_of_range", "trl_from"),
        ({"trl_from": 5, "trl_to": 4}, "levels_reversed", "trl_to"),
        ({"opens_on": date(2026, 5, 2), "deadline_on": date(2026, 5, 1)}, "dates_reversed", "deadline_on"),
    ],
)
def test_what_a_scheme_cannot_say(in_alpha, fields, code, field):
    row = make_scheme()
    for run, more in ((add_scheme, SCHEME), (edit_scheme, {"scheme": row})):
        with nothing_changes(), pytest.raises(ActionRefused) as caught:
            run(actor=in_alpha.actor(), **{**more, **fields})
        assert (caught.value.code, caught.value.field) == (code, field)


def test_a_scheme_that_paid_is_closed_and_not_deleted(in_alpha):
    row = make_scheme()
    make_funding(scheme=row)
    with nothing_changes(), pytest.raises(ActionRefused) as caught:
        delete_scheme(actor=in_alpha.actor(), scheme=row)
    assert caught.value.code == "in_use"
    unused = make_scheme()
    delete_scheme(actor=in_alpha.actor(), scheme=unused)
    assert list(FundingScheme.objects.all()) == [row]


def test_staff_alone_write(in_alpha):
    row, actor = make_scheme(), in_alpha.actor("researcher")
    with nothing_changes():
        with pytest.raises(PermissionRefused):
            add_scheme(actor=actor, **SCHEME)
        with pytest.raises(PermissionRefused):
            edit_scheme(actor=actor, scheme=row, name="Other")
        with pytest.raises(PermissionRefused):
            delete_scheme(actor=actor, scheme=row)
