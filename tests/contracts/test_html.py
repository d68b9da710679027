"""Every page, for every role that may open it, is a page that people and machines can read, and costs little."""

import gzip
from collections.abc import Callable, Iterable

import pytest
from django.http import HttpResponse
from django.urls import path

from core.pages import page
from core.permissions import registry
from organizations.models import Organization
from tenants.choices import Role
from tests.api_kit import counted
from tests.cast import Office
from tests.contracts.markup import document_problems, header_problems, part_problems
from tests.contracts.stage import Stage, set_stage
from tests.contracts.urls import SHARES, Page, browser, pages, planted, share_of_pages

# What other pages put into themselves: no document, so no heading and no title.
FRAGMENTS = {
    *("organizations:lookup", "organizations:contact_lookup", "partnerships:lookup", "partnerships:health_panel"),
    *("agreements:lookup", "agreements:frame_lookup", "agreements:ip_asset_lookup"),
    *("partnerships:funding_project_lookup", "partnerships:student_lookup"),
    "tenants:palette",
}
# Files, which are no markup.
DOWNLOADS = {
    *("partnerships:attachment", "partnerships:brief_pdf"),
    *("agreements:obligation_evidence", "agreements:calendar_feed", "agreements:document_file"),
    "reporting:answer_file",
}
BUDGETS = {
    "organizations:organization": 19,
    "partnerships:today": 14,
    "partnerships:partner": 16,
    "partnerships:brief": 17,
    "partnerships:health_explanation": 27,  # every section that is measured is one statement; what is critical, two
    "partnerships:health_formula": 42,  # it prints the records behind every dimension
    "partnerships:brief_pdf": 17,
    "agreements:agreement": 16,  # whether a screening stands against signature is one of them
    "agreements:agreement_clauses": 13,
    "agreements:agreement_signatories": 13,
    "partnerships:health_what_if": 19,  # every section that is measured is one statement
    "partnerships:talent": 14,
    "agreements:clause_report": 13,  # it checks every rule of every agreement
}
BUDGET = 12
TAB_BUDGET = 8
BOARD_BUDGET = 10
MOST_BYTES = 100_000
OUTSIDE = ["/accounts/login/", "/accounts/password/reset/", "/?choose"]


def readable(found: Iterable[Page], role: str) -> list[Page]:
    """The pages that a role may open."""
    return [each for each in found if "GET" in each.methods and may_open(each, role)]


def may_open(each: Page, role: str) -> bool:
    return not each.permission or role in registry.get(each.permission).roles


def page_problems(office: Office, stage: Stage, found: Iterable[Page], role: str) -> list[str]:
    """What is wrong with the pages that the role may open."""
    problems, member = [], browser()
    member.force_login(office.user(role))
    for each in readable(found, role):
        answer = member.get(office.prefix + each.path(stage.ids.get(each.resource, 1)))
        problems += visit_problems(each, answer, role)
    return problems


def visit_problems(each: Page, answer: HttpResponse, role: str) -> list[str]:
    words = [f"answers {answer.status_code}"] if answer.status_code != 200 else answer_problems(each, answer)
    return [f"/{each.route} for {role}: {each_word}" for each_word in words]


def answer_problems(each: Page, answer: HttpResponse) -> list[str]:
    if each.name in DOWNLOADS:
        return [] if answer["Content-Disposition"].startswith("attachment") else ["shows itself instead of downloading"]
    text = answer.content.decode()
    problems = part_problems(text) if each.name in FRAGMENTS else document_problems(text)
    problems += header_problems(answer.headers)
    size = len(gzip.compress(answer.content, 6, mtime=0))
    if size > MOST_BYTES:
        problems.append(f"it weighs {size} bytes")
    return problems


def costs(
    office: Office, stage: Stage, found: Iterable[Page], role: str, look: Callable[[Page, HttpResponse], None]
) -> dict[str, list[str]]:
    """The statements of each page, on its second visit: the first fills what every page shares, and is looked at."""
    member, seen = browser(), {}
    member.force_login(office.user(role))
    for each in readable(found, role):
        address = office.prefix + each.path(stage.ids.get(each.resource, 1))
        look(each, member.get(address))
        with counted() as statements:
            member.get(address)
        seen[each.name] = statements
    return seen


def cost_problems(
    office: Office, found: Iterable[Page], role: str, look: Callable[[Page, HttpResponse], None] = lambda *_: None
) -> list[str]:
    """No page asks more than its budget, and none asks more for three rows than for one; with these it is looked at."""
    problems, found = [], list(found)
    few = costs(office, set_stage(office), found, role, lambda *_: None)
    many = costs(office, set_stage(office, rows=3), found, role, look)
    for name, statements in many.items():
        budget = BUDGETS.get(name, BUDGET)
        if len(statements) > budget:
            problems.append(f"{name} asks {len(statements)} times, not {budget}")
        if len(few[name]) != len(statements):
            extra = [sql[:160] for sql in statements if sql not in few[name]][:3]
            problems.append(f"{name} asks {len(few[name])} times for one row and {len(statements)} for more: {extra}")
    return problems


