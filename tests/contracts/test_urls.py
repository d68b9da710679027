"""Every address asks for a permission, and asks everybody: nobody, strangers, every role, the other office."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import get_script_prefix, path
from django.views.decorators.http import require_http_methods

from core.actions import READS
from core.actor import Actor
from core.errors import PermissionRefused
from core.pages import open_page, page
from core.permissions import registry
from core.tenancy.scope import tenant_id_or_none, tenant_scope
from organizations.models import Organization
from tenants.choices import Role
from tenants.models import Tenant, User
from tests.api_kit import database_state
from tests.cast import STRANGER, Office
from tests.contracts.stage import Stage, set_stage
from tests.contracts.urls import Endpoint, Page, browser, endpoints, pages, planted

MISSING_ID = 999_999_999
# Addresses by something that every office has, and why no other office's can be meant.
SHARED = {
    "lists": "The code of a list is part of the program; what it shows is the office's own.",
    "insight-filters": "The code of a page of questions is part of the program; its filters offer the office's own.",
    "insight-files": "The code of a question is part of the program; its answer is from the office's own records.",
}
FINE = {"GET": {200, 302}, "POST": {200, 204, 302, 409, 422}}


# Sweeps


def declaration_problems(found: list[Page]) -> list[str]:
    """Every page carries a registered permission, or a sentence that says why it is open; and only known methods."""
    problems, codes = [], set(registry.codes())
    for each in found:
        if bool(each.permission) == bool(each.open_because):
            problems.append(f"/{each.route} must carry a permission or say why it is open")
        elif each.permission and each.permission not in codes:
            problems.append(f"/{each.route} asks for {each.permission}, which is no permission")
        elif each.open_because and len(each.open_because.split()) < 4:
            problems.append(f"/{each.route} is open because of no sentence: {each.open_because!r}")
        if not set(each.methods) <= FINE.keys():
            problems.append(f"/{each.route} lets {each.methods} through")
        if each.permission.split(".")[-1].startswith("view_") and each.methods != ["GET"]:
            problems.append(f"/{each.route} may be written to by whoever may see it")
    return problems


def endpoint_problems(found: list[Endpoint]) -> list[str]:
    """Every address of the API asks for a registered permission: one of a read to read, one of an action to write."""
    problems, codes = [], set(registry.codes())
    for each in found:
        if each.code not in codes:
            problems.append(f"{each.method} {each.path} asks for {each.code!r}, which is no permission")
        elif (each.method == "GET" or each.asks) != (each.code in READS):
            problems.append(f"{each.method} {each.path} asks for {each.code}, which is of the other kind")
    return problems


def outsider_problems(office: Office, stage: Stage, found: list[Page]) -> list[str]:
    """Nobody is sent to sign in; a stranger and the other office's members find nothing; neither changes anything."""
    problems, nobody, stranger = [], browser(), browser()
    stranger.force_login(User.objects.get(email=STRANGER))
    before = database_state(office)
    for each, method in _requests(found):
        if each.open_because:
            continue
        address = office.prefix + each.path(stage.ids.get(each.resource, 1))
        answer = nobody.generic(method, address)
        if answer.status_code != 302 or not answer["Location"].startswith("/accounts/login/?next="):
            problems.append(f"{method} /{each.route}: nobody gets {answer.status_code}")
        answer = stranger.generic(method, address)
        if answer.status_code != 404:
            problems.append(f"{method} /{each.route}: a stranger gets {answer.status_code}")
    if database_state(office) != before:
        problems.append("Outsiders changed something")
    return problems


