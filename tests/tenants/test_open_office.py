"""How a new installation begins."""

import re

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from tenants.actions.jobs import run_due_jobs
from tenants.models import Membership, Tenant

ARGUMENTS = ("springfield", "Springfield College", "--admin", "dean@springfield.example")


def test_the_first_administrator_joins_by_the_printed_link(db, capsys):
    call_command("open_office", *ARGUMENTS, "--time-zone", "Europe/Oslo")
    printed = re.search(re.escape(settings.SITE_ADDRESS) + r"(/t/springfield/join/\S+)", capsys.readouterr().out)
    run_due_jobs(Tenant.objects.get(slug="springfield").pk)
    (message,) = mail.outbox
    assert printed[0] in message.body.split()
    answer = Client().post(printed[1], {"name": "Dean Springfield", "password": "correct-horse-battery"})
    assert (answer.status_code, answer.url) == (302, "/t/springfield/")
    membership = Membership.objects.get(tenant__slug="springfield")
    assert (membership.role, membership.user.email) == ("administrator", "dean@springfield.example")


def test_without_a_mail_server_the_link_is_printed_all_the_same(db, capsys, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    call_command("open_office", *ARGUMENTS)
    said = capsys.readouterr()
    assert "hand the link over yourself" in said.err
    link = re.search(r"/t/springfield/join/\S+", said.out)[0]
    assert Client().get(link).status_code == 200


@pytest.mark.parametrize(
    "wrong", [["--time-zone", "Mars/Olympus"], ["--currency", "XYZ1"]], ids=["time zone", "currency"]
)
def test_what_is_wrong_is_named_and_nothing_is_opened(db, wrong):
    with pytest.raises(CommandError, match=wrong[1]):
        call_command("open_office", *ARGUMENTS, *wrong)
    assert not Tenant.objects.filter(slug="springfield").exists()
    assert mail.outbox == []
