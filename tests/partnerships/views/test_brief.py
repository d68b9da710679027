"""The partner brief: what stands on it, what does not, and its PDF."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from partnerships.choices import Confidentiality
from partnerships.rules.brief import BriefFacts, Point, asks, talking_points
from tests.factories.organizations import make_contact, make_organization
from tests.factories.partnerships import make_interaction, make_partnership

TODAY = date(2026, 11, 24)


def page(client, partnership, **query):
    return client.get(f"/t/alpha/partners/{partnership.pk}/brief/", query)


def test_it_says_who_they_are_and_what_happened(in_alpha, client_of):
    partnership = make_partnership(make_organization(name="Brent & Söhne <AG>"))
    make_interaction(partnership=partnership, note="Agreed on two PhD students.")
    response = page(client_of(in_alpha), partnership)
    html = response.content.decode()
    assert response.status_code == 200
    assert "Brent &amp; Söhne &lt;AG&gt;" in html
    assert "Agreed on two PhD students." in html


def test_confidential_notes_stay_out_unless_asked_for(in_alpha, client_of):
    partnership = make_partnership()
    make_interaction(partnership=partnership, note="Plain words.")
    make_interaction(partnership=partnership, note="Secret words.", confidentiality=Confidentiality.CONFIDENTIAL)
    client = client_of(in_alpha)
    assert "Secret words." not in page(client, partnership).content.decode()
    with_them = page(client, partnership, confidential="").content.decode()
    assert "Secret words." in with_them
    assert "· Confidential ·" in with_them


@pytest.mark.parametrize("role", ["officer", "researcher"])
def test_whoever_may_not_read_a_note_gets_it_in_no_way(in_alpha, client_of, role):
    partnership = make_partnership()
    make_interaction(partnership=partnership, note="Secret words.", confidentiality=Confidentiality.CONFIDENTIAL)
    html = page(client_of(in_alpha, role), partnership, confidential="").content.decode()
    assert "Secret words." not in html
    assert "· Confidential ·" not in html


def test_a_viewer_gets_no_notes_and_no_people(in_alpha, client_of):
    partnership = make_partnership()
    contact = make_contact(name="Lena Brandt")
    make_interaction(partnership=partnership, note="Plain words.", contacts=[contact])
    html = page(client_of(in_alpha, "viewer"), partnership).content.decode()
    assert "Plain words." not in html
    assert "Lena Brandt" not in html
    for untrue in (
        "No contact is on record.",
        "Nothing is open.",
        "Nobody is on record.",
        "Who on their side sponsors",
    ):
        assert untrue not in html
    assert "No contact is on record." in page(client_of(in_alpha, "officer"), make_partnership()).content.decode()


def test_another_offices_partner_is_not_found(in_alpha, client_of, beta):
    partnership = make_partnership()
    assert client_of(beta).get(f"/t/beta/partners/{partnership.pk}/brief/").status_code == 404
    assert client_of(beta).get(f"/t/beta/partners/{partnership.pk}/brief/pdf/").status_code == 404


def test_the_pdf_is_one_page_and_takes_words_as_words(in_alpha, client_of):
    partnership = make_partnership(make_organization(name="#let x = panic() *A* _B_ $c$ \\ </script>"))
    for number in range(30):
        make_interaction(
            partnership=partnership,
            note=f"#import {number} " + "long words " * 60,
            occurred_at=timezone.now() - timedelta(days=number),
        )
    response = client_of(in_alpha).get(f"/t/alpha/partners/{partnership.pk}/brief/pdf/")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith('attachment; filename="')
    assert response.content.startswith(b"%PDF-")
    assert response.content.count(b"/Type /Page\n") + response.content.count(b"/Type/Page/") <= 1


def test_the_queries_are_few_and_do_not_grow(in_alpha, client_of, django_assert_max_num_queries):
    partnership = make_partnership()
    client = client_of(in_alpha)
    for _round in range(3):
        make_interaction(partnership=partnership, note="Words.", contacts=[make_contact()])
        with django_assert_max_num_queries(24):
            page(client, partnership)


FULL = BriefFacts(
    today=TODAY,
    days_silent=97,
    overdue=("Send the NDA", "Name a date"),
    steps=(("Battery lab", "draft the scope"), ("PhD program", "call HR"), ("Prize", "choose a jury")),
    unmet=("Cheaper electrolyte",),
    events=("Merged with Vexa",),
    slipping=("Two joint papers",),
    thread="Lena Brandt",
    their_sponsor=False,
    their_aims_known=False,
    review_due=TODAY,
)


def test_the_most_pressing_points_come_first():
    assert talking_points(FULL) == [
        Point("overdue", "Send the NDA"),
        Point("silent", number=97),
        Point("slipping", "Two joint papers"),
    ]
    assert asks(FULL) == [
        Point("step", "Battery lab: draft the scope"),
        Point("step", "PhD program: call HR"),
        Point("second_contact", "Lena Brandt"),
    ]


def test_nothing_is_invented():
    calm = BriefFacts(today=TODAY, days_silent=90)
    assert talking_points(calm) == []
    assert asks(calm) == [Point("measure")]


@pytest.mark.parametrize(("days", "said"), [(60, True), (61, False), (-5, True)])
def test_a_review_is_brought_up_in_time(days, said):
    facts = BriefFacts(today=TODAY, review_due=TODAY + timedelta(days=days))
    assert (talking_points(facts) == [Point("review", number=days)]) is said
