"""Every shape in which a list can be seen, beside its table."""

from django.urls import reverse

from core.lists import lists
from tenants.choices import Role
from tests.contracts.stage import set_stage


def test_every_shape_of_every_list_is_shown_with_its_rows(alpha, client_of):
    set_stage(alpha)
    member, seen = client_of(alpha, Role.ADMINISTRATOR), 0
    for each in lists():
        for shape in each.shapes:
            address = f"{alpha.prefix}{reverse(each.url_name, 'config.urls_tenant')}?shape={shape.name}"
            answer = member.get(address)
            assert answer.status_code == 200, address
            seen += 1
    assert seen >= 6
