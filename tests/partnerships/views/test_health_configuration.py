"""The pages of the settings of health: reading, changing after a preview, restoring; and whether health predicts."""

import pytest

from core.tenancy.scope import tenant_transaction
from partnerships.actions.health_configuration import publish_configuration
from partnerships.forms.health_configuration import HealthSettingsForm
from partnerships.models import HealthConfiguration
from partnerships.queries.health_configuration import health_config
from partnerships.rules.health import DEFAULT_CONFIG, settings_of
from tenants.choices import Role
from tenants.models import Export
from tests.factories.partnerships import make_partnership

PAGE, CHANGE = "/health-settings/", "/health-settings/change/"


def sent(step: str, *, seen: int = 1, base: int = 1, note: str = "", config=DEFAULT_CONFIG, **entered) -> dict:
    """What the form sends with the settings of a version, some of them entered anew."""
    form = HealthSettingsForm(base=config)
    values = {name: form[name].value() for name in form.units}
    values = {name: "" if value is None else value for name, value in values.items()}
    return {**values, "step": step, "seen": seen, "base": base, "note": note, **entered}


def test_everybody_on_staff_reads_and_only_some_may_change(alpha, client_of):
    officer = client_of(alpha, Role.OFFICER)
    text = officer.get(alpha.prefix + PAGE).content.decode()
    assert [words for words in ("Version 1", "16 %", "90 days") if words not in text] == []
    assert CHANGE not in text
    assert officer.get(alpha.prefix + CHANGE).status_code == 403
    assert officer.post(alpha.prefix + CHANGE, sent("publish", note="Why", day_cap="3")).status_code == 403
    assert client_of(alpha, Role.VIEWER).get(alpha.prefix + PAGE).status_code == 403
    with tenant_transaction(alpha.id):
        assert not HealthConfiguration.objects.exists()


def test_each_number_says_in_what_it_is_entered(alpha, client_of):
    form = client_of(alpha, "manager").get(alpha.prefix + CHANGE).context["form"]
    labels = [
        form.fields[path].label for path in ("weights.recency", "half_lives.ties", "caps.single_thread", "day_cap")
    ]
    assert labels == [
        "Recency (%)",
        "Ties between people (days)",
        "One tie only: at most (points)",
        "One day of contact counts at most",
    ]


def test_a_preview_shows_who_moves_and_publishes_nothing(alpha, client_of):
    with tenant_transaction(alpha.id):
        make_partnership()
    answer = client_of(alpha).post(alpha.prefix + CHANGE, sent("preview", **{"half_lives.recency": "45"}))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert [words for words in ("90 days", "45 days", 'name="half_lives.recency"') if words not in text] == []
    with tenant_transaction(alpha.id):
        assert not HealthConfiguration.objects.exists()


def test_publishing_needs_a_reason_and_keeps_what_was_typed(alpha, client_of):
    manager, typed = client_of(alpha), {"bands.healthy": "75"}
    refused = manager.post(alpha.prefix + CHANGE, sent("publish", **typed))
    assert refused.status_code == 422
    assert [words for words in ('value="75"', "Say why") if words not in refused.content.decode()] == []
    done = manager.post(alpha.prefix + CHANGE, sent("publish", note="Stricter.", **typed))
    assert (done.status_code, done.url) == (302, alpha.prefix + PAGE)
    with tenant_transaction(alpha.id):
        assert health_config().bands.healthy == 75
    page = manager.get(alpha.prefix + "/health-settings/2/").content.decode()
    assert [words for words in ("Stricter.", "70 points", "75 points") if words not in page] == []


@pytest.mark.parametrize(
    ("entered", "words"),
    [
        ({"weights.recency": "20"}, "The weights sum to 104 %"),
        ({"half_lives.ties": ""}, "Enter a number."),
        ({"bands.watch": "80"}, "below healthy"),
        ({"caps.silence.1.limit": ""}, "Enter both days and points, or neither."),
        ({}, "These are the settings in force."),
    ],
)
def test_what_cannot_be_is_named_at_its_field(alpha, client_of, entered, words):
    answer = client_of(alpha).post(alpha.prefix + CHANGE, sent("preview", **entered))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_going_back_from_the_preview_keeps_what_was_typed(alpha, client_of):
    answer = client_of(alpha).post(alpha.prefix + CHANGE, sent("edit", note="Why", day_cap="3.5"))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert [words for words in ('value="3.5"', 'value="Why"') if words not in text] == []
    assert "There is a problem" not in text


def test_who_was_overtaken_is_told_and_may_publish_then(alpha, client_of):
    with tenant_transaction(alpha.id):
        settings = {**settings_of(DEFAULT_CONFIG), "day_cap": 4.0}
        publish_configuration(actor=alpha.actor(Role.ADMINISTRATOR), settings=settings, note="First.", seen=1)
    manager = client_of(alpha)
    stale = manager.post(alpha.prefix + CHANGE, sent("publish", note="Second.", day_cap="3"))
    assert stale.status_code == 409
    text = stale.content.decode()
    assert [words for words in ('name="seen" value="2"', "/health-settings/2/") if words not in text] == []
    assert manager.post(alpha.prefix + CHANGE, sent("publish", seen=2, note="Second.", day_cap="3")).status_code == 302
    with tenant_transaction(alpha.id):
        assert (health_config().version, health_config().day_cap) == (3, 3.0)


def test_an_older_version_comes_back_as_a_filled_form(alpha, client_of):
    with tenant_transaction(alpha.id):
        settings = {**settings_of(DEFAULT_CONFIG), "day_cap": 4.0}
        publish_configuration(actor=alpha.actor(), settings=settings, note="First.", seen=1)
    manager = client_of(alpha)
    text = manager.get(alpha.prefix + CHANGE + "?from=1").content.decode()
    assert [words for words in ('name="base" value="1"', 'name="seen" value="2"') if words not in text] == []
    assert manager.get(alpha.prefix + CHANGE + "?from=9").status_code == 404
    assert manager.post(alpha.prefix + CHANGE, sent("publish", seen=2, note="Back.")).status_code == 302
    with tenant_transaction(alpha.id):
        assert (health_config().version, health_config().day_cap) == (3, 2.0)


def test_the_validation_is_for_managers_and_says_what_it_lacks(alpha, client_of):
    for role in (Role.OFFICER, Role.VIEWER):
        assert client_of(alpha, role).get(f"{alpha.prefix}/health-validation/").status_code == 403
        assert client_of(alpha, role).post(f"{alpha.prefix}/health-validation/cases/").status_code == 403
    assert "No cases yet." in client_of(alpha).get(f"{alpha.prefix}/health-validation/").content.decode()
    with tenant_transaction(alpha.id):
        assert not Export.objects.exists()


def test_taking_the_cases_out_is_on_record(alpha, client_of):
    answer = client_of(alpha).post(f"{alpha.prefix}/health-validation/cases/")
    assert b"".join(answer.streaming_content).decode("utf-8-sig").startswith("Partner,Agreement,Kind,Ended")
    with tenant_transaction(alpha.id):
        assert Export.objects.get().list_code == "health-validation"
