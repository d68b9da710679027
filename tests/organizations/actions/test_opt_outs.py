"""An opt-out sticks: to the address, through changes of it, for whoever comes with it; lifted only with a reason."""

import hypothesis.strategies as st
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from core.errors import ActionRefused, InvalidInput, PermissionRefused
from core.tenancy.scope import tenant_scope
from organizations.actions.contacts import create_contact, edit_contact, lift_opt_out, record_opt_out
from organizations.models import Contact, OptOut
from tenants.choices import Role
from tenants.models import Change
from tests.api_kit import nothing_changes
from tests.factories.organizations import make_contact


def refused(attempt, error=ActionRefused) -> ActionRefused:
    with nothing_changes(), pytest.raises(error) as caught:
        attempt()
    return caught.value


def opted_out(row: Contact) -> bool:
    return Contact.objects.get(pk=row.pk).opted_out_at is not None


def test_it_holds_for_everybody_with_the_address(in_alpha):
    actor = in_alpha.actor(Role.RESEARCHER)
    row, same, other = (make_contact(email=email) for email in ("Ada@x.example", "ada@X.example", "bob@x.example"))
    record_opt_out(actor=actor, contact=row)
    assert [opted_out(each) for each in (row, same, other)] == [True, True, False]
    later = create_contact(actor=actor, name="Ada again", email="ADA@x.example")
    assert opted_out(later)
    edit_contact(actor=in_alpha.actor(), contact=other, email="ada@x.example")
    assert opted_out(other)
    record_opt_out(actor=actor, contact=row)
    assert OptOut.objects.count() == 1


def test_it_goes_along_with_a_change_of_address(in_alpha):
    actor = in_alpha.actor()
    row = make_contact(email="old@x.example")
    record_opt_out(actor=actor, contact=row)
    edit_contact(actor=actor, contact=row, email="new@x.example")
    assert opted_out(row)
    assert set(OptOut.objects.values_list("email_key", flat=True)) == {"old@x.example", "new@x.example"}
    edit_contact(actor=actor, contact=row, email="")
    assert opted_out(row), "an emptied address is no consent"


def test_without_an_address_there_is_nothing_to_keep(in_alpha):
    row = make_contact(email="")
    problem = refused(lambda: record_opt_out(actor=in_alpha.actor(), contact=row))
    assert (problem.code, problem.field) == ("no_address", "email")


def test_only_an_administrator_lifts_it_and_says_why(in_alpha):
    row, same = make_contact(email="ada@x.example"), make_contact(email="Ada@x.example")
    record_opt_out(actor=in_alpha.actor(), contact=row)
    manager, administrator = in_alpha.actor(Role.MANAGER), in_alpha.actor(Role.ADMINISTRATOR)
    refused(lambda: lift_opt_out(actor=manager, contact=row, reason="She asked"), PermissionRefused)
    for reason in ("", "  "):
        attempt = lambda reason=reason: lift_opt_out(actor=administrator, contact=row, reason=reason)  # noqa: E731
        assert refused(attempt, InvalidInput).field == "reason"
    lift_opt_out(actor=administrator, contact=row, reason="She asked on 3 May")
    assert not opted_out(row)
    assert not opted_out(same)
    assert OptOut.objects.count() == 0
    changes = Change.objects.filter(action="organizations.lift_opt_out")
    assert set(changes.values_list("reason", flat=True)) == {"She asked on 3 May"}
    again = refused(lambda: lift_opt_out(actor=administrator, contact=row, reason="Again"))
    assert again.code == "not_opted_out"


ADDRESSES = ("a@x.example", "A@X.example", "b@x.example", "c@x.example", "")
steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, 4)),
        st.tuples(st.just("move"), st.integers(0, 3), st.integers(0, 4)),
        st.tuples(st.just("opt out"), st.integers(0, 3)),
    ),
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_no_sequence_of_changes_loses_an_objection(alpha, steps):
    """Whoever has objected stays out, and nobody has an address of the opt-outs without being out."""
    with tenant_scope(alpha.id), transaction.atomic():
        actor, objected = alpha.actor(), set()
        rows = [make_contact(email=ADDRESSES[number]) for number in (0, 2, 3, 4)]
        for kind, *numbers in steps:
            if kind == "add":
                rows.append(create_contact(actor=actor, name="New", email=ADDRESSES[numbers[0]]))
                continue
            row = Contact.objects.get(pk=rows[numbers[0]].pk)
            if kind == "move":
                edit_contact(actor=actor, contact=row, email=ADDRESSES[numbers[1]])
            elif row.email:
                record_opt_out(actor=actor, contact=row)
            else:
                with pytest.raises(ActionRefused):
                    record_opt_out(actor=actor, contact=row)
            known = set(OptOut.objects.values_list("email_key", flat=True))
            for each in Contact.objects.all():
                assert (each.opted_out_at is not None) or each.email_key not in known
            out = set(Contact.objects.exclude(opted_out_at=None).values_list("pk", flat=True))
            assert objected <= out
            objected = out
        transaction.set_rollback(True)
