"""IP, the rights granted in it, and whether one more could be, over HTTP."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from agreements.models import Document, DocumentShare
from core.tenancy.scope import tenant_scope
from tenants.models import Unit
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, nothing_changes
from tests.factories.agreement_parts import make_grant, make_ip_asset, make_nda
from tests.factories.agreements import make_agreement, make_executed
from tests.factories.organizations import make_organization
from tests.partnerships.api.test_partnerships import somebody

_numbers = count(1)


class TestIpAssets(ApiContract):
    resource = Resource(
        prefix="ip-assets",
        view="agreements.view_ip_assets",
        create="agreements.create_ip_asset",
        edit="agreements.edit_ip_asset",
        delete="agreements.delete_ip_asset",
        make=lambda author: make_ip_asset(lead=author),
        payload=lambda: {"reference": f"IP-2026-{next(_numbers)}", "title": "A membrane", "kind": "invention"},
        patch={"title": "A thinner membrane", "public_summary": "Lets water through."},
        references={
            "unit": (lambda: Unit.objects.create(name="Physics"), lambda pk: {"unit": pk}),
            "lead": (somebody, lambda pk: {"lead": pk}),
        },
        duplicate=lambda row: {"reference": row.reference},
        queries={"list": 2, "detail": 1, "create": 3, "update": 5},
    )


class TestGrants(ApiContract):
    resource = Resource(
        prefix="grants",
        view="agreements.view_grants",
        create="agreements.add_grant",
        edit="agreements.edit_grant",
        delete="agreements.delete_grant",
        make=lambda author: make_grant(make_agreement(owner=author), make_ip_asset(lead=author)),
        payload=lambda: {
            "agreement": make_agreement(kind="license").pk,
            "asset": make_ip_asset(level="internal").pk,
            "kind": "license",
            "exclusivity": "exclusive",
            "fields_of_use": ["Batteries"],
            "territories": ["DK", "DE"],
        },
        patch={"exclusivity": "sole", "fields_of_use": ["Cars"], "territories": ["SE"], "ends_on": "2031-12-31"},
        references={
            "agreement": (make_agreement, lambda pk: {"agreement": pk}),
            "asset": (make_ip_asset, lambda pk: {"asset": pk}),
        },
        queries={"list": 2, "detail": 1, "create": 6, "update": 5},
    )


LEVELS = ["public", "internal", "partner_shared", "confidential", "restricted"]
HIGHEST = {"officer": 3, "manager": 4, "administrator": 5, "researcher": 0}


def test_ip_above_ones_level_is_absent_everywhere(alpha):
    with tenant_scope(alpha.id):
        rows = {level: make_ip_asset(level=level, title=f"Quince {level}") for level in LEVELS}
        mine = {role: make_ip_asset(level="restricted", lead=alpha.user(role)) for role in HIGHEST}
        grant = make_grant(make_executed(), rows["restricted"], exclusivity="exclusive")
    for role, highest in HIGHEST.items():
        api = Api(alpha, role)
        seen = {rows[level].pk for level in LEVELS[:highest]} | {mine[role].pk}
        if role == "administrator":
            seen |= {each.pk for each in mine.values()}
        listed = api.get("ip-assets/").json()
        assert {each["id"] for each in listed["results"]} == seen, role
        assert listed["count"] == len(seen)
        assert api.get("ip-assets/", {"q": "quince"}).json()["count"] == highest
        for row in rows.values():
            for path in ("", "grants/"):
                assert api.get(f"ip-assets/{row.pk}/{path}").status_code == (200 if row.pk in seen else 404)
        if role != "researcher":
            [shown] = api.get("grants/").json()["results"]
            assert (shown["asset"] is None) == (role != "administrator")
            found = api.get("grants/", {"asset": rows["restricted"].pk}).json()["count"]
            assert found == (1 if role == "administrator" else 0)
    viewer = Api(alpha, "viewer")
    error_of(viewer.get("ip-assets/"), 403)
    assert [each["id"] for each in viewer.get("grants/").json()["results"]] == [grant.pk]


def test_rights_change_before_execution_alone(in_alpha):
    api, done = Api(in_alpha, "officer"), make_executed(kind="license")
    grant = make_grant(done)
    with nothing_changes():
        body = {"agreement": done.pk, "kind": "license"}
        assert error_of(api.post("grants/", body), 409)["code"] == "not_open"
        assert error_of(api.patch(f"grants/{grant.pk}/", {"exclusivity": "sole"}), 409)["code"] == "not_open"


def test_words_of_a_right_are_checked(in_alpha):
    api, row = Api(in_alpha, "officer"), make_agreement(kind="license")
    body = {"agreement": row.pk, "kind": "license", "territories": ["dk", "DK", "*"], "fields_of_use": [" Cars  now "]}
    made = api.post("grants/", body).json()
    assert (made["territories"], made["fields_of_use"]) == (["DK", "*"], ["Cars now"])
    with nothing_changes():
        for more in (
            {"territories": ["12"]},
            {"territories": ["DNK"]},
            {"fields_of_use": [f"Field {n}" for n in range(101)]},
            {"starts_on": "2027-01-02", "ends_on": "2027-01-01"},
            {"kind": "gift"},
        ):
            error_of(api.post("grants/", {**body, **more}), 400)


def test_whether_a_right_could_be_granted(in_alpha):
    asset, today = make_ip_asset(level="internal"), timezone.localdate()
    licensed = make_executed(kind="license", expires_on=today + timedelta(days=30))
    secret = make_executed(kind="license", level="restricted")
    terms = {"exclusivity": "exclusive", "fields": ["Batteries"], "territories": ["DK"]}
    make_grant(licensed, asset, **terms)
    make_grant(secret, asset, **{**terms, "fields": ["Medicine"]})
    make_grant(make_agreement(kind="license"), asset, **{**terms, "fields": ["Draft"]})
    api = Api(in_alpha, "officer")

    def check(**query) -> tuple[bool, list]:
        answer = api.get("grants/check/", {"asset": asset.pk, **query})
        assert answer.status_code == 200, answer.content
        return answer.json()["free"], [each["agreement"] for each in answer.json()["conflicts"]]

    assert check() == (False, [licensed.pk, None])
    assert check(fields_of_use="batteries; cars") == (False, [licensed.pk])
    assert check(fields_of_use="Cars") == (True, [])
    assert check(fields_of_use="Draft") == (True, [])
    assert check(fields_of_use="Batteries", territories="SE, DE") == (True, [])
    assert check(fields_of_use="Batteries", starts_on=(today + timedelta(days=31)).isoformat()) == (True, [])
    assert check(fields_of_use="Batteries", exclusivity="nonexclusive") == (True, [])
    words = api.get("grants/check/", {"asset": asset.pk, "fields_of_use": "Medicine"}).json()["conflicts"][0]
    assert secret.reference not in words["words"]
    hidden = make_ip_asset(level="restricted")
    with nothing_changes():
        errors = [error_of(api.get("grants/check/", {"asset": pk}), 400) for pk in (hidden.pk, 999_999_999)]
        assert errors[0] == errors[1]
        error_of(api.get("grants/check/"), 400)
        error_of(api.get("grants/check/", {"asset": asset.pk, "no_such": "1"}), 400)
        error_of(Api(in_alpha, "viewer").get("grants/check/", {"asset": asset.pk}), 403)


def test_ip_is_disclosed_under_an_nda_word_for_word(in_alpha):
    organization, officer = make_organization(), Api(in_alpha, "officer")
    asset = make_ip_asset(level="restricted", lead=in_alpha.user("officer"), text="How it folds.")
    body = {"organization": organization.pk}
    home = make_agreement(owner=in_alpha.user("officer"))
    with nothing_changes():
        for more in ({}, {"agreement": home.pk}, {"agreement": home.pk, "override_reason": "Because."}):
            refused = officer.post(f"ip-assets/{asset.pk}/disclose/", {**body, **more})
            assert error_of(refused, 409)["code"] == "no_nda"
    nda = make_nda(organization)
    assert officer.post(f"ip-assets/{asset.pk}/disclose/", body).status_code == 200
    exhibit = Document.objects.get(agreement=nda)
    assert (exhibit.label, exhibit.level, exhibit.number) == ("exhibit", "restricted", 1)
    assert exhibit.text == f"{asset.title}\n\nHow it folds."
    share = DocumentShare.objects.get(document=exhibit)
    assert (share.organization_id, share.nda_id) == (organization.pk, nda.pk)
    assert officer.post(f"ip-assets/{asset.pk}/disclose/", body).status_code == 200
    assert Document.objects.filter(agreement=nda).count() == 2


def test_a_manager_discloses_without_an_nda_with_a_reason(in_alpha):
    organization, api = make_organization(), Api(in_alpha, "administrator")
    asset, home = make_ip_asset(), make_agreement()
    body = {"organization": organization.pk, "agreement": home.pk}
    bare = make_ip_asset(text="")
    with nothing_changes():
        assert error_of(api.post(f"ip-assets/{asset.pk}/disclose/", body), 409)["code"] == "no_nda"
        refused = api.post(f"ip-assets/{bare.pk}/disclose/", {**body, "override_reason": "They know."})
        assert error_of(refused, 409)["code"] == "no_description"
    answer = api.post(f"ip-assets/{asset.pk}/disclose/", {**body, "override_reason": "They invented it."})
    assert answer.status_code == 200
    share = DocumentShare.objects.get(document__agreement=home)
    assert (share.nda_id, share.override_reason) == (None, "They invented it.")


def test_a_level_of_ip_is_lowered_by_those_who_may_read_it_alone(in_alpha):
    mine = make_ip_asset(level="restricted", lead=in_alpha.user("officer"))
    api = Api(in_alpha, "officer")
    with nothing_changes():
        assert error_of(api.patch(f"ip-assets/{mine.pk}/", {"level": "internal"}), 409)["code"] == "may_not_lower"
        away = api.patch(f"ip-assets/{mine.pk}/", {"lead": in_alpha.user("manager").pk})
        assert error_of(away, 409)["code"] == "beyond_sight"
    assert Api(in_alpha, "administrator").patch(f"ip-assets/{mine.pk}/", {"level": "internal"}).status_code == 200
