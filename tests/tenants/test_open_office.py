"""How a new installation begins."""

import re

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from tenants.models import Membership, Tenant

ARGUMENTS = ("springfield", "Springfield College", "--admin", "dean@springfield.example", "--url", "http://localhost")


def test_the_first_administrator_joins_by_the_printed_link(db, capsys):
    call_command("open_office", *ARGUMENTS, "--time-zone", "Europe/Oslo")
    link = re.search(r"http://localhost(/t/springfield/join/\S+)", capsys.readouterr().out)[1]
    answer = Client().post(link, {"name": "Dean Springfield", "password": "correct-horse-battery"})
    assert (answer.status_code, answer.url) == (302, "/t/springfield/")
    membership = Membership.objects.get(tenant__slug="springfield")
    assert (membership.role, membership.user.email) == ("administrator", "dean@springfield.example")


@pytest.mark.parametrize(
    "wrong", [["--time-zone", "Mars/Olympus"], ["--currency", "XYZ1"]], ids=["time zone", "currency"]
)
def test_what_is_wrong_is_named_and_nothing_is_opened(db, wrong):
    with pytest.raises(CommandError, match=wrong[1]):
        call_command("open_office", *ARGUMENTS, *wrong)
    assert not Tenant.objects.filter(slug="springfield").exists()
    assert mail.outbox == []
