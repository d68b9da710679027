"""Whatever is sent: never a 5xx, the one form of errors, and the other office stays as it was."""

import json

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from rest_framework import serializers

from config.urls_api import router
from core.rest.references import Referring
from core.rest.serializers import Listed, Rows
from core.rest.viewsets import TenantViewSet
from core.tenancy.scope import tenant_scope
from partnerships.actions.health import recompute_health
from tests.api_contract import contracts
from tests.api_kit import Api, database_state

VIEWSETS = {prefix: viewset for prefix, viewset, _name in router.registry if issubclass(viewset, TenantViewSet)}
WRITABLE = sorted(prefix for prefix, viewset in VIEWSETS.items() if viewset.writes)

many = settings(
    max_examples=25,  # of each of 140 resources
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)

texts = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "\u0000",
            "\ud800",
            "'; drop table x; --",
            "${jndi:ldap://x}",
            "x" * 600,
            "İ",
            "ǅ",
            "\u202e",
            "1e999",
            "-0",
            "NaN",
            "0001-01-01",
            "9999-12-31",
            "2026-02-30",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999999-23:59",
            "https://[::1",
            "https://ø.example/\u0000",
            "http://" + "a" * 300,
            "a@b",
            "@",
        ]
    ),
)
numbers = st.one_of(
    st.integers(-(10**25), 10**25),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0, -1, 1, 2**31, 2**63 - 1, 2**63, 10**400]),
)
scalars = st.one_of(st.none(), st.booleans(), numbers, texts)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=12,
)


def fitting(field: serializers.Field):
    """Values of the right type for a field, its edges among them."""
    if isinstance(field, serializers.ChoiceField):
        return st.sampled_from([*field.choices, ""])
    if isinstance(field, serializers.BooleanField):
        return st.sampled_from([True, False, None])
    if isinstance(field, serializers.DateField):
        return st.one_of(st.none(), st.dates().map(str))
    if isinstance(field, serializers.DateTimeField):
        return st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat())
    if isinstance(field, serializers.DecimalField):
        places = field.decimal_places
        return st.one_of(st.none(), st.decimals(-200, 10**12, places=places).map(str), st.integers(0, 180))
    if isinstance(field, serializers.IntegerField):
        return st.integers(1, 400)
    if isinstance(field, (serializers.EmailField, serializers.URLField)):
        return st.sampled_from(["", "a.b+c@sub.example.org", "https://example.org/ø?x=1#y", "http://münchen.example"])
    return st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)


def bodies(prefix: str, valid: dict):
    """Anything at all; anything under the names there are; and a good body with something else in places."""
    fields = VIEWSETS[prefix].serializer_class().fields
    names = st.sampled_from(sorted(fields))
    odd = st.dictionaries(st.one_of(names, names, texts), values, max_size=5)
    rows = {
        name: st.lists(st.dictionaries(st.sampled_from(sorted(field.child.fields)), values), max_size=3)
        for name, field in fields.items()
        if isinstance(field, Rows)
    }
    sound = {
        name: fitting(field)
        for name, field in fields.items()
        if not field.read_only and not isinstance(field, (Rows, Referring, Listed))
    }
    near = st.fixed_dictionaries({}, optional={**sound, **rows})
    good = st.lists(st.sampled_from(sorted(sound)), max_size=3, unique=True).flatmap(
        lambda chosen: st.fixed_dictionaries({name: sound[name] for name in chosen})
    )
    changes = st.one_of(good, good, good, near, odd)
    return st.one_of(values, odd, changes.map(lambda change: {**valid, **change}), changes)


@pytest.fixture(autouse=True)
def unlimited(settings):
    """No share of requests: what is thrown must arrive."""
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {}}


def check(answer, body: object) -> None:
    event(f"status {answer.status_code}")
    assert answer.status_code not in (401, 403, 429), body
    assert answer.status_code < 500, (answer.status_code, body)
    if answer.status_code >= 400:
        assert {"code", "detail"} <= answer.json().keys()


@pytest.mark.parametrize("prefix", WRITABLE)
def test_writing_anything(alpha, beta, prefix):
    contract = contracts()[prefix]
    for office in (alpha, beta):
        row = contract.row(office)
    row, valid, api = contract.row(alpha), contract.body(alpha), Api(alpha, "manager")
    before = database_state(beta)

    @many
    @given(body=bodies(prefix, valid), patch=st.booleans())
    def write(body, patch):
        raw = json.dumps(body).encode()
        if patch and contract.resource.edit:
            check(api.send("PATCH", contract.path(row), raw), body)
        else:
            check(api.send("POST", contract.collection, raw), body)

    write()
    assert database_state(beta) == before
    with tenant_scope(alpha.id):  # what the API takes, the formula can compute with
        recompute_health(actor=alpha.actor("manager"))


@pytest.mark.parametrize("prefix", sorted(VIEWSETS))
def test_asking_for_anything(alpha, prefix):
    contract, api, viewset = contracts()[prefix], Api(alpha, "manager"), VIEWSETS[prefix]
    contract.row(alpha)
    names = [*getattr(getattr(viewset, "filterset_class", None), "base_filters", {}), "ordering", "page", "page_size"]
    asked = st.one_of(texts.filter(lambda text: text != "\ud800"), numbers.map(str), st.sampled_from(["true", "1", ""]))

    @many
    @given(query=st.dictionaries(st.sampled_from(names), asked, max_size=3))
    def ask(query):
        check(api.get(contract.collection, query), query)

    ask()


@many
@given(raw=st.binary(max_size=200))
def test_any_bytes(alpha, raw):
    check(Api(alpha, "manager").send("POST", "organizations/", raw), raw)
