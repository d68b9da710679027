"""The reports on turnaround and on clauses: their figures, the agreements behind them, and the files."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from agreements.models import ClauseAnswer, RuleOverride
from agreements.queries.clause_report import clause_report
from core.tenancy.scope import tenant_scope
from tenants.models import Export
from tests.api_kit import nothing_changes
from tests.factories.agreements import make_agreement, make_event, make_executed
from tests.factories.units import make_unit

MONDAY = date(2026, 3, 2)
ZONE = ZoneInfo("Europe/Copenhagen")


def finished(days: int, **fields):
    """Executed so many calendar days after its request was complete; half of them lay with the partner."""
    row = make_executed(complete_on=MONDAY, executed_on=MONDAY + timedelta(days=days), **fields)
    at = datetime(2026, 3, 2, 9, tzinfo=ZONE)
    make_event(row, "triaged", "office", at=at)
    make_event(row, "with_partner", "partner", at=at + timedelta(days=days // 2))
    return row


def behind(text: str, words: str) -> str:
    """The address of the link whose text is ``words``."""
    return text.split(f'">{words}</a>', 1)[0].rsplit('href="', 1)[1].replace("&amp;", "&")


def test_turnaround_by_kind_with_whose_court_and_the_records(in_alpha, client_of):
    unit = make_unit(name="Engineering")
    for days in (14, 28):
        finished(days, title=f"Took {days}", unit=unit)
    make_agreement(title="Still open", complete_on=MONDAY, unit=unit)
    finished(70, kind="nda", title="An NDA")
    member, page = client_of(in_alpha, "officer"), f"{in_alpha.prefix}/turnaround/"
    text = member.get(f"{page}?kind=research&unit={unit.pk}&after=2026-03-02").content.decode()
    assert "Sponsored research agreement: Our office 7.5, Legal 0, Principal investigator 0, Partner 7.5" in text
    assert "only 2" in text
    shown = member.get(behind(text, "2")).content.decode()
    assert ("Took 14" in shown, "Took 28" in shown, "Still open" in shown, "An NDA" in shown) == (
        True,
        True,
        False,
        False,
    )
    shown = member.get(behind(text, "1")).content.decode()
    assert ("Took 14" in shown, "Still open" in shown) == (False, True)
    assert "Non-disclosure agreement</th>" not in text
    assert "No agreement with a complete request matches." in member.get(f"{page}?after=2027-01-01").content.decode()


def test_parts_of_a_filter_that_do_not_hold_are_left_out(in_alpha, client_of):
    finished(14)
    member = client_of(in_alpha)
    for query in ("kind=no_such", "after=x", "unit=999999", "unit=x", "before=31-31-31"):
        text = member.get(f"{in_alpha.prefix}/turnaround/?{query}")
        assert text.status_code == 200
        assert "Sponsored research agreement</th>" in text.content.decode().replace(
            ' <span class="badge badge-warning">only 1</span>', ""
        )


def test_figures_are_of_what_one_may_read(alpha, client_of):
    with tenant_scope(alpha.id):
        finished(14, level="confidential")
    page = f"{alpha.prefix}/turnaround/"
    assert "Sponsored research agreement: " in client_of(alpha, "manager").get(page).content.decode()
    assert "Sponsored research agreement: " not in client_of(alpha, "officer").get(page).content.decode()
    with nothing_changes():
        for address in (page, f"{alpha.prefix}/clause-report/"):
            assert client_of(alpha, "researcher").get(address).status_code == 403
        assert client_of(alpha, "viewer").post(f"{page}file/").status_code == 403


def test_each_download_is_written_down(in_alpha, client_of):
    finished(14)
    member = client_of(in_alpha, "officer")
    sent = member.post(f"{in_alpha.prefix}/turnaround/file/", {"kind": "research", "after": "2026-01-01"})
    lines = b"".join(sent.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Kind,Finished,Not finished,Median,80 % within,Mean,Our office")
    assert lines[1].startswith("Sponsored research agreement,1,0,10,10,10.0,5.0,0.0,0.0,5.0,0.0")
    clauses = member.post(f"{in_alpha.prefix}/clause-report/file/", {"standing": "in_force"})
    assert b"P02" in b"".join(clauses.streaming_content)
    kept = list(Export.objects.order_by("pk").values_list("list_code", "query", "rows"))
    assert kept[0] == ("turnaround", "kind=research&after=2026-01-01", 1)
    assert kept[1][:2] == ("clause-report", "standing=in_force")


def test_clauses_are_counted_and_lead_to_their_agreements(in_alpha, client_of):
    author = in_alpha.user("manager")
    clear, unclear, nda = make_agreement(title="Clear"), make_agreement(title="Unclear"), make_agreement(kind="nda")
    ClauseAnswer.objects.create(agreement=clear, code="foreground_owner", value="university")
    ClauseAnswer.objects.create(agreement=nda, code="foreground_owner", value="joint")  # no longer asked of its kind
    RuleOverride.objects.create(agreement=unclear, code="P02", reason="Settled by mail", overridden_by=author)
    report = clause_report(in_alpha.actor())
    owner = next(each for each in report.questions if each.question.code == "foreground_owner")
    rule = next(each for each in report.rules if each.rule.code == "P02")
    assert (report.number, report.kinds) == (3, ["nda", "research"])
    assert (owner.total, dict(owner.asked), dict(owner.answered)) == ((2, 1), {"research": 2}, {"research": 1})
    assert (rule.total, rule.fires["research"]) == ((2, 1, 1), 1)
    member, page = client_of(in_alpha), f"{in_alpha.prefix}/clause-report/"
    text = member.get(f"{page}?standing=open").content.decode()
    for address, titles in (
        ("standing=open&fires=P02", {"Unclear"}),
        ("standing=open&aside=P02", {"Unclear"}),
    ):
        assert address.replace("&", "&amp;") in text
        assert shown_titles(member, in_alpha, address) == titles
    text = member.get(f"{page}?part=questions").content.decode()
    for address, titles in (("answered=foreground_owner", {"Clear"}), ("unanswered=foreground_owner", {"Unclear"})):
        assert address in text
        assert shown_titles(member, in_alpha, address) == titles


def shown_titles(member, office, query: str) -> set[str]:
    text = member.get(f"{office.prefix}/reported-agreements/?{query}").content.decode()
    return {title for title in ("Clear", "Unclear") if f">{title}</a>" in text}


def test_a_clause_report_costs_the_same_for_any_number(in_alpha, client_of, django_assert_max_num_queries):
    for _number in range(3):
        make_agreement(kind="research")
        make_executed(kind="nda", expires_on=timezone.localdate() + timedelta(days=1))
    member = client_of(in_alpha)
    member.get(f"{in_alpha.prefix}/clause-report/")
    with django_assert_max_num_queries(20):
        assert member.get(f"{in_alpha.prefix}/clause-report/?part=questions").status_code == 200
