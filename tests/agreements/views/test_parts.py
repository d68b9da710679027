"""Parties, money and signatories on pages: replaced as a whole, refused as a whole, and two who edit at once."""

from decimal import Decimal

from organizations.models import Organization
from tests.api_kit import nothing_changes
from tests.factories.agreements import make_agreement, make_executed
from tests.factories.organizations import make_organization


def page_of(office, row, part: str) -> str:
    return f"{office.prefix}/agreements/{row.pk}/{part}/"


def rows(prefix: str, *given: dict, initial: int = 0) -> dict:
    """A formset as a browser sends it."""
    sent = {f"{prefix}-TOTAL_FORMS": len(given), f"{prefix}-INITIAL_FORMS": initial}
    for number, each in enumerate(given):
        sent |= {f"{prefix}-{number}-{name}": value for name, value in each.items()}
    return sent


def test_the_money_schedule_adds_up_to_the_value_or_is_refused(in_alpha, client_of):
    row, member = make_agreement(value=Decimal(100)), client_of(in_alpha, "officer")
    page = page_of(in_alpha, row, "money")
    lines = [
        {"amount": "60", "due_on": "2026-06-01", "kind": "installment", "direction": "in"},
        {"amount": "50", "due_on": "", "kind": "fee", "direction": "in", "note": "Once"},
    ]
    with nothing_changes():
        wrong = member.post(page, {"version": 1, "value": "100", **rows("lines", *lines)})
        lost = member.post(page, {"version": 1, "value": "100", **rows("lines", {"note": "No amount"})})
    assert "The schedule exceeds the value by 10" in wrong.content.decode()
    assert "Give the amount, or empty the row." in lost.content.decode()
    answer = member.post(page, {"version": 1, "value": "110", **rows("lines", *lines)})
    assert answer["Location"].endswith("?tab=money")
    row.refresh_from_db()
    assert (row.value, row.money.count()) == (Decimal(110), 2)


def test_two_who_change_the_schedule_are_asked_whose_lines_stay(in_alpha, client_of):
    row, ana, ben = make_agreement(), client_of(in_alpha), client_of(in_alpha, "officer")
    page = page_of(in_alpha, row, "money")
    line = {"kind": "installment", "direction": "in", "due_on": ""}
    hers = {"version": 1, "value": "", **rows("lines", {**line, "amount": "70"})}
    his = {"version": 1, "value": "", **rows("lines", {**line, "amount": "90"})}
    assert ana.post(page, hers).status_code == 302
    with nothing_changes():
        answer = ben.post(page, his)
    assert (answer.status_code, 'name="keep_lines"' in answer.content.decode()) == (409, True)
    again = {**his, "version": 2, "value": "", "keep_lines": "yours"}
    assert ben.post(page, again).status_code == 302
    assert [each.amount for each in row.money.all()] == [Decimal(90)]


def test_parties_are_set_with_the_institution_and_one_main_counterparty(in_alpha, client_of):
    row, member = make_agreement(), client_of(in_alpha, "officer")
    own = Organization.objects.create(name="Alpha University", kind="university", is_own=True)
    second, page = make_organization(name="Second"), page_of(in_alpha, row, "parties")
    first = row.parties.get().organization
    assert "The institution itself takes part as" in member.get(page).content.decode()
    both = [{"organization": each.pk, "role": "sponsor", "is_primary": "on"} for each in (first, second)]
    with nothing_changes():
        answer = member.post(page, {"version": 1, "ours": "", **rows("parties", *both, initial=1)})
    assert "is the main counterparty already" in answer.content.decode()
    given = [both[0], {"organization": second.pk, "role": "funder"}]
    sent = {"version": 1, "ours": "university", **rows("parties", *given, initial=1)}
    assert member.post(page, sent).status_code == 302
    found = {(each.organization_id, each.role, each.is_primary) for each in row.parties.all()}
    assert found == {(first.pk, "sponsor", True), (second.pk, "funder", False), (own.pk, "university", False)}


def test_signatories_are_named_and_signed(in_alpha, client_of):
    row, member = make_agreement(), client_of(in_alpha, "officer")
    page, party = page_of(in_alpha, row, "signatories"), row.parties.get()
    with nothing_changes():
        answer = member.post(page, {"version": 1, **rows("signatories", {"name": "Lena Brandt", "party": ""})})
    assert "Choose for whom they sign." in answer.content.decode()
    signer = {"name": "Lena Brandt", "party": party.pk, "job_title": "CEO", "signed_on": "2026-01-05"}
    assert member.post(page, {"version": 1, **rows("signatories", signer)}).status_code == 302
    text = member.get(f"{in_alpha.prefix}/agreements/{row.pk}/?tab=money").content.decode()
    assert "Lena Brandt" in text
    assert "5 Jan 2026" in text


def test_nothing_of_an_executed_agreement_is_replaced(in_alpha, client_of):
    row, member = make_executed(), client_of(in_alpha)
    with nothing_changes():
        answer = member.post(page_of(in_alpha, row, "money"), {"version": 1, "value": "5", **rows("lines")})
    assert (answer.status_code, "Draft an amendment" in answer.content.decode()) == (422, True)
    assert client_of(in_alpha, "viewer").get(page_of(in_alpha, row, "money")).status_code == 403
