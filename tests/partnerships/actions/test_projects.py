"""Projects: what is refused about readiness, lights, membership and shares, and objectives of one project."""

from decimal import Decimal

import pytest

from core.errors import InvalidInput
from partnerships.actions.governance import add_objective, edit_objective
from partnerships.actions.projects import create_project, edit_project
from partnerships.models import Project
from partnerships.queries.project_records import deal_of
from tenants.models import User
from tests.api_kit import nothing_changes
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_objective, make_partnership, make_project
from tests.factories.projects import make_project_benefit
from tests.partnerships.queries.test_health import TODAY


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"trl_start": 0}, "out_of_range", "trl_start"),
        ({"trl_now": 10}, "out_of_range", "trl_now"),
        ({"trl_start": 5, "trl_target": 4}, "below_start", "trl_target"),
        ({"light": "amber"}, "reason_missing", "light_reason"),
        ({"light": "red", "light_reason": "  "}, "reason_missing", "light_reason"),
        ({"membership_tier": "Gold"}, "no_consortium", "membership_tier"),
        ({"annual_fee": Decimal(0)}, "no_consortium", "annual_fee"),
        ({"channel": "CON", "annual_fee": Decimal(-1)}, "out_of_range", "annual_fee"),
    ],
)
def test_what_contradicts_itself_is_refused_when_added_and_when_changed(in_alpha, fields, code, field):
    row, actor = make_project(), in_alpha.actor()
    with nothing_changes():
        for write in (
            lambda: create_project(actor=actor, title="A", **fields),
            lambda: edit_project(actor=actor, project=row, **fields),
        ):
            with pytest.raises(InvalidInput) as refused:
                write()
            assert (refused.value.code, refused.value.field) == (code, field)


def test_readiness_may_fall_and_a_green_light_needs_no_reason(in_alpha):
    row = make_project(trl_start=4, trl_now=4, trl_target=6)
    edit_project(actor=in_alpha.actor(), project=row, trl_now=3, light="green")
    edit_project(actor=in_alpha.actor(), project=row, light="red", light_reason="The pilot plant burned down")
    row.refresh_from_db()
    assert (row.trl_now, row.light) == (3, "red")
    with nothing_changes(), pytest.raises(InvalidInput):
        edit_project(actor=in_alpha.actor(), project=row, light_reason="")
    with nothing_changes(), pytest.raises(InvalidInput):
        edit_project(actor=in_alpha.actor(), project=row, trl_start=7)


def test_a_consortium_has_members_who_pay_and_must_give_that_up_before_it_is_something_else(in_alpha):
    actor = in_alpha.actor()
    row = create_project(actor=actor, title="A", channel="CON", membership_tier="Gold", annual_fee=Decimal(5000))
    with nothing_changes(), pytest.raises(InvalidInput):
        edit_project(actor=actor, project=row, channel="RES")
    edit_project(actor=actor, project=row, channel="RES", membership_tier="", annual_fee=None)
    row.refresh_from_db()
    assert (row.channel, row.membership_tier, row.annual_fee) == ("RES", "", None)


def test_an_imported_contradiction_does_not_stand_in_the_way_of_other_edits(in_alpha):
    row = make_project(light="red", trl_start=6, trl_target=3, membership_tier="Gold")
    edit_project(actor=in_alpha.actor(), project=row, title="Another title")
    assert Project.objects.get(pk=row.pk).title == "Another title"


def test_the_lead_works_here_and_may_stay_named_after_leaving(in_alpha):
    stranger = User.objects.get(email="stranger@example.org")
    with nothing_changes(), pytest.raises(InvalidInput) as refused:
        create_project(actor=in_alpha.actor(), title="A", lead=stranger)
    assert refused.value.field == "lead"
    row = create_project(actor=in_alpha.actor(), title="A", lead=in_alpha.user("researcher"))
    in_alpha.change("researcher", ended_at=row.created_at)
    edit_project(actor=in_alpha.actor(), project=row, lead=in_alpha.user("researcher"), title="B")
    assert Project.objects.get(pk=row.pk).title == "B"


def test_shares_add_up_to_the_whole_at_most(in_alpha):
    actor, one, other = in_alpha.actor(), make_organization(), make_organization()
    parts = [{"organization": one, "share": Decimal(60)}, {"organization": other, "share": Decimal(40)}]
    row = create_project(actor=actor, title="A", participants=parts)
    for shares in ((Decimal("60.01"), Decimal(40)), (Decimal("-0.01"), Decimal(1)), (Decimal("100.01"), None)):
        wanted = [{**part, "share": share} for part, share in zip(parts, shares, strict=True)]
        with nothing_changes(), pytest.raises(InvalidInput) as refused:
            edit_project(actor=actor, project=row, participants=wanted)
        assert refused.value.field == "participants"
    edit_project(actor=actor, project=row, participants=[{"organization": one}, {"organization": other}])
    assert sorted(row.participants.values_list("share", flat=True)) == [40, 60]
    edit_project(actor=actor, project=row, participants=[{**parts[0], "share": None}])
    assert [each.share for each in row.participants.all()] == [None]


def test_an_objective_is_about_a_project_in_which_its_partner_takes_part(in_alpha):
    partnership, actor = make_partnership(), in_alpha.actor()
    mine, foreign = make_project(partnership), make_project(make_partnership())
    row = make_objective(partnership)
    with nothing_changes():
        for write in (
            lambda: add_objective(actor=actor, partnership=partnership, side="ours", title="A", project=foreign),
            lambda: edit_objective(actor=actor, objective=row, project=foreign),
        ):
            with pytest.raises(InvalidInput) as refused:
                write()
            assert (refused.value.code, refused.value.field) == ("other_project", "project")
    edit_objective(actor=actor, objective=row, project=mine)
    row.refresh_from_db()
    assert row.project == mine


def test_a_deal_says_who_wants_nothing_and_who_gets_nothing(in_alpha):
    partnership, actor = make_partnership(), in_alpha.actor("viewer")
    project = make_project(partnership)
    assert not deal_of(actor, project, today=TODAY).mismatch
    make_objective(partnership, project=project, side="ours")
    make_objective(partnership, project=project, side="theirs", status="dropped")
    make_objective(partnership, side="theirs")
    make_project_benefit(project, side="shared")
    deal = deal_of(actor, project, today=TODAY)
    assert (deal.mismatch.objectives, deal.mismatch.benefits) == ("theirs", "")
    assert {side: len(rows) for side, rows in deal.wanted.items()} == {"ours": 1, "theirs": 1}
    assert {side: len(rows) for side, rows in deal.gotten.items()} == {"ours": 1, "theirs": 1}
