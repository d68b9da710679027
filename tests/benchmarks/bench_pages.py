"""Pages of a large office (3,000 partners, 20,000 people, 300,000 interactions), against bare views of the same size.

The floor of each page is a Django view without middleware, sign-in, office and template, called directly: it sends as
many bytes, with the answer of one statement written by hand that reads what the page is about, as a superuser without
row policies. Page and floor take turns in one process. p50 and p95 are in milliseconds.
"""

import gc
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from core.tenancy.scope import tenant_transaction
from partnerships.models import Partnership
from tenants.models import User
from tests import databases
from tests.benchmarks import large_office
from tests.benchmarks.kit import Figure, own_database

ROUNDS, WARM_UP = 40, 4

LIST = """
    select p.id, o.name, o.city, p.tier, p.stage_declared, h.band, h.score, h.last_contact_at
    from partnerships_partnership p
    join organizations_organization o on o.tenant_id = p.tenant_id and o.id = p.organization_id
    join partnerships_partnershiphealth h on h.tenant_id = p.tenant_id and h.partnership_id = p.id
    where p.tenant_id = %(tenant)s order by o.name_key, p.id limit 50
"""
PARTNER = """
    select i.id, i.kind, i.occurred_at, i.note, o.name, h.score
    from partnerships_interaction i
    join partnerships_partnership p on p.tenant_id = i.tenant_id and p.id = i.partnership_id
    join organizations_organization o on o.tenant_id = p.tenant_id and o.id = p.organization_id
    join partnerships_partnershiphealth h on h.tenant_id = p.tenant_id and h.partnership_id = p.id
    where i.tenant_id = %(tenant)s and i.partnership_id = %(partner)s order by i.occurred_at desc limit 20
"""
NAMES = """
    select o.id, o.name, o.city from organizations_organization o
    where array[o.tenant_id] @> array[%(tenant)s::bigint] and search_words(
        o.name || ' ' || o.legal_name || ' ' || o.city || ' ' ||
        coalesce(substring(o.website from '^[^:]*://(?:www\\.)?([^/:]+)'), '')
    ) @@ to_tsquery('public.causeway_words', %(words)s) limit 25
"""
NOTES = """
    select i.id, i.occurred_at, i.note from partnerships_interaction i
    where array[i.tenant_id] @> array[%(tenant)s::bigint]
      and search_words(i.note) @@ to_tsquery('public.causeway_words', %(words)s)
    order by i.occurred_at desc limit 25
"""
LOG = """
    insert into partnerships_interaction (tenant_id, partnership_id, kind, direction, occurred_at, note,
        confidentiality, channel, is_pinned, source, logged_by_id, version, created_at, updated_at)
    values (%(tenant)s, %(partner)s, 'meeting', 'O', now(), 'Talked.', 'internal', '', false, 'manual', %(member)s, 1,
        now(), now()) returning id
"""


@dataclass(slots=True)
class Times:
    """Seconds of every round, page and floor."""

    page: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)

    def figures(self, name: str) -> Iterator[Figure]:
        for label, at in (("p50", 49), ("p95", 94)):
            page, floor = (statistics.quantiles(times, n=100)[at] * 1000 for times in (self.page, self.floor))
            yield Figure(f"{name}, {label}", page, floor, "ms")


def measure() -> Iterator[Figure]:
    """Each page with its floor, forty rounds."""
    with own_database("bench_pages") as database:
        tenant = large_office.build(database)
        member = User.objects.get(email=f"member1@{large_office.SLUG}.example")
        with tenant_transaction(tenant.pk):
            partners = list(Partnership.objects.order_by("pk").values_list("pk", flat=True))
            name = Partnership.objects.select_related("organization").get(pk=partners[40]).organization.name
        client = Client(SERVER_NAME="localhost")
        client.force_login(member)
        parameters = {"tenant": tenant.pk, "member": member.pk}
        chance = random.Random(3)
        with databases.superuser(database) as cursor:

            def pages() -> Iterator[tuple[str, Callable[[], HttpResponse], str, dict]]:
                yield "partner list, 50 rows", lambda: _get(client, "/partners/"), LIST, {}
                partner = chance.choice(partners)
                yield "partner page", lambda: _get(client, f"/partners/{partner}/"), PARTNER, {"partner": partner}
                for words, question, statement, tsquery in _questions(name):
                    yield (
                        f"search, {words}",
                        lambda question=question: _get(client, "/search/", {"q": question}),
                        statement,
                        {"words": tsquery},
                    )
                yield "palette, beginning", lambda: _get(client, "/ui/search/", {"q": name[:6]}), NAMES, {
                    "words": f"'{name[:6]}':*"
                }  # fmt: skip
                yield "palette, nothing typed", lambda: _get(client, "/ui/search/", {"q": ""}), PARTNER, {
                    "partner": partner
                }  # fmt: skip
                yield "log an interaction", lambda: _log(client, partner), LOG, {"partner": partner}

            yield from _figures(cursor, pages, parameters)


def _questions(name: str) -> list[tuple[str, str, str, str]]:
    """What is asked, the question, and the floor's statement with its words."""
    first, last = name.split()
    return [
        ("the exact name", name, NAMES, f"'{first}':* & '{last}':*"),
        ("a beginning", name[:6], NAMES, f"'{name[:6]}':*"),
        ("a misspelled name", f"{name[1]}{name[0]}{name[2:9]}", NAMES, f"'{name[2:9]}':*"),
        ("two words", "müller lena", NAMES, "'müller':* & 'lena':*"),
        ("a rare word of notes", large_office.RARE_WORD, NOTES, f"'{large_office.RARE_WORD}':*"),
        ("a common word of notes", "budget", NOTES, "'budget':*"),
        ("nothing found", "quetzalcoatl", NAMES, "'quetzalcoatl':*"),
    ]


def _figures(cursor, pages: Callable, parameters: dict) -> Iterator[Figure]:
    requests = RequestFactory()
    times: dict[str, Times] = {}
    for number in range(WARM_UP + ROUNDS):
        gc.collect()
        for name, visit, statement, more in pages():
            start = time.perf_counter()
            answer = visit()
            taken = time.perf_counter() - start
            size = len(answer.content)

            def bare(request: HttpRequest, statement=statement, more=more, size=size) -> HttpResponse:
                cursor.execute(statement, parameters | more)
                text = str(cursor.fetchall())
                return HttpResponse((text + "x" * max(0, size - len(text)))[:size])

            start = time.perf_counter()
            bare(requests.get("/"))
            bare_taken = time.perf_counter() - start
            if number >= WARM_UP:
                kept = times.setdefault(name, Times())
                kept.page.append(taken)
                kept.floor.append(bare_taken)
    for name, kept in times.items():
        yield from kept.figures(name)


def _get(client: Client, path: str, query: dict | None = None) -> HttpResponse:
    answer = client.get(f"/t/{large_office.SLUG}{path}", query or {})
    assert answer.status_code == 200, (path, answer.status_code)
    return answer


def _log(client: Client, partner: int) -> HttpResponse:
    answer = client.post(
        f"/t/{large_office.SLUG}/log/", {"kind": "meeting", "partnership": partner, "note": "Talked of bolts."}
    )
    assert answer.status_code == 302, answer.content[:2000]
    return answer
