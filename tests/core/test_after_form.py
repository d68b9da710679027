"""What follows a form that a script sent is a whole page."""

from core.tenancy.scope import tenant_scope
from tests.factories.partnerships import make_partnership


def test_after_a_form_the_page_is_whole(alpha, client_of):
    with tenant_scope(alpha.id):
        address = f"{alpha.prefix}/partners/{make_partnership().pk}/"
    member = client_of(alpha)
    part = member.get(address, headers={"HX-Request": "true"})
    page = member.get(address, headers={"HX-Request": "true", "X-From-Form": "1"})
    assert b"<!doctype html>" not in part.content
    assert b"<!doctype html>" in page.content
