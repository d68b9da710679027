"""The tie map of a partner, and who is left out of it."""

import pytest

from core.errors import PermissionRefused
from core.tenancy.scope import tenant_scope
from partnerships.actions.health import recompute_health
from partnerships.queries.ties import carried_by, single_threaded, tie_map
from partnerships.rules.health.arithmetic import decay
from tests.api_kit import counted
from tests.factories.organizations import make_contact
from tests.factories.partnerships import make_interaction, make_partnership


def test_masses_shares_and_pairs(in_alpha):
    partnership, today_mass = make_partnership(), 1.0
    anna, bert = make_contact(partnership.organization, decides=True), make_contact(partnership.organization)
    us, them = in_alpha.user("officer"), in_alpha.user("manager")
    make_interaction(partnership, days_ago=0, contacts=(anna,), members=(us,))
    old = make_interaction(partnership, days_ago=180, contacts=(anna, bert), members=(them,))
    found = tie_map(in_alpha.actor(), partnership)
    half = decay(180, 180)
    assert [(tie.person, tie.mass) for tie in found.theirs] == [
        (anna, pytest.approx(today_mass + half)),
        (bert, pytest.approx(half)),
    ]
    assert [tie.share for tie in found.theirs] == [pytest.approx(0.75), pytest.approx(0.25)]
    assert [tie.decides for tie in found.theirs] == [True, False]
    assert found.theirs[1].last == old.occurred_at
    assert [(tie.person, tie.share) for tie in found.ours] == [
        (us, pytest.approx(2 / 3)),
        (them, pytest.approx(1 / 3)),
    ]
    assert found.pairs == {
        (us.pk, anna.pk): pytest.approx(1.0),
        (them.pk, anna.pk): pytest.approx(0.5),
        (them.pk, bert.pk): pytest.approx(0.5),
    }
    assert [(side, tie.person) for side, tie in found.threads] == [("theirs", anna)]


def test_who_objects_to_scoring_is_left_out_of_every_figure(in_alpha):
    partnership = make_partnership(stage_declared="support")
    anna = make_contact(partnership.organization)
    shy = make_contact(partnership.organization, objects_to_scoring=True)
    make_interaction(partnership, days_ago=1, contacts=(anna, shy), members=(in_alpha.user("officer"),))
    make_interaction(partnership, days_ago=2, contacts=(shy,), members=(in_alpha.user("officer"),))
    found = tie_map(in_alpha.actor(), partnership)
    assert [tie.person for tie in found.theirs] == [anna]
    assert {contact for _member, contact in found.pairs} == {anna.pk}
    recompute_health(actor=in_alpha.actor(), partnership_ids=[partnership.pk])
    partnership.health.refresh_from_db()
    depth = partnership.health.snapshot.inputs["depth"]
    assert len(depth["external"]) == 1
    assert depth["named_share"] == pytest.approx(0.5)


def test_days_of_contact_are_those_one_may_read(in_alpha):
    partnership = make_partnership()
    anna = make_contact(partnership.organization)
    told = make_interaction(partnership, days_ago=30, contacts=(anna,), members=(in_alpha.user("manager"),))
    secret = make_interaction(
        partnership, days_ago=2, contacts=(anna,), members=(in_alpha.user("manager"),), confidentiality="restricted"
    )
    for role, moment in (("officer", told.occurred_at), ("administrator", secret.occurred_at)):
        assert tie_map(in_alpha.actor(role), partnership).theirs[0].last == moment
    with pytest.raises(PermissionRefused):
        tie_map(in_alpha.actor("viewer"), partnership)


def test_the_map_costs_the_same_for_any_number_of_people(in_alpha):
    few, many = make_partnership(), make_partnership()
    for partnership, number in ((few, 1), (many, 7)):
        people = tuple(make_contact(partnership.organization) for _ in range(number))
        make_interaction(partnership, days_ago=1, contacts=people, members=(in_alpha.user("officer"),))
    costs = []
    for partnership in (few, many):
        with counted() as statements:
            tie_map(in_alpha.actor(), partnership)
        costs.append(len(statements))
    assert costs == [4, 4]


def test_partnerships_that_hang_on_one_person(in_alpha):
    one, two, silent, over = (make_partnership() for _ in range(4))
    make_partnership(status="ended")
    staff = [in_alpha.user(role) for role in ("officer", "manager")]
    for partnership, people in ((one, 1), (two, 2), (over, 1)):
        contacts = tuple(make_contact(partnership.organization) for _ in range(people))
        make_interaction(partnership, days_ago=5, contacts=contacts, members=tuple(staff))
    over.status = "ended"
    over.save()
    recompute_health(actor=in_alpha.actor())
    assert [row.pk for row in single_threaded(in_alpha.actor("viewer"))] == [one.pk]
    silent.health.refresh_from_db()
    assert (silent.health.our_share, silent.health.their_share) == (None, None)


def test_what_a_colleague_carries_mostly_alone(in_alpha):
    officer, manager = in_alpha.user("officer"), in_alpha.user("manager")
    mine, shared = make_partnership(), make_partnership()
    make_interaction(mine, days_ago=1, members=(officer,))
    make_interaction(mine, days_ago=1, members=(officer, manager))
    make_interaction(shared, days_ago=1, members=(officer, manager))
    assert [(row.pk, share) for row, share in carried_by(in_alpha.actor(), officer)] == [
        (mine.pk, pytest.approx(2 / 3))
    ]
    assert carried_by(in_alpha.actor(), manager) == []


def test_another_offices_people_never_show(alpha, beta):
    with tenant_scope(beta.id):
        theirs = make_partnership()
        make_interaction(theirs, contacts=(make_contact(theirs.organization),), members=(beta.user("officer"),))
    with tenant_scope(alpha.id):
        found = tie_map(alpha.actor(), theirs)
        assert (found.theirs, found.ours, found.pairs) == ([], [], {})
