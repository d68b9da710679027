"""The pages of IP and the rights in it: what one may read, disclosing under an NDA, and what could be granted."""

from django.utils import timezone

from agreements.models import Document, DocumentShare, Grant, IpAsset
from core.tenancy.scope import tenant_scope
from tests.api_kit import nothing_changes
from tests.factories.agreement_parts import make_grant, make_ip_asset, make_nda
from tests.factories.agreements import make_agreement, make_executed
from tests.factories.organizations import make_organization


def asset_body(**fields) -> dict:
    return {"reference": "IP-1", "title": "An enzyme", "kind": "invention", "level": "internal", **fields}


def test_from_adding_to_deleting(in_alpha, client_of):
    member = client_of(in_alpha, "officer")
    made = member.post(f"{in_alpha.prefix}/ip-assets/new/", asset_body(lead=in_alpha.user("officer").pk))
    row = IpAsset.objects.get()
    page = f"{in_alpha.prefix}/ip-assets/{row.pk}/"
    assert made["Location"] == page
    changed = member.post(f"{page}edit/", asset_body(title="Two enzymes", version=row.version))
    row.refresh_from_db()
    assert (changed.status_code, row.title) == (302, "Two enzymes")
    with nothing_changes():
        taken = member.post(f"{in_alpha.prefix}/ip-assets/new/", asset_body())
        assert taken.status_code == 422
        assert "Another piece of IP has the reference IP-1." in taken.content.decode()
        assert client_of(in_alpha, "researcher").post(f"{page}delete/").status_code == 403
    grant = make_grant(make_agreement(), row)
    with nothing_changes():
        member.post(f"{page}delete/")
    grant.delete()
    member.post(f"{page}delete/")
    assert not IpAsset.objects.exists()


def test_ip_above_ones_level_is_absent_everywhere(alpha, client_of):
    with tenant_scope(alpha.id):
        hidden = make_ip_asset(title="Secret enzyme")
        grant = make_grant(make_agreement(), hidden, exclusivity="exclusive")
    member = client_of(alpha, "manager")
    with nothing_changes():
        for more in ("", "edit/", "disclose/", "history/"):
            assert member.get(f"{alpha.prefix}/ip-assets/{hidden.pk}/{more}").status_code == 404
        for address in ("ip-assets/", "ui/lookup/ip-assets/?q=Secret", f"freedom/?asset={hidden.pk}", "grants/"):
            assert "Secret enzyme" not in member.get(f"{alpha.prefix}/{address}").content.decode()
        sent = {"agreement": grant.agreement_id, "kind": "license", "exclusivity": "sole", "asset": hidden.pk}
        assert member.post(f"{alpha.prefix}/grants/new/", sent).status_code == 422
    assert "IP that you may not read" in member.get(f"{alpha.prefix}/grants/").content.decode()
    kept = {"kind": "license", "exclusivity": "sole", "version": grant.version}
    assert member.post(f"{alpha.prefix}/grants/{grant.pk}/edit/", kept).status_code == 302
    with tenant_scope(alpha.id):
        grant.refresh_from_db()
    assert (grant.asset_id, grant.exclusivity) == (hidden.pk, "sole")


def test_ip_is_disclosed_under_an_nda_and_not_without(in_alpha, client_of):
    asset, outsider = make_ip_asset(level="internal", text="How it folds."), make_organization(name="Acme")
    page, member = f"{in_alpha.prefix}/ip-assets/{asset.pk}/disclose/", client_of(in_alpha, "officer")
    IpAsset.objects.filter(pk=asset.pk).update(level="partner_shared")
    with nothing_changes():
        refused = member.post(page, {"organization": outsider.pk})
        assert refused.status_code == 422
        assert "There is no NDA in force with Acme." in refused.content.decode()
        reason = {"organization": outsider.pk, "override_reason": "Urgent", "agreement": 1}
        assert member.post(page, reason).status_code == 422
        assert client_of(in_alpha, "researcher").post(page, {"organization": outsider.pk}).status_code == 403
    nda = make_nda(outsider)
    told = member.post(page, {"organization": outsider.pk}, follow=True).content.decode()
    assert "is on record as disclosed to Acme" in told
    exhibit, share = Document.objects.get(), DocumentShare.objects.get()
    assert (exhibit.agreement_id, share.nda_id, share.organization_id) == (nda.pk, nda.pk, outsider.pk)
    assert "How it folds." in exhibit.text


