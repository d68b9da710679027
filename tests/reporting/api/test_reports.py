"""Saved reports over HTTP: kept in one form, checked, shared as views of lists are, answered anew."""

from core.tenancy.scope import tenant_scope
from reporting.models import ReportDefinition
from tenants.models import Unit, UnitMember
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, nothing_changes
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_partnership
from tests.factories.reports import make_report

QUERY = "subject=partners&rows=tier"


class TestReports(ApiContract):
    resource = Resource(
        prefix="reports",
        view="reporting.view_reports",
        create="reporting.save_report",
        edit="reporting.edit_report",
        delete="reporting.delete_report",
        make=make_report,
        payload=lambda: {"name": "Tiers", "query": f"{QUERY}&country=DK"},
        patch={"name": "Tiers of Denmark"},
        references={"unit": (lambda: Unit.objects.create(name="Law"), lambda pk: {"visibility": "team", "unit": pk})},
        duplicate=lambda row: {"name": row.name, "query": row.query},
        queries={"list": 2, "detail": 1, "create": 4, "update": 5},
    )


def test_the_query_is_kept_in_one_form(alpha):
    api = Api(alpha, "officer")
    for given, kept in (
        (f"tier=watch&{QUERY}&measure=count&columns=", None),
        ("rows=tier&subject=partners&tier=strategic&tier=prospect&country=DK&owner=me&columns=partner_stage",
         f"{QUERY}&columns=partner_stage&country=DK&owner=me&tier=prospect&tier=strategic"),
        (f"{QUERY}&measure=count&chart=columns&sector=", f"{QUERY}&chart=columns"),
    ):  # fmt: skip
        answer = api.post("reports/", {"name": given[:80], "query": given})
        if kept is None:
            assert "Tier" in str(error_of(answer, 400)["fields"]["query"])
            continue
        made = answer.json()
        assert (made["query"], made["subject"], made["may_change"]) == (kept, "partners", True)
        assert (made["owner"]["name"], made["visibility"], made["unit"]) == ("Alpha Officer", "private", None)


def test_what_does_not_hold_is_refused_by_name(alpha):
    api = Api(alpha, "manager")
    for query, words in (
        ("rows=tier", "Choose what is counted"),
        ("subject=partners&rows=nothing", "Choose rows"),
        ("subject=partners&rows=tier&columns=country", "Choose other columns"),
        ("subject=partners&rows=tier&measure=award", "Choose a measure"),
        (f"{QUERY}&colour=red", "colour"),
        (f"{QUERY}&owner=999999999", "Owner of the partner"),
        (f"{QUERY}&first_year=12", "Fiscal year from"),
        ("&".join([QUERY, *(f"tier=x{number}" for number in range(300))]), "2000"),
    ):
        with nothing_changes():
            problem = error_of(api.post("reports/", {"name": "A", "query": query}), 400)
        assert words in str(problem["fields"]["query"]), query
    for body, field in (
        ({"name": " ", "query": QUERY}, "name"),
        ({"name": "A" * 81, "query": QUERY}, "name"),
        ({"name": "A"}, "query"),
        ({"name": "A", "query": QUERY, "visibility": "world"}, "visibility"),
        ({"name": "A", "query": QUERY, "visibility": "team"}, "unit"),
        ({"name": "A", "query": QUERY, "subject": "projects"}, "subject"),
    ):
        with nothing_changes():
            assert field in error_of(api.post("reports/", body), 400)["fields"], body


def test_a_subject_that_one_may_not_count_can_neither_be_kept_nor_seen(alpha):
    query = "subject=placements&rows=program_kind"
    with tenant_scope(alpha.id):
        shared = make_report(alpha.user("manager"), subject="placements", query=query)
    api = Api(alpha, "viewer")
    assert api.get("reports/").json()["count"] == 0
    with nothing_changes():
        error_of(api.get(f"reports/{shared.pk}/answer/"), 404)
        assert "may not count" in str(error_of(api.post("reports/", {"name": "A", "query": query}), 400)["fields"])


