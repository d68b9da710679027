"""Whatever is edited, undoing it backwards leaves the rows as they were."""

from dataclasses import replace
from itertools import count

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organizations.actions.contacts import create_contact, edit_contact
from organizations.actions.organizations import create_organization, edit_organization
from organizations.models import Affiliation, Contact, Organization, OrganizationAlias
from tenants.actions.history import undo_changes
from tests.factories.organizations import make_contact, make_organization

numbers = count(1)
words = st.text("abc é\n", min_size=1, max_size=5).filter(str.strip)
steps = st.one_of(
    st.tuples(st.just("city"), words),
    st.tuples(st.just("sme"), st.sampled_from([True, False, None])),
    st.tuples(st.just("aliases"), st.lists(words, max_size=3)),
    st.tuples(st.just("positions"), st.lists(st.sampled_from([0, 1]), unique=True)),
    st.tuples(st.just("new organization"), words),
    st.tuples(st.just("new person"), words),
)


def rows() -> list[list[dict]]:
    left_out = {"version", "updated_at"}
    return [
        [
            {name: value for name, value in row.items() if name not in left_out}
            for row in model.objects.order_by("pk").values()
        ]
        for model in (Organization, OrganizationAlias, Contact, Affiliation)
    ]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=st.lists(steps, max_size=6))
def test_edits_undone_backwards_leave_everything_as_it_was(in_alpha, plan):
    with transaction.atomic():
        organizations = [make_organization(), make_organization()]
        contact = make_contact(organizations[0])
        before, done = rows(), []
        for kind, value in plan:
            actor = replace(in_alpha.actor(), request_id=f"property-{next(numbers):06}")
            done.append(actor.request_id)
            if kind == "positions":
                wanted = [{"organization": organizations[number]} for number in value]
                edit_contact(actor=actor, contact=contact, affiliations=wanted)
            elif kind == "new organization":
                create_organization(actor=actor, name=value, aliases=["Short"])
            elif kind == "new person":
                create_contact(actor=actor, name=value, affiliations=[{"organization": organizations[1]}])
            else:
                edit_organization(actor=actor, organization=organizations[0], **{kind: value})
        changed = {each for each in done if _recorded(each)}
        for request_id in [each for each in reversed(done) if each in changed]:
            actor = replace(in_alpha.actor(), request_id=f"property-{next(numbers):06}")
            undo_changes(actor=actor, request_id=request_id)
        assert rows() == before
        transaction.set_rollback(True)


def _recorded(request_id: str) -> bool:
    from tenants.models import Change

    return Change.objects.filter(request_id=request_id).exists()