def role_problems(office: Office, stage: Stage, found: list[Page], roles: Iterable[str] = Role.values) -> list[str]:
    """Each role gets what its permission says, and whoever is refused has changed nothing.

    What a role may read is left out: each of these pages is opened and looked at in ``test_html``.
    """
    problems = []
    for role in roles:
        member = browser()
        member.force_login(office.user(role))
        before = database_state(office)
        for each, method in _requests(found):
            if each.open_because:
                continue
            address = office.prefix + each.path(stage.ids.get(each.resource, 1))
            if role not in registry.get(each.permission).roles:
                answer = member.generic(method, address)
                if answer.status_code != 403:
                    problems.append(f"{method} /{each.route}: {role} gets {answer.status_code}, not 403")
                continue
            if method == "GET":
                continue
            with undone():
                answer = member.generic(method, address)
            # The tokens, calendars and exports on the stage are the administrator's: to others they are absent.
            own = each.resource in ("tokens", "calendar-feeds", "exports") and role != Role.ADMINISTRATOR
            absent = answer.status_code == 404 and own
            if answer.status_code not in FINE[method] and not absent:
                problems.append(f"{method} /{each.route}: {role} gets {answer.status_code}")
        if database_state(office) != before:
            problems.append(f"{role} was refused and changed something")
    return problems


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside has not happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def method_problems(office: Office, stage: Stage, found: list[Page]) -> list[str]:
    """A method that a page has not is answered 405, and changes nothing."""
    problems, member = [], browser()
    member.force_login(office.user(Role.ADMINISTRATOR))
    before = database_state(office)
    for each in found:
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - set(each.methods):
            answer = member.generic(method, office.prefix + each.path(stage.ids.get(each.resource, 1)))
            if answer.status_code != 405:
                problems.append(f"{method} /{each.route} gets {answer.status_code}, not 405")
    if database_state(office) != before:
        problems.append("A method that is not there changed something")
    return problems


def foreign_problems(office: Office, stage: Stage, found: list[Page]) -> list[str]:
    """The other office's id is as absent as one that is nowhere, for every method, and nothing changes anywhere."""
    problems, member = [], browser()
    member.force_login(office.user(Role.ADMINISTRATOR))
    before = database_state()
    numbered = [each for each in found if each.parameter and each.resource not in SHARED]
    problems += [f"/{each.route}: the stage has no row for it" for each in numbered if each.resource not in stage.ids]
    for each, method in _requests(numbered):
        foreign, missing = (
            member.generic(method, office.prefix + each.path(value))
            for value in (stage.ids.get(each.resource, MISSING_ID), MISSING_ID)
        )
        if (foreign.status_code, missing.status_code) != (404, 404):
            problems.append(f"{method} /{each.route}: {foreign.status_code} foreign, {missing.status_code} missing")
        elif _body(foreign, stage.ids[each.resource]) != _body(missing, MISSING_ID):
            problems.append(f"{method} /{each.route}: the answers differ")
        if stage.canary.encode() in foreign.content:
            problems.append(f"{method} /{each.route}: shows the other office's words")
    after = database_state()
    return problems + [f"{name} changed" for name in after if after[name] != before[name]]


def _requests(found: list[Page]) -> list[tuple[Page, str]]:
    return [(each, method) for each in found for method in each.methods]


def _body(answer: HttpResponse, value: object) -> str:
    """The body without what differs between any two requests: the id in addresses, the request's id, CSRF tokens."""
    body = answer.content.decode().replace(answer["X-Request-ID"], "#").replace(f"/{value}/", "/#/")
    return re.sub(r"\b[A-Za-z0-9]{64}\b", "#", body)


# What they say of the app


@pytest.fixture
def staged(alpha) -> Stage:
    return set_stage(alpha)


@pytest.fixture
def foreign(beta) -> Stage:
    return set_stage(beta)


def test_every_page_asks_for_a_permission_or_says_why_not():
    assert declaration_problems(pages()) == []


def test_every_endpoint_asks_for_a_permission():
    assert endpoint_problems(endpoints()) == []


def test_outsiders_find_nothing(alpha, staged):
    assert outsider_problems(alpha, staged, pages()) == []


@pytest.mark.parametrize("role", Role.values)
def test_every_role_may_what_its_permissions_say(alpha, staged, role):
    assert role_problems(alpha, staged, pages(), [role]) == []


def test_other_methods_are_refused(alpha, staged):
    assert method_problems(alpha, staged, pages()) == []


def test_another_offices_id_is_absent_everywhere(alpha, foreign):
    assert foreign_problems(alpha, foreign, pages()) == []


# Planted violations


def wild_page(view) -> list[Page]:
    return [Page("wild/<int:pk>/", "wild", view)]


def test_a_page_without_a_word_is_seen():
    def undeclared(request, pk):
        raise NotImplementedError

    assert len(declaration_problems(wild_page(undeclared))) == 2  # no permission, and every method
    assert declaration_problems(wild_page(page("partnerships.no_such")(undeclared))) != []
    assert declaration_problems(wild_page(open_page("because")(undeclared))) != []
    written = page("partnerships.view_projects", methods=["GET", "POST"])(undeclared)
    assert declaration_problems(wild_page(written)) != []
    assert declaration_problems(wild_page(page("partnerships.view_projects")(undeclared))) == []


