"""Inviting, changing and ending memberships: who stays, who goes, and that an office is never left without a head."""

import threading

import pytest
from django.core import mail
from django.db import connection

from core.errors import ActionRefused, InvalidInput, PermissionRefused
from core.secrets import digest_of, looks_genuine
from core.tenancy.scope import tenant_scope, tenant_transaction
from tenants.actions.members import change_member_role, end_membership, invite_member, revoke_invitation
from tenants.choices import Role
from tenants.models import Change, Invitation, Membership
from tests.api_kit import nothing_changes
from tests.cast import Office

OTHERS = [role for role in Role.values if role != Role.ADMINISTRATOR]


def link_for(secret: str) -> str:
    return f"https://causeway.example/t/alpha/join/{secret}/"


def invite(office: Office, email: str = "new@alpha.example", role: str = Role.OFFICER) -> tuple[Invitation, str]:
    return invite_member(actor=office.actor(Role.ADMINISTRATOR), email=email, role=role, link_for=link_for)


# Inviting


def test_an_invitation_goes_out_with_its_link_and_is_kept_as_a_digest(in_alpha, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        invitation, secret = invite(in_alpha, " New@Alpha.Example ")
    assert (invitation.email, invitation.role) == ("new@alpha.example", Role.OFFICER)
    assert looks_genuine(secret)
    assert invitation.digest == digest_of(secret)
    (message,) = mail.outbox
    assert message.to == ["new@alpha.example"]
    assert link_for(secret) in message.body
    assert "Alpha University" in message.subject + message.body
    assert secret not in str(Invitation.objects.values().get(pk=invitation.pk))
    assert secret not in str(list(Change.objects.values()))


def test_no_message_leaves_when_the_invitation_does_not_stay(committed, alpha):
    with pytest.raises(ZeroDivisionError), tenant_transaction(alpha.id):
        invite(alpha)
        raise ZeroDivisionError
    assert mail.outbox == []


def test_a_second_invitation_withdraws_the_first(in_alpha):
    first, _secret = invite(in_alpha)
    second, _secret = invite(in_alpha, role=Role.VIEWER)
    first.refresh_from_db()
    assert first.revoked_at is not None
    assert second.revoked_at is None


def test_a_member_is_not_invited_again_whatever_the_letters(in_alpha):
    with nothing_changes(), pytest.raises(ActionRefused) as refused:
        invite(in_alpha, "OFFICER@alpha.example")
    assert (refused.value.code, refused.value.field) == ("already_member", "email")


def test_the_other_offices_member_may_be_invited(in_alpha):
    invitation, _secret = invite(in_alpha, "officer@beta.example")
    assert invitation.pk


def test_a_role_that_is_none_is_refused(in_alpha):
    with nothing_changes(), pytest.raises(ValueError, match="king"):
        invite(in_alpha, role="king")


def test_an_accepted_invitation_is_not_withdrawn(in_alpha):
    from django.utils import timezone

    invitation, _secret = invite(in_alpha)
    Invitation.objects.update(accepted_at=timezone.now())
    with pytest.raises(ActionRefused) as refused:
        revoke_invitation(actor=in_alpha.actor(Role.ADMINISTRATOR), invitation=invitation)
    assert refused.value.code == "already_accepted"


# Changing and ending


@pytest.mark.parametrize("role", OTHERS)
def test_only_administrators_decide_about_members(in_alpha, role):
    actor, membership = in_alpha.actor(role), in_alpha.memberships[Role.VIEWER]
    with nothing_changes():
        for attempt in (
            lambda: change_member_role(actor=actor, membership=membership, role=Role.ADMINISTRATOR),
            lambda: end_membership(actor=actor, membership=membership),
            lambda: invite_member(actor=actor, email="x@y.example", role=Role.VIEWER, link_for=link_for),
        ):
            with pytest.raises(PermissionRefused):
                attempt()


def test_nobody_raises_themselves(in_alpha):
    actor = in_alpha.actor(Role.MANAGER)
    with nothing_changes(), pytest.raises(PermissionRefused):
        change_member_role(actor=actor, membership=in_alpha.memberships[Role.MANAGER], role=Role.ADMINISTRATOR)


def test_a_role_changes_and_a_membership_ends(in_alpha):
    actor, membership = in_alpha.actor(Role.ADMINISTRATOR), in_alpha.memberships[Role.VIEWER]
    assert change_member_role(actor=actor, membership=membership, role=Role.OFFICER).role == Role.OFFICER
    assert Membership.objects.get(pk=membership.pk).role == Role.OFFICER
    end_membership(actor=actor, membership=membership)
    assert Membership.objects.get(pk=membership.pk).ended_at is not None


@pytest.mark.parametrize("role", OTHERS)
def test_the_last_administrator_keeps_the_role_and_the_membership(in_alpha, role):
    actor, last = in_alpha.actor(Role.ADMINISTRATOR), in_alpha.memberships[Role.ADMINISTRATOR]
    with nothing_changes():
        for attempt in (
            lambda: change_member_role(actor=actor, membership=last, role=role),
            lambda: end_membership(actor=actor, membership=last),
        ):
            with pytest.raises(ActionRefused) as refused:
                attempt()
            assert refused.value.code == "last_administrator"


def test_with_a_second_administrator_the_first_may_go(in_alpha):
    actor = in_alpha.actor(Role.ADMINISTRATOR)
    change_member_role(actor=actor, membership=in_alpha.memberships[Role.MANAGER], role=Role.ADMINISTRATOR)
    end_membership(actor=actor, membership=in_alpha.memberships[Role.ADMINISTRATOR])
    left = Membership.objects.filter(tenant_id=in_alpha.id, role=Role.ADMINISTRATOR, ended_at=None)
    assert [each.pk for each in left] == [in_alpha.memberships[Role.MANAGER].pk]


def test_an_administrator_who_left_does_not_count(in_alpha):
    actor = in_alpha.actor(Role.ADMINISTRATOR)
    change_member_role(actor=actor, membership=in_alpha.memberships[Role.MANAGER], role=Role.ADMINISTRATOR)
    end_membership(actor=actor, membership=in_alpha.memberships[Role.MANAGER])
    with pytest.raises(ActionRefused):
        end_membership(actor=actor, membership=in_alpha.memberships[Role.ADMINISTRATOR])


def test_the_other_offices_membership_is_nobodys_here(in_alpha, beta):
    actor = in_alpha.actor(Role.ADMINISTRATOR)
    foreign = beta.memberships[Role.VIEWER]
    with nothing_changes():
        for attempt in (
            lambda: change_member_role(actor=actor, membership=foreign, role=Role.OFFICER),
            lambda: change_member_role(actor=actor, membership=foreign, role=Role.ADMINISTRATOR),
            lambda: end_membership(actor=actor, membership=foreign),
        ):
            with pytest.raises(InvalidInput):
                attempt()


@pytest.mark.parametrize("verb", ["change", "end"])
def test_two_administrators_who_remove_each_other_leave_one(committed, alpha, verb):
    """Both at the same moment: the second sees that it would be the last and is refused."""
    alpha.change(Role.MANAGER, role=Role.ADMINISTRATOR)
    pair = [alpha.memberships[Role.ADMINISTRATOR], alpha.memberships[Role.MANAGER]]
    barrier, outcomes = threading.Barrier(2), []

    def remove(victim: Membership) -> None:
        try:
            with tenant_scope(alpha.id):
                barrier.wait(10)
                with tenant_transaction(alpha.id):
                    actor = alpha.actor(Role.ADMINISTRATOR)
                    if verb == "end":
                        end_membership(actor=actor, membership=victim)
                    else:
                        change_member_role(actor=actor, membership=victim, role=Role.VIEWER)
            outcomes.append("done")
        except ActionRefused as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    for _round in range(5):
        for each in (Role.ADMINISTRATOR, Role.MANAGER):
            alpha.change(each, role=Role.ADMINISTRATOR, ended_at=None)
        outcomes.clear()
        threads = [threading.Thread(target=remove, args=[victim]) for victim in pair]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["done", "last_administrator"]
        left = Membership.objects.filter(tenant_id=alpha.id, role=Role.ADMINISTRATOR, ended_at=None)
        assert left.count() == 1


def test_a_change_of_role_is_in_the_history(in_alpha):
    membership = in_alpha.memberships[Role.OFFICER]
    change_member_role(actor=in_alpha.actor(Role.ADMINISTRATOR), membership=membership, role=Role.MANAGER)
    change = Change.objects.get(table_name="tenants_membership")
    assert (change.row_id, change.before, change.after) == (membership.pk, {"role": "officer"}, {"role": "manager"})
    assert (change.action, change.user_id) == ("tenants.change_member_role", in_alpha.user(Role.ADMINISTRATOR).pk)


def test_somebody_who_left_stays_as_they_left(in_alpha):
    membership = in_alpha.memberships[Role.OFFICER]
    end_membership(actor=in_alpha.actor(Role.ADMINISTRATOR), membership=membership)
    with nothing_changes():
        for attempt in (
            lambda: end_membership(actor=in_alpha.actor(Role.ADMINISTRATOR), membership=membership),
            lambda: change_member_role(
                actor=in_alpha.actor(Role.ADMINISTRATOR), membership=membership, role=Role.MANAGER
            ),
        ):
            with pytest.raises(ActionRefused):
                attempt()
