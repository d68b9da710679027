"""Attacks on the tenancy, each with both fences up and with each fence taken down in turn.

Fence one is the scoped manager, fence two the database's row policies; every attack must fail by either alone.
"""

import threading
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Manager, QuerySet

from core.tenancy.models import TenantManager
from core.tenancy.scope import NoTenantScope, tenant_scope, tenant_transaction
from organizations.models import Contact, Organization
from partnerships.models import Interaction, Partnership
from tests import databases
from tests.contracts.catalogue import tenant_tables
from tests.factories.organizations import make_contact, make_organization
from tests.factories.partnerships import make_interaction, make_partnership


@pytest.fixture
def loot(committed, alpha, beta) -> Organization:
    """What the attacker in alpha is after: beta's organization with its partnership and a secret."""
    with tenant_transaction(beta.id):
        organization = make_organization(name="Secret of beta", external_id="B-1")
        make_interaction(make_partnership(organization), note="canary-4711")
        make_contact(organization, email="secret@beta.example")
        return organization


@pytest.fixture(params=["both fences", "manager removed", "policies removed"])
def fences(request, committed, monkeypatch) -> Iterator[str]:
    if request.param == "manager removed":
        monkeypatch.setattr(TenantManager, "get_queryset", Manager.get_queryset)
    if request.param == "policies removed":
        with databases.superuser(committed) as cursor:
            for table in tenant_tables(cursor).values():
                cursor.execute(f'alter table "{table}" disable row level security')
    return request.param


def test_reading_the_other_office(fences, loot, alpha):
    with tenant_transaction(alpha.id):
        assert not Organization.objects.filter(pk=loot.pk).exists()
        assert Organization.objects.filter(name__contains="Secret").count() == 0
        assert list(Interaction.objects.filter(note__contains="canary")) == []
        assert (
            list(Partnership.objects.select_related("organization").filter(organization__name="Secret of beta")) == []
        )
        assert Contact.objects.values_list("email", flat=True).count() == 0


def test_changing_and_deleting_in_the_other_office(fences, loot, alpha, beta):
    with tenant_transaction(alpha.id):
        assert Organization.objects.filter(pk=loot.pk).update(name="Taken") == 0
        assert Interaction.objects.filter(partnership__organization=loot.pk).delete()[0] == 0
        assert Organization.objects.filter(external_id="B-1").delete()[0] == 0
    with tenant_transaction(beta.id):
        assert Organization.objects.get(pk=loot.pk).name == "Secret of beta"
        assert Interaction.objects.count() == 1


def test_pointing_into_the_other_office(fences, loot, alpha):
    """The composite reference refuses it, with the same error as for an id that is nowhere."""
    messages = []
    for target in (loot.pk, 10**12):
        with pytest.raises(IntegrityError) as refused, tenant_transaction(alpha.id):
            Partnership.objects.create(organization_id=target)
        messages.append(str(refused.value).splitlines()[0])
    assert messages[0] == messages[1]
    with pytest.raises(IntegrityError), tenant_transaction(alpha.id):
        Partnership.objects.bulk_create([Partnership(organization_id=loot.pk)])
    with tenant_transaction(alpha.id):
        assert Partnership.objects.count() == 0


def test_a_cascade_stays_at_home(fences, loot, alpha, beta):
    with tenant_transaction(alpha.id):
        mine = make_organization(name="Mine")
        make_contact(mine)
        Contact.objects.all().delete()
        Organization.objects.all().delete()
    with tenant_transaction(beta.id):
        assert (Organization.objects.count(), Contact.objects.count()) == (1, 1)


def test_writing_rows_for_the_other_office(loot, alpha, beta):
    """Only the policies can stop this one; the sweeps see to it that they are there."""
    with pytest.raises(DatabaseError), tenant_transaction(alpha.id):
        Organization.objects.bulk_create([Organization(name="Planted", tenant_id=beta.id)])
    with pytest.raises(DatabaseError), tenant_transaction(alpha.id):
        mine = make_organization()
        Organization.objects.filter(pk=mine.pk).update(tenant_id=beta.id)
    with tenant_transaction(beta.id):
        assert Organization.objects.count() == 1