def test_an_endpoint_without_a_permission_is_seen():
    assert len(endpoint_problems([Endpoint("wild/", "GET", "", object)])) == 1
    assert len(endpoint_problems([Endpoint("wild/", "GET", "partnerships.create_project", object)])) == 1
    assert len(endpoint_problems([Endpoint("wild/", "POST", "partnerships.view_projects", object)])) == 1


def test_an_open_middleware_is_seen(alpha, staged, monkeypatch):
    monkeypatch.setattr("tenants.middleware._is_open", lambda path: True)
    assert outsider_problems(alpha, staged, pages()[:5]) != []


def test_a_permission_that_is_not_asked_for_is_seen(alpha, staged, monkeypatch):
    monkeypatch.setattr(Actor, "require", lambda self, code: None)
    found = [each for each in pages() if each.permission == "organizations.edit_organization"]
    assert found
    assert role_problems(alpha, staged, found) != []


def test_a_refusal_that_comes_too_late_is_seen(alpha, staged):
    def late(request):
        Organization.objects.create(name="Too early")
        return HttpResponse("Refused", status=403)

    view = require_http_methods(["GET"])(late)
    view.permission = "tenants.invite_member"
    with planted(path("wild/", view)):
        found = [Page("wild/", "wild", view)]
        assert "viewer was refused and changed something" in role_problems(alpha, staged, found)


def test_a_permission_that_opens_nothing_to_its_roles_is_seen(alpha, staged):
    def closed(request):
        raise PermissionRefused("partnerships.view_projects")

    view = page("partnerships.view_projects", methods=["POST"])(closed)
    with planted(path("wild/", view)):
        assert len(role_problems(alpha, staged, [Page("wild/", "wild", view)])) == len(Role.values)


def test_a_method_that_should_not_be_there_is_seen(alpha, staged):
    def everything(request):
        return HttpResponse("done")

    with planted(path("wild/", everything)):
        quiet = Page("wild/", "wild", page("partnerships.view_projects")(everything))
        assert len(method_problems(alpha, staged, [quiet])) == 4


def _shows_anything(beta: Office):
    def view(request, pk):
        with tenant_scope(beta.id):
            return HttpResponse(get_object_or_404(Organization, pk=pk).name)

    return view


def _enqueues_first(beta: Office):
    def view(request, pk):
        with tenant_scope(beta.id):
            Organization.objects.filter(pk=pk).update(city="Taken")
        return HttpResponse("nothing here", status=404)

    return view


def _tells_apart(beta: Office):
    def view(request, pk):
        with tenant_scope(beta.id):
            there = Organization.objects.filter(pk=pk).exists()
        return HttpResponse("not yours" if there else "nothing here", status=404)

    return view


@pytest.mark.parametrize("make", [_shows_anything, _enqueues_first, _tells_apart])
def test_a_page_that_reaches_into_the_other_office_is_seen(alpha, beta, foreign, make):
    view = page("organizations.view_organizations")(make(beta))
    with planted(path("organizations/<int:pk>/wild/", view)):
        assert foreign_problems(alpha, foreign, [Page("organizations/<int:pk>/wild/", "wild", view)]) != []


def test_a_page_about_something_that_the_stage_has_not_is_seen(alpha, foreign):
    view = page("organizations.view_organizations")(lambda request, pk: HttpResponse())
    with planted(path("wild/<int:pk>/", view)):
        found = foreign_problems(alpha, foreign, [Page("wild/<int:pk>/", "wild", view)])
        assert found[0] == "/wild/<int:pk>/: the stage has no row for it"


# What a request leaves behind


def left_behind() -> tuple[str, int | None, str]:
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(current_setting('app.tenant_id', true), '')")
        return get_script_prefix(), tenant_id_or_none(), cursor.fetchone()[0]


CLEAN = ("/", None, "")


def committed_state() -> dict:
    with transaction.atomic():
        return database_state()


@pytest.fixture
def failing(committed, alpha):
    """A page that writes and then fails."""

    def fail(request):
        assert get_script_prefix() == f"{alpha.prefix}/"
        assert tenant_id_or_none() == alpha.id
        Organization.objects.create(name="Never")
        raise ZeroDivisionError

    with planted(path("wild/", page("partnerships.view_projects")(fail))):
        yield alpha


