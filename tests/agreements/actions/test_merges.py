"""Merging organizations whose agreements are executed: the record moves, and no term of it is changed."""

from dataclasses import replace

from agreements.models import Agreement, Party
from organizations.actions.merges import merge_organizations
from tenants.actions.history import undo_changes
from tests.factories.agreements import make_agreement, make_executed
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_partnership


def held() -> list[tuple]:
    """Whose agreements there are, and who is a party to them."""
    return [
        *Agreement.objects.order_by("pk").values_list("pk", "partnership_id", "title", "status"),
        *Party.objects.order_by("pk").values_list("pk", "organization_id", "role", "is_primary"),
    ]


def test_executed_agreements_move_with_their_organization_and_back(in_alpha):
    kept, merged = make_partnership(make_organization()), make_partnership(make_organization())
    rows = [make_executed(merged), make_executed(merged, status="terminated"), make_agreement(merged)]
    shared = make_executed(kept)
    Party.objects.create(agreement=shared, organization=merged.organization, role="sponsor")
    before, actor = held(), in_alpha.actor("officer")
    merge_organizations(
        actor=replace(actor, request_id="set-merge"), kept=kept.organization, merged=merged.organization
    )
    assert set(Agreement.objects.values_list("partnership_id", flat=True)) == {kept.pk}
    parties = Party.objects.order_by("agreement_id").values_list("agreement_id", "organization_id")
    assert [*parties] == [(row.pk, kept.organization_id) for row in (*rows, shared)]
    undo_changes(actor=replace(actor, request_id="set-undo"), request_id="set-merge")
    assert held() == before
    undo_changes(actor=replace(actor, request_id="set-redo"), request_id="set-undo")
    assert set(Agreement.objects.values_list("partnership_id", flat=True)) == {kept.pk}


def test_the_main_counterparty_stays_one_though_both_were_parties(in_alpha):
    """Whichever of the two is kept: an agreement is never left without its other side."""
    kept, merged = make_partnership(make_organization()), make_partnership(make_organization())
    shared = make_executed(merged)
    main = Party.objects.get(agreement=shared, is_primary=True)
    Party.objects.create(agreement=shared, organization=kept.organization, role=main.role)
    before, actor = held(), in_alpha.actor("officer")
    merge_organizations(
        actor=replace(actor, request_id="set-merge"), kept=kept.organization, merged=merged.organization
    )
    rows = Party.objects.filter(agreement=shared, organization=kept.organization)
    assert [(row.role, row.is_primary) for row in rows] == [(main.role, True)]
    undo_changes(actor=replace(actor, request_id="set-undo"), request_id="set-merge")
    assert held() == before
