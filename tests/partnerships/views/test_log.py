"""The log form: what the note proposes is shown first, then saved; nothing is silent and nothing is lost."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from core.tenancy.scope import tenant_scope
from partnerships.models import FollowUp, Interaction, InteractionAttachment
from tenants.models import StoredFile
from tests.api_kit import counted, nothing_changes
from tests.factories.organizations import make_contact, make_organization
from tests.factories.partnerships import make_interaction, make_partnership

NOTE = "Lena wants 2 PhDs. next: send template Tue @brandt"
AUTHENTICATION = 2


@pytest.fixture
def partner(alpha):
    with tenant_scope(alpha.id):
        organization = make_organization(name="Siemens Energy")
        make_contact(organization, name="Lena Brandt")
        make_contact(organization, name="Jörg Weiß")
        return make_partnership(organization)


@pytest.fixture
def member(alpha, client_of) -> Client:
    return client_of(alpha, "manager")


def shown_values(page: str) -> dict[str, list[str]]:
    """What a browser would send of the form's inputs, as far as these tests need it."""
    values: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        kind = attributes.get("type", "text")
        if kind in ("checkbox", "radio") and " checked" not in tag:
            continue
        if "name" in attributes and kind != "file":
            values.setdefault(attributes["name"], []).append(
                attributes.get("value", "on" if kind == "checkbox" else "")
            )
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.findall(r'<option value="([^"]*)" selected>', body)
        values.setdefault(name, []).extend(chosen)
    return {name: given for name, given in values.items() if given}


def log(member, alpha, **data):
    return member.post(f"{alpha.prefix}/log/", data)


