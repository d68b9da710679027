"""What Today says of a change of health."""

from django.utils import timezone

from core.tenancy.scope import tenant_scope
from partnerships.models import PartnershipHealth
from tests.factories.partnerships import make_partnership


def page_after(alpha, client_of, **health) -> str:
    with tenant_scope(alpha.id):
        partnership = make_partnership()
        PartnershipHealth.objects.filter(partnership=partnership).update(changed_at=timezone.now(), **health)
    return client_of(alpha).get(f"{alpha.prefix}/").content.decode()


def test_a_partner_that_lost_its_evidence_is_not_said_to_have_risen(alpha, client_of):
    """The score of a band without enough data is no figure to compare with."""
    page = page_after(alpha, client_of, band="insufficient", score=98.0, previous_band="healthy", previous_score=94.2)
    assert "no longer enough data to judge" in page
    assert "94.2" not in page


def test_a_rise_says_from_where(alpha, client_of):
    page = page_after(alpha, client_of, band="healthy", score=98.0, previous_band="watch", previous_score=64.2)
    assert "up from 64.2" in page
