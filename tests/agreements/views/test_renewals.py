"""The page of what ends soon: what stands on it, until when, who sees to it, and what leads on."""

from datetime import timedelta

from django.utils import timezone

from agreements.models import Agreement
from agreements.queries.renewals import renewal_leads, visible_renewals
from core.tenancy.scope import tenant_scope
from tests.api_kit import nothing_changes
from tests.factories.agreements import make_agreement, make_executed


def ending(days: int, **fields) -> Agreement:
    """In force, without a clock: then the lead is the usual half year."""
    return make_executed(expires_on=timezone.localdate() + timedelta(days=days), **{"complete_on": None, **fields})


def test_what_ends_within_its_lead_stands_there(in_alpha, client_of):
    soon = ending(170, title="Ends soon", notice_days=30)
    ending(200, title="Ends later")
    ending(-1, title="Has ended")
    ending(20, title="Given up", renewal_intended=False, renewal_progress="declined")
    renewed = ending(30, title="Is renewed")
    make_executed(renews=renewed, title="Renews it", expires_on=None, complete_on=None)
    member = client_of(in_alpha, "viewer")
    text = member.get(f"{in_alpha.prefix}/renewals/?intended=true").content.decode()
    assert "Ends soon" in text
    for other in ("Ends later", "Has ended", "Given up", "Is renewed"):
        assert other not in text
    assert "Given up" in member.get(f"{in_alpha.prefix}/renewals/?intended=false").content.decode()
    row = visible_renewals(in_alpha.actor()).get(pk=soon.pk)
    assert row.notice_on == soon.expires_on - timedelta(days=30)
    assert row.begin_on == soon.expires_on - timedelta(days=180)


def test_the_lead_of_a_kind_waits_until_enough_were_executed_to_plan_by(in_alpha):
    day = timezone.localdate() - timedelta(days=200)
    for working_weeks in (4, 4, 4, 4, 4):
        assert renewal_leads(in_alpha.actor())["license"] == 180
        make_executed(kind="license", days_ago=200, complete_on=day - timedelta(weeks=working_weeks))
    assert renewal_leads(in_alpha.actor())["license"] == 42  # 1.5 × 4 weeks


def test_each_row_leads_to_the_next_step(in_alpha, client_of):
    bare, begun = ending(90, title="Nobody began"), ending(60, title="Begun", renewal_progress="drafted")
    draft = make_agreement(renews=begun, title="The next one")
    page = f"{in_alpha.prefix}/renewals/?intended=true"
    text = client_of(in_alpha, "officer").get(page).content.decode()
    assert f"/agreements/{bare.pk}/renew/" in text
    assert f"/agreements/{bare.pk}/decline-renewal/" in text
    assert f"/agreements/{begun.pk}/renew/" not in text
    assert f'/agreements/{draft.pk}/">Work on {draft.reference}' in text
    assert "/renew/" not in client_of(in_alpha, "viewer").get(page).content.decode()


def test_a_draft_that_one_may_not_read_is_not_named(alpha, client_of):
    with tenant_scope(alpha.id):
        begun = ending(60, renewal_progress="drafted")
        draft = make_agreement(renews=begun, level="confidential")
    text = client_of(alpha, "officer").get(f"{alpha.prefix}/renewals/").content.decode()
    assert begun.title in text
    assert draft.reference not in text
    assert draft.reference in client_of(alpha, "manager").get(f"{alpha.prefix}/renewals/").content.decode()


def test_owners_are_counted_and_assigned(in_alpha, client_of):
    mine, nobody = ending(60, owner=in_alpha.user("officer")), ending(61)
    ending(62, owner=in_alpha.user("officer"))
    page = f"{in_alpha.prefix}/renewals/"
    text = client_of(in_alpha, "officer").get(f"{page}?intended=true").content.decode()
    assert f'owner={mine.owner_id}">Alpha Officer <span class="num">2</span>' in text
    assert 'owner=none">nobody <span class="num">1</span>' in text
    sent = {"operation": "owner", "scope": "rows", "rows": [nobody.pk], "query": "", "owner": mine.owner_id}
    with nothing_changes():
        assert client_of(in_alpha, "viewer").post(f"{in_alpha.prefix}/lists/renewals/bulk/", sent).status_code == 403
    client_of(in_alpha, "officer").post(f"{in_alpha.prefix}/lists/renewals/bulk/", {**sent, "step": "perform"})
    nobody.refresh_from_db()
    assert nobody.owner_id == mine.owner_id