def fields(member, alpha, **data) -> str:
    answer = member.post(f"{alpha.prefix}/log/fields/", data, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_plain_words_are_saved_at_once(alpha, member, partner):
    answer = log(member, alpha, partnership=partner.pk, kind="call", note="Talked about money.")
    assert answer.status_code == 302
    with tenant_scope(alpha.id):
        row = Interaction.objects.get(note="Talked about money.")
        assert (row.kind, row.direction, row.confidentiality) == ("call", "O", "internal")
        assert [each.member_id for each in row.participants.all()] == [alpha.user("manager").pk]


def test_what_the_note_proposes_is_shown_before_anything_is_saved(alpha, member, partner):
    with nothing_changes():
        answer = log(member, alpha, partnership=partner.pk, kind="meeting", note=NOTE)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Not saved yet." in page
    assert 'value="send template – Lena Brandt"' in page
    assert NOTE in page


def test_the_second_press_saves_what_was_shown(alpha, member, partner):
    page = log(member, alpha, partnership=partner.pk, kind="meeting", note=NOTE).content.decode()
    form = page[page.index('<form class="form form-plain log-form"') :]
    sent = {**shown_values(form), "note": NOTE, "partnership": partner.pk}
    answer = member.post(f"{alpha.prefix}/log/", sent)
    assert answer.status_code == 302, answer.content.decode()
    with tenant_scope(alpha.id):
        row = Interaction.objects.get(note=NOTE)
        assert {each.contact.name for each in row.participants.all() if each.contact} == {"Lena Brandt"}
        task = FollowUp.objects.get(interaction=row)
        assert (task.title, task.assignee) == ("send template – Lena Brandt", alpha.user("manager"))
        assert task.due_on.weekday() == 1
        assert 1 <= (task.due_on - timezone.localdate()).days <= 8


def test_a_follow_up_that_was_corrected_or_dropped_is_saved_so(alpha, member, partner):
    note = "next: one Tue\nnext: two"
    sent = shown_values(fields(member, alpha, partnership=partner.pk, note=note))
    officer = alpha.user("officer").pk
    sent |= {"task-0-title": "One thing", "task-0-due_on": "2030-01-02", "task-0-assignee": officer}
    del sent["task-1-keep"]
    answer = log(member, alpha, **sent, note=note, partnership=partner.pk, kind="note")
    assert answer.status_code == 302
    with tenant_scope(alpha.id):
        task = FollowUp.objects.get()
        assert (task.title, task.due_on.isoformat(), task.assignee_id) == ("One thing", "2030-01-02", officer)


def test_a_wrong_day_of_a_follow_up_is_named_and_nothing_is_saved(alpha, member, partner):
    sent = shown_values(fields(member, alpha, partnership=partner.pk, note="next: one Tue"))
    sent |= {"task-0-due_on": "someday", "note": "next: one Tue", "partnership": partner.pk, "kind": "note"}
    with nothing_changes():
        answer = log(member, alpha, **sent)
    assert answer.status_code == 422
    assert "someday" in answer.content.decode()


def test_a_colleague_who_left_cannot_promise_anything(alpha, member, partner):
    sent = shown_values(fields(member, alpha, partnership=partner.pk, note="next: one Tue"))
    sent |= {"task-0-assignee": alpha.user("officer").pk, "note": "next: one Tue", "partnership": partner.pk}
    alpha.change("officer", ended_at=timezone.now())
    with nothing_changes():
        assert log(member, alpha, **sent, kind="note").status_code == 422


def test_what_was_unticked_stays_unticked_while_one_writes_on(alpha, member, partner):
    sent = shown_values(fields(member, alpha, partnership=partner.pk, note="Met @lena"))
    assert len(sent["contacts"]) == 1
    del sent["contacts"]
    page = fields(member, alpha, **sent, partnership=partner.pk, note="Met @lena and @jorg")
    with tenant_scope(alpha.id):
        chosen = shown_values(page)["contacts"]
        assert chosen == [
            str(pk)
            for pk in partner.organization.affiliations.filter(contact__name="Jörg Weiß").values_list(
                "contact_id", flat=True
            )
        ]


def test_another_partner_forgets_the_people_of_the_first(alpha, member, partner):
    with tenant_scope(alpha.id):
        other = make_partnership()
    sent = shown_values(fields(member, alpha, partnership=partner.pk, note="Met @lena"))
    page = fields(member, alpha, **sent, partnership=other.pk, note="Met @lena")
    assert "contacts" not in shown_values(page)
    assert "“lena” fits nobody" in page


def test_reading_the_note_costs_at_most_six_statements(alpha, member, partner):
    with tenant_scope(alpha.id):
        make_interaction(partner, days_ago=2, logged_by=alpha.user("officer"), members=(alpha.user("officer"),))
    fields(member, alpha, partnership=partner.pk, note=NOTE)
    with counted() as statements:
        fields(member, alpha, partnership=partner.pk, note=NOTE)
    assert len(statements) <= 6 + AUTHENTICATION, statements


def test_without_a_script_more_fields_keeps_what_was_typed(alpha, member, partner):
    with nothing_changes():
        answer = log(member, alpha, partnership=partner.pk, kind="call", note="Half a sente", details="1")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Half a sente" in page
    assert "Who of theirs took part?" in page


def test_saved_and_the_next_one_keeps_the_partner(alpha, member, partner):
    answer = log(member, alpha, partnership=partner.pk, kind="call", note="One.", another="1")
    assert answer["Location"] == f"{alpha.prefix}/log/?partner={partner.pk}"
    answer = member.post(
        f"{alpha.prefix}/log/",
        {"partnership": partner.pk, "kind": "call", "note": "Two.", "another": "1"},
        headers={"HX-Request": "true"},
    )
    assert "Call with Siemens Energy logged." in answer.content.decode()
    assert "Two." not in answer.content.decode()


def test_a_file_is_kept_with_the_interaction(alpha, member, partner):
    upload = SimpleUploadedFile("Minutes.pdf", b"%PDF-1.7 minutes", content_type="text/html")
    assert log(member, alpha, partnership=partner.pk, kind="call", note="See file.", files=upload).status_code == 302
    with tenant_scope(alpha.id):
        attachment = InteractionAttachment.objects.select_related("file").get()
        assert (attachment.file.name, attachment.file.media_type) == ("Minutes.pdf", "application/pdf")
        assert attachment.file.uploaded_by == alpha.user("manager")


def test_a_refused_file_saves_nothing_and_keeps_the_words(alpha, member, partner):
    upload = SimpleUploadedFile("minutes.pdf", b"<html><script>alert(1)</script>")
    with nothing_changes():
        answer = log(member, alpha, partnership=partner.pk, kind="call", note="See file.", files=upload)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Save it as PDF" in page
    assert "See file." in page
    with tenant_scope(alpha.id):
        assert not StoredFile.objects.exists()


@pytest.mark.parametrize("given", ["", "x", "0", "-1", "99999999999999999999", "٣"])
def test_a_partner_that_is_none_is_named(alpha, member, partner, given):
    with nothing_changes():
        answer = log(member, alpha, partnership=given, kind="call", note="x")
    assert answer.status_code == 422


def test_who_else_was_in_touch_is_said_without_what_was_said(alpha, member, partner):
    with tenant_scope(alpha.id):
        officer = alpha.user("officer")
        make_interaction(partner, days_ago=3, note="A secret plan", logged_by=officer, members=(officer,))
        make_interaction(
            partner, days_ago=2, note="Sealed", logged_by=officer, members=(officer,), confidentiality="restricted"
        )
    page = fields(member, alpha, partnership=partner.pk, note="")
    assert "Alpha Officer also contacted them" in page
    assert "1 hidden item" in page
    assert "secret" not in page
    assert "Sealed" not in page