def test_private_reports_are_ones_own_even_for_administrators(alpha, beta):
    with tenant_scope(alpha.id):
        report = make_report(alpha.user("officer"), visibility="private")
    for api in (Api(alpha, "administrator"), Api(alpha, "manager"), Api(beta, "administrator")):
        with nothing_changes():
            assert api.get("reports/").json()["count"] == 0
            error_of(api.get(f"reports/{report.pk}/"), 404)
            error_of(api.get(f"reports/{report.pk}/answer/"), 404)
            error_of(api.patch(f"reports/{report.pk}/", {"name": "Mine"}), 404)
            error_of(api.send("DELETE", f"reports/{report.pk}/"), 404)


def test_sharing_has_the_rules_of_views(alpha):
    with tenant_scope(alpha.id):
        unit = Unit.objects.create(name="Physics")
        for role in ("officer", "researcher"):
            UnitMember.objects.create(unit=unit, member=alpha.user(role))
    body = {"name": "Ours", "query": QUERY, "visibility": "team", "unit": unit.pk}
    with nothing_changes():
        assert "unit" in error_of(Api(alpha, "manager").post("reports/", body), 400)["fields"]
        assert "visibility" in error_of(Api(alpha, "researcher").post("reports/", body), 400)["fields"]
        office = {"name": "Ours", "query": QUERY, "visibility": "office"}
        assert "visibility" in error_of(Api(alpha, "officer").post("reports/", office), 400)["fields"]
    made = Api(alpha, "officer").post("reports/", body).json()
    seen = {role: Api(alpha, role).get("reports/").json()["count"] for role in ("researcher", "manager", "viewer")}
    assert seen == {"researcher": 1, "manager": 0, "viewer": 0}
    with nothing_changes():
        for method in ("PATCH", "DELETE"):
            answer = Api(alpha, "researcher").send(method, f"reports/{made['id']}/", b"{}")
            assert error_of(answer, 409)["code"] == "not_yours"
    with nothing_changes():
        hidden = Api(alpha, "administrator").patch(f"reports/{made['id']}/", {"visibility": "private"})
        assert "Only its owner" in error_of(hidden, 400)["fields"]["visibility"][0]
    back = Api(alpha, "officer").patch(f"reports/{made['id']}/", {"visibility": "private"}).json()
    assert (back["visibility"], back["unit"], back["version"]) == ("private", None, 2)


def test_the_answer_is_that_of_the_moment_and_the_reader(alpha):
    with tenant_scope(alpha.id):
        report = make_report(alpha.user("manager"), query="subject=partners&rows=partner_owner&owner=me")
        make_partnership(make_organization(name="Brandt AG"), owner=alpha.user("manager"))
    path = f"reports/{report.pk}/answer/"
    assert [row["label"] for row in Api(alpha, "manager").get(path).json()["rows"]] == ["Alpha Manager"]
    assert Api(alpha, "viewer").get(path).json()["rows"] == []
    built = Api(alpha, "manager").get("analytics/built/", dict(each.split("=") for each in report.query.split("&")))
    same = Api(alpha, "manager").get(path).json()
    assert {**same, "as_of": ""} == {**built.json(), "as_of": ""}


def test_a_query_that_no_longer_holds_is_refused_in_words(alpha):
    with tenant_scope(alpha.id):
        unit = Unit.objects.create(name="Law", closed_on="2026-01-01")
        report = make_report(alpha.user("manager"), query=f"{QUERY}&unit={unit.pk}")
    problem = error_of(Api(alpha, "manager").get(f"reports/{report.pk}/answer/"), 409)
    assert problem["code"] == "does_not_hold"
    assert "Lead unit of the partner" in problem["detail"]


def test_the_fixed_reports_keep_their_addresses(alpha):
    api = Api(alpha, "viewer")
    assert "n_projects" in api.get("reports/summary/").json()
    assert isinstance(api.get("reports/top-partners/").json(), list)


def test_the_library_can_be_narrowed(alpha):
    with tenant_scope(alpha.id):
        make_report(alpha.user("manager"), name="One")
        make_report(alpha.user("officer"), name="Two", subject="projects", query="subject=projects&rows=channel")
        assert ReportDefinition.objects.count() == 2
    api = Api(alpha, "manager")
    for given, names in (
        ({"subject": "projects"}, ["Two"]),
        ({"mine": "true"}, ["One"]),
        ({"mine": "false"}, ["Two"]),
        ({"visibility": "private"}, []),
        ({"q": "tw"}, ["Two"]),
    ):
        assert [each["name"] for each in api.get("reports/", given).json()["results"]] == names
