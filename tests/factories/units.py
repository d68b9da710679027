"""Units of the institution for tests; the scope must be open."""

from itertools import count

from tenants.models import Unit, UnitMember, User

_numbers = count(1)


def make_unit(*, members: tuple[User, ...] = (), **fields) -> Unit:
    unit = Unit.objects.create(**{"name": f"Unit {next(_numbers)}", **fields})
    for member in members:
        UnitMember.objects.create(unit=unit, member=member)
    return unit