def test_a_request_leaves_nothing_on_the_thread_or_the_connection(committed, alpha, beta, client_of):
    browser_of_alpha, before = client_of(alpha), _backend()
    for address in (
        f"{alpha.prefix}/preferences/",
        f"{alpha.prefix}/api/v1/organizations/",
        f"{alpha.prefix}/no-such/",
    ):
        browser_of_alpha.get(address)
        assert left_behind() == CLEAN
    client_of(beta).get(f"{beta.prefix}/organizations/")
    assert left_behind() == CLEAN
    assert _backend() == before


def _backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        return cursor.fetchone()[0]


def test_a_failure_leaves_nothing_either_and_is_undone(failing, beta):
    member = browser()
    member.force_login(failing.user())
    before = committed_state()
    for _again in range(2):
        answer = member.get(f"{failing.prefix}/wild/")
        assert answer.status_code == 500
        assert left_behind() == CLEAN
    assert committed_state() == before
    assert member.get("/healthz").json() == {"database": True, "cache": True}
    assert left_behind() == CLEAN


def test_a_failing_request_raises_in_tests_and_still_leaves_nothing(failing, client_of):
    with pytest.raises(ZeroDivisionError):
        client_of(failing).get(f"{failing.prefix}/wild/")
    assert left_behind() == CLEAN


def test_a_clumsy_middleware_would_be_seen(failing, monkeypatch):
    """The planted fault: a prefix that stays."""
    monkeypatch.setattr("tenants.middleware.get_script_prefix", lambda: "/t/left/")
    member = browser()
    member.force_login(failing.user())
    member.get(f"{failing.prefix}/preferences/")
    assert left_behind()[0] == "/t/left/"
    from django.urls import set_script_prefix

    set_script_prefix("/")


# Request ids


@pytest.mark.parametrize("given", ["abcdefgh", "0f3c1b9a7d2e4f60", "A.b_c-9876", "x" * 64])
def test_a_request_id_of_the_callers_is_kept(db, given):
    assert browser().get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"] == given


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "with space", "a\tb\tc\td\te", "<script>alert", "naïve-näme", "a'; --abc"]
)
def test_a_malformed_request_id_is_replaced(db, given):
    answer = browser().get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"]
    assert answer != given
    assert len(answer) == 32
    assert int(answer, 16)


def test_a_request_id_with_a_line_break_is_replaced(db):
    answer = browser().get("/healthz", headers={"X-Request-ID": "abcdefgh\n"})["X-Request-ID"]
    assert len(answer) == 32


def test_every_answer_carries_its_own_request_id(alpha, client_of):
    member = client_of(alpha)
    seen = [
        member.get(f"{alpha.prefix}/{where}")["X-Request-ID"] for where in ("preferences/", "api/v1/x/", "nowhere/")
    ]
    assert len(set(seen)) == 3
    cache.clear()


def test_the_history_names_the_request(alpha, client_of):
    from tenants.models import Change

    member = client_of(alpha)
    member.post(
        f"{alpha.prefix}/api/v1/organizations/",
        '{"name": "Traced"}',
        "application/json",
        headers={"X-Request-ID": "traced-4711"},
    )
    with tenant_scope(alpha.id):
        row = Change.objects.get(request_id__startswith="traced-4711-", table_name="organizations_organization")
        assert (row.action, row.user_id) == ("organizations.create_organization", alpha.user().pk)


def test_two_requests_with_one_id_are_two_change_sets(alpha, client_of):
    from tenants.models import Change

    member = client_of(alpha)
    for name in ("One", "Two"):
        member.post(
            f"{alpha.prefix}/api/v1/organizations/",
            f'{{"name": "{name}"}}',
            "application/json",
            headers={"X-Request-ID": "x" * 64},
        )
    with tenant_scope(alpha.id):
        rows = Change.objects.filter(request_id__startswith="x" * 31, table_name="organizations_organization")
        assert len({row.request_id for row in rows}) == 2


def test_an_office_that_is_closed_keeps_its_pages_shut(alpha, staged):
    Tenant.objects.filter(pk=alpha.id).update(is_active=False)
    member = browser()
    member.force_login(alpha.user(Role.ADMINISTRATOR))
    answers = {member.get(alpha.prefix + each.path(staged.ids.get(each.resource, 1))).status_code for each in pages()}
    assert answers == {404}