def test_an_upsert_onto_the_other_offices_row(loot, alpha, beta):
    with tenant_transaction(alpha.id):
        Organization.objects.bulk_create(
            [Organization(name="Mine", external_id="B-1")],
            update_conflicts=True,
            update_fields=["name"],
            unique_fields=["tenant", "external_id"],
        )
        assert Organization.objects.get(external_id="B-1").name == "Mine"
    with tenant_transaction(beta.id):
        assert Organization.objects.get(external_id="B-1").name == "Secret of beta"


def test_raw_sql_sees_and_touches_one_office(loot, alpha, beta):
    with tenant_transaction(alpha.id), connection.cursor() as cursor:
        cursor.execute("select count(*) from organizations_organization where true or tenant_id = %s", [beta.id])
        assert cursor.fetchone() == (0,)
        cursor.execute("update organizations_organization set name = 'Taken'")
        assert cursor.rowcount == 0
        cursor.execute("delete from organizations_contact")
        assert cursor.rowcount == 0


@pytest.mark.parametrize(
    "statement",
    [
        "truncate organizations_organization",
        "alter table organizations_organization disable row level security",
        "set role causeway_owner",
        "drop policy tenant_floor on organizations_organization",
        "create table mine (id int)",
        "create function mine() returns int language sql as 'select 1'",
        "set row_security = off; select count(*) from organizations_organization",
        "update tenants_change set reason = ''",
        "delete from tenants_change",
        "update partnerships_healthsnapshot set score = 100",
    ],
)
def test_what_the_application_role_cannot_do(loot, alpha, statement):
    with pytest.raises(DatabaseError), tenant_transaction(alpha.id), connection.cursor() as cursor:
        cursor.execute(statement)


def test_no_scope_is_an_error_and_never_an_empty_answer(fences, loot):
    with pytest.raises((NoTenantScope, DatabaseError)), transaction.atomic():
        Organization.objects.count()
    if fences != "policies removed":
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select count(*) from organizations_organization")


def test_a_scope_without_a_transaction_reads_nothing(loot, beta):
    with tenant_scope(beta.id), pytest.raises(DatabaseError):
        Organization.objects.count()


def test_a_queryset_kept_from_one_office_answers_for_the_office_in_scope(fences, loot, alpha, beta):
    with tenant_transaction(beta.id):
        kept: QuerySet[Organization] = Organization.objects.all()
        assert len(kept.all()) == 1
    with tenant_transaction(alpha.id):
        assert len(kept.all()) == 0


def test_unique_rules_tell_nothing_about_the_other_office(loot, alpha):
    with tenant_transaction(alpha.id):
        assert make_organization(name="Secret of beta", external_id="B-1").pk != loot.pk


def test_a_reused_connection_forgets_the_office(loot, alpha, beta):
    """After commit, after rollback and after an error, the same connection has no tenant."""
    backend = None
    for office, fail in ((beta, False), (beta, True), (alpha, False)):
        try:
            with tenant_transaction(office.id):
                Organization.objects.count()
                if fail:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            pass
        with connection.cursor() as cursor:
            cursor.execute("select pg_backend_pid(), current_setting('app.tenant_id', true)")
            pid, left = cursor.fetchone()
        assert backend in (None, pid)
        assert not left
        backend = pid


def test_a_rollback_to_a_savepoint_keeps_the_office(loot, alpha, beta):
    with tenant_transaction(beta.id):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            make_organization()
            raise ZeroDivisionError
        assert Organization.objects.count() == 1
        with tenant_scope(alpha.id):
            assert Organization.objects.count() == 0
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                raise ZeroDivisionError
            assert Organization.objects.count() == 0
        assert Organization.objects.get().pk == loot.pk


def test_a_thread_inherits_no_office(loot, beta):
    seen: list[object] = []

    def work():
        try:
            seen.append(Organization.objects.count())
        except NoTenantScope as refused:
            seen.append(type(refused))
        finally:
            connection.close()

    with tenant_transaction(beta.id):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert seen == [NoTenantScope]


def test_threads_of_two_offices_keep_apart(loot, alpha, beta):
    counts: dict[int, set[int]] = {alpha.id: set(), beta.id: set()}

    def work(tenant_id: int):
        for _round in range(30):
            with tenant_transaction(tenant_id):
                counts[tenant_id].add(Organization.objects.count())
        connection.close()

    threads = [threading.Thread(target=work, args=[tenant_id]) for tenant_id in (alpha.id, beta.id) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == {alpha.id: {0}, beta.id: {1}}
