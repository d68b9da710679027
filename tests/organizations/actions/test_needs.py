"""What partners look for and what we offer: ranges, topics, who may read what."""

import pytest
from django.utils import timezone

from core.errors import ActionRefused, InvalidInput
from organizations.actions.capabilities import create_capability, edit_capability
from organizations.actions.needs import create_need, edit_need
from organizations.models import Need
from organizations.queries.needs import visible_needs
from tenants.choices import Role
from tests.api_kit import nothing_changes
from tests.factories.organizations import make_need, make_organization
from tests.factories.units import make_unit


def refused(attempt, error=ActionRefused) -> ActionRefused:
    with nothing_changes(), pytest.raises(error) as caught:
        attempt()
    return caught.value


def topics(row) -> list[tuple[str, str]]:
    return [(each.scheme, each.code) for each in row.topics.order_by("scheme", "code")]


def test_a_need_with_topics(in_alpha):
    given = [{"scheme": "keyword", "code": " Solid  State "}, {"scheme": "cpc", "code": "h01m 10/42"}]
    row = create_need(
        actor=in_alpha.actor(),
        organization=make_organization(),
        title=" Batteries ",
        topics=given,
        trl_min=3,
        trl_max=3,
    )
    assert (row.title, topics(row)) == ("Batteries", [("cpc", "H01M10/42"), ("keyword", "solid state")])
    edit_need(actor=in_alpha.actor(), need=row, topics=given[:1])
    row = Need.objects.get()
    assert (row.version, topics(row)) == (2, [("keyword", "solid state")])
    edit_need(actor=in_alpha.actor(), need=row, topics=given[:1])
    assert Need.objects.get().version == 2


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"trl_min": 5, "trl_max": 4}, "trl_max"),
        ({"currency": "EURO"}, "currency"),
        ({"topics": [{"scheme": "cpc", "code": "battery"}]}, "topics"),
        ({"topics": [{"scheme": "keyword", "code": str(n)} for n in range(31)]}, "topics"),
    ],
)
def test_what_cannot_be_is_refused_by_name(in_alpha, given, field):
    organization = make_organization()
    attempt = lambda: create_need(actor=in_alpha.actor(), organization=organization, title="T", **given)  # noqa: E731
    assert refused(attempt, InvalidInput).field == field


def test_an_edit_sees_the_other_end_of_the_range(in_alpha):
    row = make_need(trl_min=5)
    assert refused(lambda: edit_need(actor=in_alpha.actor(), need=row, trl_max=4), InvalidInput).field == "trl_max"


def test_a_need_stays_with_its_organization_and_is_never_our_own(in_alpha):
    row, other = make_need(), make_organization()
    moved = refused(lambda: edit_need(actor=in_alpha.actor(), need=row, organization=other))
    assert (moved.code, moved.field) == ("organization_fixed", "organization")
    own = make_organization(is_own=True)
    attempt = lambda: create_need(actor=in_alpha.actor(), organization=own, title="T")  # noqa: E731
    assert refused(attempt, InvalidInput).field == "organization"


@pytest.mark.parametrize("role", Role.values)
def test_the_details_are_not_even_loaded_for_who_may_not_read_them(in_alpha, role):
    make_need(text="Secret plan", budget=5)
    row = visible_needs(in_alpha.actor(role)).get()
    may = role not in (Role.RESEARCHER, Role.VIEWER)
    assert row.shows_details is may
    assert row.get_deferred_fields() == (set() if may else {"text", "budget", "currency", "contact_id"})


def test_a_capability_belongs_to_an_open_unit_and_a_colleague(in_alpha):
    actor, closed = in_alpha.actor(), make_unit(closed_on=timezone.localdate())
    in_alpha.change(Role.VIEWER, ended_at=timezone.now())
    gone = in_alpha.user(Role.VIEWER)
    assert refused(lambda: create_capability(actor=actor, title="X", unit=closed)).field == "unit"
    assert refused(lambda: create_capability(actor=actor, title="X", lead=gone), InvalidInput).field == "lead"
    unit = make_unit()
    row = create_capability(actor=actor, title="X", unit=unit, topics=[{"scheme": "nace", "code": "27.2"}])
    assert topics(row) == [("nace", "27.2")]
    unit.closed_on = timezone.localdate()
    unit.save()
    assert edit_capability(actor=actor, capability=row, unit=unit, trl=4).trl == 4, "where it stands it may stay"
