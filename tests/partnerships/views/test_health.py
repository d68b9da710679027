"""The page that explains a score: numbers, records, day, advice, what-if, objections and the file."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from core.tenancy.scope import tenant_scope
from partnerships.actions.health import recompute_health
from partnerships.models import FollowUp, HealthObjection, HealthSnapshot, Interaction, Partnership
from partnerships.queries.health import read_health_inputs
from partnerships.queries.health_configuration import health_config
from partnerships.queries.health_explanation import explain_health
from partnerships.queries.health_records import scope_of
from partnerships.registry import evidence_readers
from partnerships.rules.health import score_health
from tenants.models import Export
from tests.api_kit import counted, nothing_changes
from tests.factories.organizations import make_contact, make_organization
from tests.factories.partnerships import (
    make_evaluation,
    make_interaction,
    make_ledger_entry,
    make_partner_event,
    make_partnership,
    make_project,
)

HTMX = {"HX-Request": "true"}


def address(office, row, tail: str = "") -> str:
    return f"{office.prefix}/partners/{row.pk}/health/{tail}"


def fill(office, row, times: int = 1) -> None:
    member = office.user("officer")
    for number in range(times):
        contact = make_contact(row.organization, decides=number == 0, name=f"Person {number}")
        make_interaction(row, days_ago=number % 200 + 1, contacts=(contact,), members=(member,))
        make_project(row, title=f"Project {number}")
        make_ledger_entry(row)
        make_evaluation(row, contact=contact)
        make_partner_event(row)


def partner(office, **fields) -> Partnership:
    started = timezone.localdate() - timedelta(days=700)
    return make_partnership(
        **{"started_on": started, "stage_declared": "support", "owner": office.user("officer"), **fields}
    )


def computed(office, row) -> Partnership:
    recompute_health(actor=office.actor("manager"), partnership_ids=[row.pk])
    return Partnership.objects.select_related("health__snapshot", "organization").get(pk=row.pk)


def explained(office, row, role: str = "manager", as_of=None):
    today = timezone.localdate()
    row = Partnership.objects.select_related("health", "organization").get(pk=row.pk)
    return explain_health(office.actor(role), row, as_of=as_of or today, today=today, time_zone=office.tenant.time_zone)


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_the_page_shows_the_score_of_the_lists_and_its_parts_add_up(in_alpha, client_of):
    row = partner(in_alpha)
    fill(in_alpha, row, 3)
    row = computed(in_alpha, row)
    answer = client_of(in_alpha, "manager").get(address(in_alpha, row))
    assert answer.status_code == 200
    found = answer.context["explanation"]
    assert found.score.score == pytest.approx(row.health.score, abs=1e-9)
    assert sum(line.got for line in found.table.lines) == found.table.raw
    assert str(found.table.score) in text_of(answer)
    assert "What would help" in text_of(answer)


@pytest.mark.parametrize("role", ["administrator", "viewer"])
def test_the_page_costs_the_same_for_any_number_of_records(in_alpha, client_of, role):
    member, costs = client_of(in_alpha, role), []
    for times in (1, 300):
        row = partner(in_alpha)
        fill(in_alpha, row, times)
        computed(in_alpha, row)
        member.get(address(in_alpha, row))
        with counted() as statements:
            assert member.get(address(in_alpha, row)).status_code == 200
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 24


@pytest.mark.parametrize("dimension", ["recency", "breadth", "depth", "reciprocity", "satisfaction"])
def test_records_open_alone_and_cost_little(in_alpha, client_of, dimension):
    member, costs = client_of(in_alpha, "administrator"), []
    for times in (1, 20):
        row = partner(in_alpha)
        fill(in_alpha, row, times)
        page = address(in_alpha, row, f"?dimension={dimension}")
        member.get(page, headers=HTMX)
        with counted() as statements:
            answer = member.get(page, headers=HTMX)
        costs.append(len(statements))
        assert "<h1" not in answer.content.decode()
        assert "evidence-table" in answer.content.decode()
    assert costs[0] == costs[1] <= 10
    whole = member.get(page)
    assert f'id="part-{dimension}"' in text_of(whole)
    assert "evidence-table" in text_of(whole)


@pytest.mark.urls("config.urls_tenant")
def test_what_the_records_add_is_what_the_formula_was_fed(in_alpha):
    row = partner(in_alpha)
    fill(in_alpha, row, 5)
    make_interaction(row, days_ago=1, kind="site_visit")  # a day counts two at most
    make_interaction(row, days_ago=1, kind="meeting")
    found = explained(in_alpha, row)

    def sums(code):
        totals: dict[str, float] = {}
        for line in evidence_readers()[code](in_alpha.actor("manager"), row, found.as_of, found.config):
            totals[line.group] = totals.get(line.group, 0) + line.contribution
        return list(totals.values())

    inputs = found.inputs
    assert sums("recency") == [pytest.approx(inputs.recency.decayed_mass)]
    assert sum(sums("breadth")) == pytest.approx(sum(mass for _channel, mass in inputs.breadth.channel_masses))
    assert sums("depth") == [
        pytest.approx(sum(each.mass for each in inputs.depth.external)),
        pytest.approx(sum(inputs.depth.internal)),
    ]
    assert sum(sums("reciprocity")) == pytest.approx(
        inputs.reciprocity.inbound + inputs.reciprocity.outbound + inputs.reciprocity.gives + inputs.reciprocity.gets
    )
    assert sums("satisfaction") == [pytest.approx(inputs.satisfaction.weight)]


# Confidentiality


@pytest.mark.parametrize("dimension", ["recency", "reciprocity"])
def test_what_one_may_not_read_adds_up_without_its_content(in_alpha, client_of, dimension):
    row = partner(in_alpha)
    secret = make_contact(row.organization, name="Secretive Sam")
    hidden = make_interaction(row, days_ago=10, contacts=(secret,), confidentiality="confidential", kind="site_visit")
    top = make_interaction(row, days_ago=20, contacts=(secret,), confidentiality="restricted")
    page = address(in_alpha, row, f"?dimension={dimension}")
    pages = {
        role: client_of(in_alpha, role).get(page, headers=HTMX).content.decode()
        for role in ("viewer", "officer", "manager", "administrator")
    }
    assert "Secretive Sam" in pages["administrator"]
    assert f"/interactions/{top.pk}/" in pages["administrator"]
    assert f"/interactions/{hidden.pk}/" in pages["manager"]
    assert f"/interactions/{top.pk}/" not in pages["manager"]
    assert pages["manager"].count("A contact you may not read") == 1
    assert pages["officer"].count("A contact you may not read") == 1  # that it is there, not the restricted one
    assert "Contacts you may not see, together" in pages["officer"]
    assert "A contact you may not read" not in pages["viewer"]
    assert "Contacts you may not see, together" in pages["viewer"]
    for role in ("viewer", "officer"):
        assert "Secretive Sam" not in pages[role]
        assert "Site visit" not in pages[role]
        assert f"/interactions/{hidden.pk}/" not in pages[role]


def test_a_viewer_sees_no_names_anywhere_on_the_pages(in_alpha, client_of):
    row = partner(in_alpha)
    fill(in_alpha, row, 2)
    computed(in_alpha, row)
    viewer = client_of(in_alpha, "viewer")
    for tail in ("", "?dimension=depth", "?dimension=satisfaction", "what-if/", "formula/"):
        text = text_of(viewer.get(address(in_alpha, row, tail)))
        assert "Person 0" not in text
        assert in_alpha.user("officer").name not in text.replace(in_alpha.user("viewer").name, "")


# The day


def test_a_past_day_is_computed_from_what_is_known_now(in_alpha, client_of):
    row = partner(in_alpha)
    fill(in_alpha, row, 3)
    make_interaction(row, days_ago=150)
    computed(in_alpha, row)
    day = timezone.localdate() - timedelta(days=100)
    answer = client_of(in_alpha, "manager").get(address(in_alpha, row, f"?as_of={day.isoformat()}"))
    found = answer.context["explanation"]
    config = health_config()
    expected = read_health_inputs(scope_of(row, day, config))[row.pk]
    assert found.score.score == pytest.approx(score_health(expected, config).score, abs=1e-9)
    assert found.inputs.recency.decayed_mass == pytest.approx(expected.recency.decayed_mass, abs=1e-9)
    assert "Computed from what is known now" in text_of(answer)
    assert "Plan it" not in text_of(answer)


@pytest.mark.parametrize(("days", "words"), [(2, "That day is still to come"), (-702, "The partnership began on")])
def test_a_day_that_cannot_be_is_refused_in_words_and_kept(in_alpha, client_of, days, words):
    row = partner(in_alpha)
    day = (timezone.localdate() + timedelta(days=days)).isoformat()
    answer = client_of(in_alpha, "manager").get(address(in_alpha, row, f"?as_of={day}"))
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert f'value="{day}"' in text_of(answer)
    assert client_of(in_alpha, "manager").get(address(in_alpha, row, "?as_of=soon")).status_code == 422


# In words


def snapshot(row, days_ago: int, **changes) -> None:
    latest = HealthSnapshot.objects.filter(partnership=row).order_by("-pk").first()
    values = {
        field.attname: getattr(latest, field.attname)
        for field in HealthSnapshot._meta.concrete_fields
        if field.attname not in ("id", "tenant_id")
    }
    day = timezone.localdate() - timedelta(days=days_ago)
    at = timezone.now() - timedelta(days=days_ago)
    HealthSnapshot.objects.create(**{**values, "as_of": day, "computed_at": at, **changes})


def test_a_fall_is_told_with_its_parts(in_alpha, client_of):
    row = partner(in_alpha)
    fill(in_alpha, row, 3)
    make_interaction(row, days_ago=60)
    row = computed(in_alpha, row)
    stored = row.health.snapshot
    dimensions = {code: dict(each) for code, each in stored.dimensions.items()}
    dimensions["recency"]["points"] += 7
    snapshot(row, 7, score=stored.score + 7, raw=stored.raw + 7, dimensions=dimensions)
    text = text_of(client_of(in_alpha, "manager").get(address(in_alpha, row)))
    assert "Fell 7.0 points since" in text
    assert "7.0 from less recent contact." in text


def test_no_change_and_a_first_score_have_their_own_words(in_alpha, client_of):
    row = partner(in_alpha)
    fill(in_alpha, row, 3)
    row = computed(in_alpha, row)
    manager = client_of(in_alpha, "manager")
    assert "Most is lost through: " in text_of(manager.get(address(in_alpha, row)))
    snapshot(row, 7)
    assert "Unchanged since" in text_of(manager.get(address(in_alpha, row)))
    snapshot(row, 3, config_version=9)  # another version: nothing to compare with
    assert "Unchanged since" in text_of(manager.get(address(in_alpha, row)))


def test_where_too_little_is_known_no_number_stands_but_what_to_collect(in_alpha, client_of):
    row = make_partnership(started_on=timezone.localdate() - timedelta(days=5))
    answer = client_of(in_alpha, "manager").get(address(in_alpha, row))
    text = text_of(answer)
    assert "Too little is recorded to judge" in text
    assert "Log the contacts there were" in text
    assert "Where the points went" not in text
    assert "What would help" not in text or "What would help most to know" in text
    assert answer.context["help"] == []


def test_a_cap_names_the_fact_and_its_cure(in_alpha, client_of):
    row = partner(in_alpha)
    alone = make_contact(row.organization, decides=True, name="Only One")
    for days in (3, 20, 40):
        make_interaction(row, days_ago=days, contacts=(alone,), members=(in_alpha.user("officer"),))
    make_project(row)
    row = computed(in_alpha, row)
    text = text_of(client_of(in_alpha, "manager").get(address(in_alpha, row)))
    assert "Only one person on their side is in touch: the score is 64.0 at most." in text
    assert "What lifts it: 1 meeting, with 1 further person." in text


# What would help


def test_advice_becomes_a_follow_up_in_one_step(in_alpha, client_of):
    row = partner(in_alpha)
    fill(in_alpha, row, 2)
    row = computed(in_alpha, row)
    manager = client_of(in_alpha, "manager")
    first = manager.get(address(in_alpha, row)).context["help"][0]
    form = manager.get(first["plan"])
    assert form.context["form"].initial["title"] == first["words"]
    due = timezone.localdate() + timedelta(days=7)
    data = {"title": first["words"], "partnership": row.pk, "due_on": due.isoformat()}
    assert manager.post(first["plan"], data).status_code == 302
    followup = FollowUp.objects.get()
    assert (followup.title, followup.partnership_id, followup.due_on) == (first["words"], row.pk, due)
    assert "Plan it" not in text_of(client_of(in_alpha, "viewer").get(address(in_alpha, row)))


# What if


def test_what_if_says_what_really_logging_brings(in_alpha, client_of):
    row = partner(in_alpha)
    fill(in_alpha, row, 2)
    person = make_contact(row.organization, decides=True, name="Dora Decides")
    row = computed(in_alpha, row)
    day = timezone.localdate() - timedelta(days=2)
    query = f"what-if/?kind=meeting&direction=O&who={person.pk}&when={day.isoformat()}"
    with nothing_changes():
        answer = client_of(in_alpha, "manager").get(address(in_alpha, row, query))
    result = answer.context["result"]
    assert result.before.score == pytest.approx(row.health.score, abs=1e-9)
    make_interaction(row, days_ago=2, kind="meeting", direction="O", contacts=(person,), members=(row.owner,))
    after = computed(in_alpha, row).health.score
    assert result.after.score == pytest.approx(after, abs=1e-9)
    assert result.after.score != result.before.score
    assert str(result.then.score) in text_of(answer)
    assert 'action="#result"' in text_of(answer)  # on a phone the answer stands below the form
    assert 'id="result"' in text_of(answer)


def test_what_if_names_the_field_at_fault_and_keeps_what_was_sent(in_alpha, client_of):
    row = partner(in_alpha)
    manager = client_of(in_alpha, "manager")
    soon = (timezone.localdate() + timedelta(days=3)).isoformat()
    answer = manager.get(address(in_alpha, row, f"what-if/?kind=call&when={soon}"))
    assert answer.status_code == 422
    assert "when" in answer.context["form"].errors
    assert f'value="{soon}"' in text_of(answer)
    assert manager.get(address(in_alpha, row, "what-if/?kind=telepathy")).status_code == 422
    assert manager.get(address(in_alpha, row, "what-if/?who=999999999&kind=call")).status_code == 422
    assert "Choose at least one record" in text_of(manager.get(address(in_alpha, row, "what-if/?kind=")))


@pytest.mark.parametrize(
    ("query", "dimension"),
    [("channel=LIC&size=major", "breadth"), ("ledger=get", "reciprocity"), ("rating=5", "satisfaction")],
)
def test_other_records_can_be_imagined(in_alpha, client_of, query, dimension):
    row = partner(in_alpha)
    fill(in_alpha, row, 2)
    result = client_of(in_alpha, "manager").get(address(in_alpha, row, f"what-if/?{query}")).context["result"]
    assert result.before.dimension(dimension).result != result.after.dimension(dimension).result


# I disagree


def test_an_objection_is_written_answered_and_changes_no_score(in_alpha, client_of):
    row = partner(in_alpha)
    fill(in_alpha, row, 2)
    row = computed(in_alpha, row)
    officer, manager = client_of(in_alpha, "officer"), client_of(in_alpha, "manager")
    assert officer.post(address(in_alpha, row, "object/"), {"text": "  "}).status_code == 422
    officer.post(address(in_alpha, row, "object/"), {"text": "They moved to another tool.\nWe talk daily."})
    objection = HealthObjection.objects.get()
    assert (objection.score, objection.band, objection.snapshot_id) == (
        row.health.score, row.health.band, row.health.snapshot_id,
    )  # fmt: skip
    assert "We talk daily." in text_of(officer.get(address(in_alpha, row)))
    with nothing_changes():
        same = {"text": "They moved to another tool.\r\nWe talk daily. "}
        again = officer.post(address(in_alpha, row, "object/"), same)
    assert (again.status_code, "You have said this already" in text_of(again)) == (422, True)
    page = f"{in_alpha.prefix}/health-objections/{objection.pk}/answer/"
    with nothing_changes():
        assert officer.post(page, {"answer": "No", "version": 1}).status_code == 403
    assert manager.post(page, {"answer": "", "version": 1}).status_code == 422
    assert manager.post(page, {"answer": "We log it now.", "version": 1}).status_code == 302
    objection.refresh_from_db()
    assert (objection.answer, objection.answered_by) == ("We log it now.", in_alpha.user("manager"))
    with nothing_changes():
        assert manager.post(page, {"answer": "Again", "version": 2}).status_code == 422
    assert computed(in_alpha, row).health.score == pytest.approx(row.health.score, abs=1e-9)


@pytest.mark.parametrize("role", ["viewer", "researcher"])
def test_who_may_not_object_writes_nothing(in_alpha, client_of, role):
    row = partner(in_alpha)
    with nothing_changes():
        assert client_of(in_alpha, role).post(address(in_alpha, row, "object/"), {"text": "No"}).status_code == 403


def test_another_offices_partner_is_absent(alpha, beta, client_of):
    with tenant_scope(beta.id):
        row = make_partnership()
    for tail in ("", "what-if/", "formula/", "object/"):
        assert client_of(alpha, "manager").get(address(alpha, row, tail)).status_code == 404


# The file and the formula


def test_the_file_has_dimensions_and_records_and_runs_no_formula(in_alpha, client_of):
    row = partner(in_alpha, organization=make_organization(name="=cmd()"))
    fill(in_alpha, row, 2)
    make_project(row, title="=HYPERLINK(1)")
    computed(in_alpha, row)
    answer = client_of(in_alpha, "manager").post(address(in_alpha, row, "file/"))
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))
    assert rows[0][:4] == ["Dimension", "Record", "Part", "Day"]
    assert any(line[:2] == ["Breadth", "'=HYPERLINK(1)"] for line in rows)
    assert not any(cell.startswith("=") for line in rows for cell in line)
    score = next(line for line in rows if line and line[0] == "Score")
    got = [float(line[6]) for line in rows[1:] if len(line) > 6 and line[6] and line[0] not in ("Score", "Caps")]
    caps = next(line for line in rows if line and line[0] == "Caps")
    assert round(sum(got) + float(caps[6]), 1) == float(score[6])
    assert Export.objects.get().list_code == "health"
    with nothing_changes():
        assert client_of(in_alpha, "viewer").post(address(in_alpha, row, "file/")).status_code == 403


def test_the_formula_shows_every_step(in_alpha, client_of):
    row = partner(in_alpha)
    fill(in_alpha, row, 2)
    text = text_of(client_of(in_alpha, "viewer").get(address(in_alpha, row, "formula/")))
    assert "1 − 4^(−" in text
    assert "min(1, " in text
    assert "data-print" in text


# The trend


def test_the_trend_speaks_of_one_version_and_marks_the_change(in_alpha, client_of):
    row = partner(in_alpha)
    fill(in_alpha, row, 3)
    row = computed(in_alpha, row)
    for weeks in range(1, 9):
        snapshot(row, 7 * weeks, score=row.health.score + 2 * weeks)
    trend = client_of(in_alpha, "manager").get(address(in_alpha, row)).context["trend"]
    assert (trend["direction"], trend["slope"]) == ("declining", pytest.approx(-8.6))
    assert len(trend["rows"]) == 9
    assert "Merger or acquisition" in trend["chart"]
    snapshot(row, 80, config_version=0, score=99)
    trend = client_of(in_alpha, "manager").get(address(in_alpha, row)).context["trend"]
    assert trend["slope"] == pytest.approx(-8.6)
    assert "v1" in trend["chart"]
    wide = client_of(in_alpha, "manager").get(address(in_alpha, row, "?weeks=52")).context["trend"]
    assert [each["number"] for each in wide["weeks"] if each["current"]] == [52]
    assert Interaction.objects.exists()


# The group


def test_a_group_is_brought_together_by_the_rule_in_the_address(in_alpha, client_of):
    parent = make_organization(name="Whole")
    mother = partner(in_alpha, organization=parent, stage_declared="strategic")
    daughter = partner(in_alpha, organization=make_organization(name="Daughter", parent=parent))
    unknown = make_partnership(make_organization(name="Unknown", parent=parent))
    for row in (mother, daughter):
        fill(in_alpha, row, 3)
    for row in (mother, daughter, unknown):
        row = computed(in_alpha, row)
    scores = {row.pk: computed(in_alpha, row).health for row in (mother, daughter)}
    manager = client_of(in_alpha, "manager")
    worst = manager.get(address(in_alpha, mother, "?roll_up=worst")).context["group"]["health"]
    assert worst.rolled.score == pytest.approx(min(each.score for each in scores.values()))
    assert [each.name for each in worst.left_out] == ["Unknown"]
    default = manager.get(address(in_alpha, daughter)).context["group"]["health"]
    weights = {mother.pk: 5 * scores[mother.pk].confidence, daughter.pk: 3 * scores[daughter.pk].confidence}
    wanted = sum(weights[pk] * scores[pk].score for pk in weights) / sum(weights.values())
    assert default.rolled.score == pytest.approx(wanted)
    page = text_of(manager.get(f"{in_alpha.prefix}/organizations/{parent.pk}/"))
    assert "Health of the group" in page
    assert "1 partner without enough data is not counted: Unknown." in page
