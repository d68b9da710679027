"""Inviting, changing and ending memberships: who stays, who goes, and that an office is never left without a head."""

import threading

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.utils import timezone

from core.actor import Actor
from core.errors import ActionRefused, InvalidInput, PermissionRefused
from core.jobs import MAIL_ATTEMPTS
from core.secrets import digest_of, looks_genuine
from core.tenancy.scope import tenant_scope, tenant_transaction
from tenants.actions.invitation_mails import MAIL, give_up_invitation, mail_invitation
from tenants.actions.jobs import run_due_jobs
from tenants.actions.members import change_member_role, end_membership, invite_member, revoke_invitation
from tenants.choices import Role
from tenants.models import Change, Invitation, Job, Membership
from tests.api_kit import nothing_changes
from tests.cast import Office

OTHERS = [role for role in Role.values if role != Role.ADMINISTRATOR]


def invite(office: Office, email: str = "new@alpha.example", role: str = Role.OFFICER) -> Invitation:
    return invite_member(actor=office.actor(Role.ADMINISTRATOR), email=email, role=role)


# Inviting


def link_of(message) -> tuple[str, str]:
    """The link of an invitation's mail, and its secret."""
    link = next(word for word in message.body.split() if "/join/" in word)
    return link, link.rstrip("/").rpartition("/")[2]


def test_an_invitation_goes_out_with_its_link_and_is_kept_as_a_digest(in_alpha):
    invitation = invite(in_alpha, " New@Alpha.Example ")
    assert (invitation.email, invitation.role, invitation.digest) == ("new@alpha.example", Role.OFFICER, "")
    assert mail.outbox == []
    for sent in (True, False):
        assert mail_invitation(actor=Actor.system(in_alpha.id), invitation_id=invitation.pk) is sent
    (message,) = mail.outbox
    link, secret = link_of(message)
    assert message.to == ["new@alpha.example"]
    assert link == f"{settings.SITE_ADDRESS}/t/alpha/join/{secret}/"
    assert looks_genuine(secret)
    assert Invitation.objects.get(pk=invitation.pk).digest == digest_of(secret)
    assert "Alpha Administrator invites you to Alpha University" in message.subject
    assert "Alpha University" in message.body
    assert secret not in str(list(Invitation.objects.values()))
    assert secret not in str(list(Change.objects.values()))


def test_the_mail_of_an_invitation_is_a_job_that_stays_or_goes_with_it(committed, alpha):
    with pytest.raises(ZeroDivisionError), tenant_transaction(alpha.id):
        invite(alpha)
        raise ZeroDivisionError
    run_due_jobs(alpha.id)
    assert mail.outbox == []
    with tenant_transaction(alpha.id):
        invite(alpha)
    run_due_jobs(alpha.id)
    assert [message.to for message in mail.outbox] == [["new@alpha.example"]]


@pytest.mark.parametrize("state", ["revoked", "expired", "replaced"])
def test_no_mail_of_an_invitation_that_is_good_no_more(in_alpha, state):
    invitation = invite(in_alpha)
    if state == "revoked":
        revoke_invitation(actor=in_alpha.actor(Role.ADMINISTRATOR), invitation=invitation)
    elif state == "expired":
        Invitation.objects.update(expires_at=timezone.now())
    else:
        invite(in_alpha, role=Role.VIEWER)
    with nothing_changes():
        assert not mail_invitation(actor=Actor.system(in_alpha.id), invitation_id=invitation.pk)
    assert mail.outbox == []


def test_an_invitation_whose_mail_cannot_be_delivered_says_so_and_is_sent_again(committed, alpha, settings, client_of):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    administrator = client_of(alpha, Role.ADMINISTRATOR)
    given = {"email": "new@alpha.example", "role": "viewer"}
    assert administrator.post(f"{alpha.prefix}/members/invite/", given).status_code == 302
    assert "on its way" in administrator.get(f"{alpha.prefix}/members/").content.decode()
    for attempt in range(MAIL_ATTEMPTS):
        with tenant_transaction(alpha.id):
            assert Invitation.objects.get().undelivered_at is None, attempt
            Job.objects.filter(name=MAIL).update(due_at=timezone.now())
        run_due_jobs(alpha.id)
    with tenant_transaction(alpha.id):
        given_up = Invitation.objects.get()
        assert (given_up.undelivered_at is None, given_up.digest) == (False, "")
        assert not mail_invitation(actor=Actor.system(alpha.id), invitation_id=given_up.pk)
    text = administrator.get(f"{alpha.prefix}/members/").content.decode()
    assert "mail could not be delivered" in text
    assert 'name="email" value="new@alpha.example"' in text
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert administrator.post(f"{alpha.prefix}/members/invite/", given).status_code == 302
    run_due_jobs(alpha.id)
    assert [message.to for message in mail.outbox] == [["new@alpha.example"]]
    text = administrator.get(f"{alpha.prefix}/members/").content.decode()
    assert "mail could not be delivered" not in text
    assert "good until" in text


def test_giving_up_says_nothing_of_an_invitation_that_was_sent_or_withdrawn(in_alpha):
    sent, withdrawn = invite(in_alpha), invite(in_alpha, "other@alpha.example")
    mail_invitation(actor=Actor.system(in_alpha.id), invitation_id=sent.pk)
    revoke_invitation(actor=in_alpha.actor(Role.ADMINISTRATOR), invitation=withdrawn)
    with nothing_changes():
        for pk in (sent.pk, withdrawn.pk, 999_999):
            give_up_invitation(actor=Actor.system(in_alpha.id), invitation_id=pk)


def test_a_second_invitation_withdraws_the_first(in_alpha):
    first = invite(in_alpha)
    second = invite(in_alpha, role=Role.VIEWER)
    first.refresh_from_db()
    assert first.revoked_at is not None
    assert second.revoked_at is None


def test_a_member_is_not_invited_again_whatever_the_letters(in_alpha):
    with nothing_changes(), pytest.raises(ActionRefused) as refused:
        invite(in_alpha, "OFFICER@alpha.example")
    assert (refused.value.code, refused.value.field) == ("already_member", "email")


def test_the_other_offices_member_may_be_invited(in_alpha):
    invitation = invite(in_alpha, "officer@beta.example")
    assert invitation.pk


def test_a_role_that_is_none_is_refused(in_alpha):
    with nothing_changes(), pytest.raises(ValueError, match="king"):
        invite(in_alpha, role="king")


def test_an_accepted_invitation_is_not_withdrawn(in_alpha):
    invitation = invite(in_alpha)
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
            lambda: invite_member(actor=actor, email="x@y.example", role=Role.VIEWER),
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