# What they say of the app


@pytest.fixture
def staged(alpha) -> Stage:
    return set_stage(alpha)


ALL_TOLD = [Role.ADMINISTRATOR, Role.RESEARCHER]


@pytest.mark.parametrize("role", [role for role in Role.values if role not in ALL_TOLD])
def test_every_page_is_whole(alpha, staged, role):
    assert len(readable(pages(), role)) >= 10
    assert page_problems(alpha, staged, pages(), role) == []


@pytest.mark.parametrize("role", Role.values)
def test_an_empty_office_has_whole_pages_too(alpha, role):
    empty = Stage(alpha, "")
    plain = [each for each in pages() if not each.parameter]
    assert page_problems(alpha, empty, plain, role) == []


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("role", ALL_TOLD)
def test_every_page_is_whole_and_costs_little(alpha, role, share):
    problems: list[str] = []
    costs = cost_problems(
        alpha, share_of_pages(share), role, lambda *seen: problems.extend(visit_problems(*seen, role))
    )
    assert problems + costs == []


def test_every_tab_of_a_partner_is_whole_and_costs_little(alpha, staged, client_of):
    member, each = client_of(alpha, Role.ADMINISTRATOR), Page("partners/", "partnerships:partner", None)
    for tab in ("overview", "activity", "people", "projects", "governance", "value", "health"):
        address = f"{alpha.prefix}/partners/{staged.ids['partners']}/?tab={tab}"
        with counted() as statements:
            answer = member.get(address)
        assert (tab, answer_problems(each, answer)) == (tab, [])
        assert len(statements) <= BUDGETS["partnerships:partner"]
        with counted() as statements:
            fragment = member.get(address, headers={"HX-Request": "true"})
        assert len(statements) <= (TAB_BUDGET if tab != "overview" else BUDGET)
        assert (tab, part_problems(fragment.content.decode())) == (tab, [])


@pytest.mark.parametrize("name", ["partners", "opportunities", "projects", "agreements", "positions", "placements"])
def test_every_board_costs_little(alpha, staged, client_of, name):
    member, address = client_of(alpha, Role.ADMINISTRATOR), f"{alpha.prefix}/{name}/?shape=board"
    with counted() as statements:
        answer = member.get(address)
    assert b'class="board' in answer.content
    assert len(statements) <= BOARD_BUDGET


def test_forms_with_errors_are_whole(alpha, staged):
    """Every form, sent with nothing that it asks for: what it answers is a page with the errors at the fields."""
    member, seen = browser(), 0
    member.force_login(alpha.user(Role.ADMINISTRATOR))
    for each in pages():
        if "POST" in each.methods and not each.open_because:
            answer = member.post(alpha.prefix + each.path(staged.ids.get(each.resource, 1)), {"nothing": "here"})
            if answer.status_code == 422:
                seen += 1
                assert (each.route, answer_problems(each, answer)) == (each.route, [])
                assert b"aria-invalid" in answer.content or b"error" in answer.content
    assert seen >= 5


@pytest.mark.parametrize("address", OUTSIDE)
def test_the_pages_outside_an_office_are_whole(alpha, client_of, address):
    member = client_of(alpha) if "choose" in address else browser()
    answer = member.get(address)
    assert answer.status_code == 200
    assert answer_problems(Page("", "", None), answer) == []


def test_the_page_of_an_invitation_is_whole_for_everybody(alpha, staged, client_of):
    for member in (browser(), client_of(None), client_of(alpha)):
        answer = member.get(f"{alpha.prefix}/join/{staged.ids['join']}/")
        assert (answer.status_code, answer_problems(Page("", "", None), answer)) == (200, [])


@pytest.mark.parametrize(
    ("role", "address", "status"),
    [
        (Role.VIEWER, "/people/", 403),
        (Role.VIEWER, "/organizations/999999999/", 404),
        (Role.VIEWER, "/no-such-page/", 404),
        (Role.VIEWER, "/join/cw_nothing/", 404),
    ],
)
def test_refusals_are_whole_pages(alpha, role, address, status):
    member = browser()
    member.force_login(alpha.user(role))
    answer = member.get(alpha.prefix + address)
    assert (answer.status_code, answer_problems(Page("", "", None), answer)) == (status, [])


