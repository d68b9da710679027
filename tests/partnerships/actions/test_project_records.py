"""People, outputs and benefits of projects: what is refused, and that it can be taken back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core.errors import ActionRefused, InvalidInput
from organizations.models import Affiliation
from partnerships.actions.project_records import (
    add_project_benefit,
    add_project_output,
    add_project_person,
    delete_project_benefit,
    delete_project_output,
    delete_project_person,
    edit_project_benefit,
    edit_project_output,
    edit_project_person,
)
from partnerships.models import ProjectBenefit, ProjectOutput, ProjectPerson
from partnerships.queries.project_records import contacts_in, embedded
from tenants.actions.history import undo_changes
from tenants.models import User
from tests.api_kit import nothing_changes
from tests.factories.organizations import make_contact, make_organization
from tests.factories.partnerships import make_partnership, make_project
from tests.factories.projects import (
    make_joint_project,
    make_project_benefit,
    make_project_output,
    make_project_person,
)
from tests.partnerships.actions.test_undo import by

TODAY = timezone.localdate()


def test_somebody_in_a_project_is_one_of_three(in_alpha):
    partnership, actor = make_partnership(), in_alpha.actor()
    project = make_project(partnership)
    inside, outside = make_contact(partnership.organization), make_contact(make_organization())
    stranger, member = User.objects.get(email="stranger@example.org"), in_alpha.user("researcher")
    with nothing_changes():
        for given, field in (
            ({}, "member"),
            ({"name": "  "}, "member"),
            ({"member": member, "name": "Somebody"}, "member"),
            ({"member": member, "contact": inside}, "member"),
            ({"member": stranger}, "member"),
            ({"contact": outside}, "contact"),
            ({"name": "A", "days_per_month": Decimal("31.5")}, "days_per_month"),
            ({"name": "A", "started_on": TODAY, "ended_on": TODAY - timedelta(days=1)}, "ended_on"),
            ({"name": "A", "started_on": date(1, 1, 1)}, "started_on"),
        ):
            with pytest.raises(InvalidInput) as refused:
                add_project_person(actor=actor, project=project, role="student", **given)
            assert refused.value.field == field, given
    rows = [
        add_project_person(actor=actor, project=project, role="student", **given)
        for given in ({"name": " Rosa  Iversen"}, {"member": member}, {"contact": inside})
    ]
    assert [str(row) for row in rows] == ["Rosa Iversen", member.name, inside.name]
    assert list(contacts_in(actor, project)) == [inside]


def test_people_who_have_left_the_partner_can_still_be_named(in_alpha):
    partnership = make_partnership()
    contact = make_contact(partnership.organization)
    Affiliation.objects.update(ended_on=TODAY - timedelta(days=9))
    row = add_project_person(
        actor=in_alpha.actor(), project=make_project(partnership), role="researcher", contact=contact
    )
    assert row.contact == contact


def test_a_part_in_a_project_stays_with_its_person(in_alpha):
    named, colleague = make_project_person(), make_project_person(name="", member=in_alpha.user("officer"))
    actor, other = in_alpha.actor(), make_project()
    with nothing_changes():
        for row, given, field in (
            (named, {"member": in_alpha.user()}, "member"),
            (named, {"name": "  "}, "name"),
            (colleague, {"member": in_alpha.user()}, "member"),
            (colleague, {"name": "Somebody"}, "name"),
            (named, {"project": other}, "project"),
        ):
            with pytest.raises(ActionRefused) as refused:
                edit_project_person(actor=actor, project_person=row, **given)
            assert refused.value.field == field
    edit_project_person(actor=actor, project_person=named, name="Rosa B. Iversen", member=None, ended_on=TODAY)
    edit_project_person(actor=actor, project_person=colleague, name="", role="supervisor")
    named.refresh_from_db()
    assert (str(named), named.ended_on) == ("Rosa B. Iversen", TODAY)


def test_embedded_are_those_who_are_with_the_other_side_now(in_alpha):
    project, day = make_joint_project(), timedelta(days=1)
    there = make_project_person(project, role="embedded")
    begun = make_project_person(project, role="embedded", started_on=TODAY, ended_on=TODAY + day)
    make_project_person(project, role="embedded", started_on=TODAY + day)
    make_project_person(project, role="embedded", ended_on=TODAY)
    make_project_person(project, role="student")
    assert set(ProjectPerson.objects.filter(embedded(TODAY))) == {there, begun}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://doi.org/10.1000/ABC.1", "10.1000/abc.1"),
        ("doi:10.5555/12345678", "10.5555/12345678"),
        (" 10.1000/182 ", "10.1000/182"),
        ("", ""),
    ],
)
def test_a_doi_has_one_form(in_alpha, given, kept):
    row = add_project_output(
        actor=in_alpha.actor(), project=make_project(), kind="publication", title="A paper", doi=given
    )
    assert row.doi == kept


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": " "}, "title"),
        ({"doi": "11.1000/182"}, "doi"),
        ({"doi": "somewhere"}, "doi"),
        ({"produced_on": TODAY + timedelta(days=1)}, "produced_on"),
        ({"produced_on": date(1, 1, 1)}, "produced_on"),
        ({"people": 0}, "people"),
    ],
)
def test_an_output_that_cannot_be_is_refused(in_alpha, given, field):
    row, actor = make_project_output(), in_alpha.actor()
    with nothing_changes():
        for write in (
            lambda: add_project_output(actor=actor, project=row.project, kind="dataset", **{"title": "A", **given}),
            lambda: edit_project_output(actor=actor, project_output=row, **given),
        ):
            with pytest.raises(InvalidInput) as refused:
                write()
            assert refused.value.field == field


def test_one_publication_stands_once_in_a_project_and_may_stand_in_another(in_alpha):
    actor, row = in_alpha.actor(), make_project_output(doi="10.1000/182")
    other = make_project_output(row.project)
    with nothing_changes():
        for write in (
            lambda: add_project_output(
                actor=actor, project=row.project, kind="publication", title="B", doi="DOI:10.1000/182"
            ),
            lambda: edit_project_output(actor=actor, project_output=other, doi="10.1000/182"),
        ):
            with pytest.raises(ActionRefused) as refused:
                write()
            assert (refused.value.code, refused.value.field) == ("doi_already", "doi")
    add_project_output(actor=actor, project=make_project(), kind="publication", title="B", doi="10.1000/182")


def test_a_benefit_that_cannot_be_is_refused(in_alpha):
    partnership, actor = make_partnership(), in_alpha.actor()
    project = make_project(partnership)
    row = make_project_benefit(project, kind="revenue", share=Decimal(70))
    second = make_project_benefit(project, kind="revenue", side="theirs", share=Decimal(30))
    outside = make_organization()
    with nothing_changes():
        for given, field in (
            ({"description": ""}, "description"),
            ({"share": Decimal("100.01")}, "share"),
            ({"kind": "revenue", "share": Decimal("0.01")}, "share"),
            ({"side": "theirs", "organization": outside}, "organization"),
            ({"side": "ours", "organization": partnership.organization}, "organization"),
        ):
            with pytest.raises(InvalidInput) as refused:
                wanted = {"side": "theirs", "kind": "data", "description": "A", **given}
                add_project_benefit(actor=actor, project=project, **wanted)
            assert refused.value.field == field, given
        with pytest.raises(InvalidInput):
            edit_project_benefit(actor=actor, project_benefit=second, share=Decimal("30.01"))
        with pytest.raises(InvalidInput):
            edit_project_benefit(actor=actor, project_benefit=row, organization=partnership.organization)
    edit_project_benefit(actor=actor, project_benefit=second, share=Decimal(29), organization=partnership.organization)
    second.refresh_from_db()
    assert (second.share, second.organization) == (29, partnership.organization)


def test_what_is_deleted_comes_back(in_alpha):
    for number, (make, delete, subject, model) in enumerate(
        (
            (make_project_person, delete_project_person, "project_person", ProjectPerson),
            (make_project_output, delete_project_output, "project_output", ProjectOutput),
            (make_project_benefit, delete_project_benefit, "project_benefit", ProjectBenefit),
        )
    ):
        row = make()
        delete(actor=by(in_alpha, request=f"set-gone-{number}"), **{subject: row})
        assert not model.objects.filter(pk=row.pk).exists()
        undo_changes(actor=by(in_alpha, request=f"set-back-{number}"), request_id=f"set-gone-{number}")
        assert str(model.objects.get(pk=row.pk)) == str(row)
