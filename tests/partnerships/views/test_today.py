"""What Today says of a change of health, whose figures it shows, and what its key for the log knows of a page."""

from django.utils import timezone

from core.tenancy.scope import tenant_scope
from partnerships.models import PartnershipHealth
from tests.factories.partnerships import make_opportunity, make_partnership


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


def test_the_figures_say_whose_they_are(alpha, client_of):
    with tenant_scope(alpha.id):
        for owner in (alpha.user("officer"), None):
            partnership = make_partnership(owner=owner)
            PartnershipHealth.objects.filter(partnership=partnership).update(band="at_risk", score=20.0)
    own, whole = (client_of(alpha, role).get(f"{alpha.prefix}/").content.decode() for role in ("officer", "viewer"))
    label = '<span class="tile-label">%s</span><span class="tile-value num">%d</span>'
    assert label % ("Your partners", 1) in own
    assert "1 at risk · 0 moved this week" in own
    assert "of 1 partner<" in own
    assert label % ("Partners", 2) in whole
    assert "of 2 partners<" in whole


def test_the_log_of_the_frame_knows_the_partner_that_a_page_is_about(alpha, client_of):
    with tenant_scope(alpha.id):
        opportunity = make_opportunity(make_partnership())
    partner, client = opportunity.partnership_id, client_of(alpha, "officer")
    about = f"{alpha.prefix}/log/?partner={partner}"
    for path in (f"/partners/{partner}/", f"/partners/{partner}/brief/", f"/partners/{partner}/health/"):
        assert client.get(alpha.prefix + path).content.decode().count(f'href="{about}" data-dialog') >= 2, path
    page = client.get(f"{alpha.prefix}/opportunities/{opportunity.pk}/").content.decode()
    assert f'href="{about}&amp;opportunity={opportunity.pk}" data-dialog data-key="l"' in page
    assert "/log/?" not in client_of(alpha, "viewer").get(f"{alpha.prefix}/partners/{partner}/").content.decode()