def test_a_failure_is_a_whole_page(alpha):
    def fail(request):
        raise ZeroDivisionError("canary-of-the-stack")

    with planted(path("wild/", page("partnerships.view_projects")(fail))):
        member = browser()
        member.force_login(alpha.user())
        answer = member.get(f"{alpha.prefix}/wild/")
    assert (answer.status_code, answer_problems(Page("", "", None), answer)) == (500, [])
    assert b"canary" not in answer.content


# Planted violations

GOOD = """<!doctype html><html lang="en"><head><title>Partners</title>
<meta name="viewport" content="width=device-width"><script src="/static/app.js" defer></script></head><body><main>
<h1>Partners</h1><label for="q">Search</label><input id="q" name="q"><button>Go</button>%s</main></body></html>"""


def test_a_good_page_is_left_alone():
    more = """<a href="https://partner.example">Their site</a><input type="hidden" name="version">
    <label>All <input type="checkbox" name="all"></label><select aria-label="Sort"><option>A</option></select>
    <button><svg role="img" aria-label="Close"></svg></button><script type="application/json" id="d">{}</script>"""
    assert document_problems(GOOD % more) == []


@pytest.mark.parametrize(
    "more",
    [
        "<h1>Again</h1>",
        '<input id="q2" name="r">',
        "<select name='s'><option>A</option></select>",
        "<textarea></textarea>",
        '<p id="q">Twice</p>',
        '<p style="color: red">Red</p>',
        "<style>p { color: red }</style>",
        "<script>alert(1)</script>",
        '<script src="https://cdn.example/x.js"></script>',
        '<p onclick="alert(1)">Press</p>',
        '<p hx-on:click="alert(1)">Press</p>',
        '<a href="javascript:alert(1)">Press</a>',
        "<button></button>",
        '<a href="/x"><svg aria-hidden="true"></svg></a>',
        '<img src="/x.png">',
        '<p aria-describedby="nowhere">x</p>',
        '<label for="nowhere">x</label>',
        "<main></main>",
        "<p>until March 31, 2028</p>",
        "<div><p>crossed</div></p>",
        "<div>open",
        '<p class="a" class="b">x</p>',
    ],
)
def test_each_fault_of_a_page_is_seen(more):
    assert document_problems(GOOD % more) != []


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        ("<!doctype html>", ""),
        (' lang="en"', ""),
        ("Partners</title>", "</title>"),
        ("<h1>Partners</h1>", ""),
        ("<h1>Partners</h1>", "<h1></h1>"),
        ("<main>", "<div>"),
        ('name="viewport"', 'name="other"'),
    ],
)
def test_each_missing_thing_is_seen(there, instead):
    assert document_problems((GOOD % "").replace(there, instead)) != []


def test_a_lax_policy_is_seen(alpha, client_of):
    headers = dict(browser().get("/accounts/login/").headers)
    assert header_problems(headers) == []
    policy = headers["Content-Security-Policy"]
    for lax in (
        "",
        policy.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'"),
        policy.replace("default-src 'none'", "default-src *"),
        policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'"),
        f"{policy}; object-src *",
    ):
        assert len(header_problems({**headers, "Content-Security-Policy": lax})) >= 1
    assert len(header_problems({**headers, "X-Frame-Options": "SAMEORIGIN"})) == 1


def test_a_page_that_asks_once_per_row_is_seen(alpha):
    def greedy(request):
        return HttpResponse([row.parent and row.parent.name for row in Organization.objects.all()])

    view = page("organizations.view_organizations")(greedy)
    with planted(path("wild/", view)):
        problems = cost_problems(alpha, [Page("wild/", "wild", view)], Role.VIEWER)
    assert any("for one row" in words for words in problems)


def test_a_page_over_its_budget_is_seen(alpha):
    def costly(request):
        return HttpResponse([Organization.objects.count() for _ in range(20)])

    view = page("organizations.view_organizations")(costly)
    with planted(path("wild/", view)):
        assert len(cost_problems(alpha, [Page("wild/", "wild", view)], Role.VIEWER)) == 1


def test_a_heavy_page_and_a_broken_one_are_seen(alpha, staged):
    import random

    noise = random.Random(1).randbytes(120_000).hex()
    view = page("organizations.view_organizations")(lambda request: HttpResponse(GOOD % noise))
    broken = page("organizations.view_organizations")(lambda request: HttpResponse(status=500))
    with planted(path("wild/", view), path("broken/", broken)):
        found = [Page("wild/", "wild", view), Page("broken/", "broken", broken)]
        problems = page_problems(alpha, staged, found, Role.VIEWER)
    assert len(problems) == 2
    assert "weighs" in problems[0]
    assert "answers 500" in problems[1]