def test_a_manager_gives_a_reason_instead_of_an_nda(in_alpha, client_of):
    asset, outsider = make_ip_asset(level="confidential"), make_organization()
    home, page = make_agreement(), f"{in_alpha.prefix}/ip-assets/{asset.pk}/disclose/"
    member = client_of(in_alpha, "manager")
    sent = {"organization": outsider.pk, "agreement": home.pk}
    with nothing_changes():
        assert member.post(page, sent).status_code == 422
    assert member.post(page, {**sent, "override_reason": "The minister asked"}).status_code == 302
    assert DocumentShare.objects.get().override_reason == "The minister asked"


def test_a_right_is_added_changed_and_taken_out_before_execution(in_alpha, client_of):
    agreement, asset = make_agreement(), make_ip_asset(level="internal")
    member = client_of(in_alpha, "officer")
    sent = {
        "agreement": agreement.pk,
        "asset": asset.pk,
        "kind": "license",
        "exclusivity": "exclusive",
        "fields_of_use": "Batteries,  Fuel   cells",
        "territories": "dk, de",
    }
    made = member.post(f"{in_alpha.prefix}/grants/new/", sent)
    row = Grant.objects.get()
    assert made["Location"].startswith(f"{in_alpha.prefix}/agreements/{agreement.pk}/")
    assert (row.fields, row.territories) == (["Batteries", "Fuel cells"], ["DK", "DE"])
    page = f"{in_alpha.prefix}/grants/{row.pk}/"
    assert 'value="Batteries, Fuel cells"' in member.get(f"{page}edit/").content.decode()
    with nothing_changes():
        odd = {**sent, "territories": "Denmark", "version": row.version}
        answer = member.post(f"{page}edit/", odd)
        assert answer.status_code == 422
        assert "Give ISO country codes" in answer.content.decode()
        assert client_of(in_alpha, "viewer").post(f"{page}delete/").status_code == 403
    member.post(f"{page}delete/")
    assert not Grant.objects.exists()


def test_rights_of_an_executed_agreement_stay(in_alpha, client_of):
    row, member = make_grant(make_executed()), client_of(in_alpha)
    page = f"{in_alpha.prefix}/grants/{row.pk}/"
    with nothing_changes():
        sent = {"kind": "license", "exclusivity": "sole", "version": row.version}
        assert member.post(f"{page}edit/", sent).status_code == 422
        member.post(f"{page}delete/")
    assert Grant.objects.filter(pk=row.pk).exists()


def test_whether_a_right_could_be_granted_is_answered_for_page_and_fragment(in_alpha, client_of):
    asset = make_ip_asset(level="internal")
    held = make_executed(title="Holds batteries")
    make_grant(held, asset, exclusivity="exclusive", fields=["Batteries"], territories=["DK"])
    member, page = client_of(in_alpha, "officer"), f"{in_alpha.prefix}/freedom/"
    assert "Choose the IP and say which right" in member.get(page).content.decode()
    clash = f"{page}?asset={asset.pk}&exclusivity=exclusive&fields_of_use=batteries&territories=dk"
    text = member.get(clash).content.decode()
    assert "It cannot be granted" in text
    assert f'href="{in_alpha.prefix}/agreements/{held.pk}/"' in text
    for free in ("fields_of_use=Paints&territories=dk", "fields_of_use=Batteries&territories=SE"):
        assert "It could be granted" in member.get(f"{page}?asset={asset.pk}&{free}").content.decode()
    assert "It cannot be granted" in member.get(f"{page}?asset={asset.pk}").content.decode()
    after = (held.expires_on.replace(year=held.expires_on.year + 1)).isoformat()
    later = member.get(f"{clash}&starts_on={after}").content.decode()
    assert "It could be granted" in later
    part = member.get(clash, headers={"HX-Request": "true", "HX-Target": "freedom"}).content.decode()
    assert part.lstrip().startswith('<div class="stack" id="freedom"')
    assert "<html" not in part
    wrong = f"{clash}&starts_on={timezone.localdate()}&ends_on=2000-01-01"
    assert "The end lies before the start." in member.get(wrong).content.decode()
    with nothing_changes():
        assert client_of(in_alpha, "viewer").get(clash).status_code == 403


def test_a_holder_that_one_may_not_read_is_counted_and_not_named(alpha, client_of):
    with tenant_scope(alpha.id):
        asset = make_ip_asset(level="internal")
        held = make_executed(title="Secret holder", level="confidential")
        make_grant(held, asset, exclusivity="exclusive")
    text = client_of(alpha, "officer").get(f"{alpha.prefix}/freedom/?asset={asset.pk}").content.decode()
    assert "Another agreement, which you may not read" in text
    assert "Secret holder" not in text
    assert held.reference not in text
