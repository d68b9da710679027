"""Where somebody who signed in goes."""

from django.utils import timezone

from tenants.choices import Role
from tenants.models import Tenant
from tests.contracts.urls import browser
from tests.tenants.people import change, join


def test_nobody_signs_in_first(db):
    answer = browser().get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/")


def test_the_only_office_is_entered(alpha, client_of):
    answer = client_of(alpha).get("/")
    assert (answer.status_code, answer["Location"]) == (302, f"{alpha.prefix}/")
    assert client_of(alpha).get("/?choose").status_code == 200


def test_of_several_one_is_chosen(alpha, beta, client_of):
    join(beta, alpha.user(), Role.VIEWER)
    answer = client_of(alpha).get("/")
    assert answer.status_code == 200
    assert b"/t/alpha/" in answer.content
    assert b"/t/beta/" in answer.content


def test_what_is_closed_or_ended_is_not_offered(alpha, beta, client_of):
    extra = join(beta, alpha.user(), Role.VIEWER)
    Tenant.objects.filter(pk=beta.id).update(is_active=False)
    assert client_of(alpha).get("/")["Location"] == f"{alpha.prefix}/"
    Tenant.objects.filter(pk=beta.id).update(is_active=True)
    change(extra, ended_at=timezone.now())
    assert client_of(alpha).get("/")["Location"] == f"{alpha.prefix}/"


def test_a_stranger_gets_a_clear_word(db, client_of):
    answer = client_of(None).get("/")
    assert answer.status_code == 200
    assert b"/t/" not in answer.content
