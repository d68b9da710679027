"""Writing IP and the rights that agreements grant in it."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.actions.documents import give_document
from agreements.actions.parts import refuse_after_execution
from agreements.actions.rechecks import recheck_soon
from agreements.choices import DocumentLabel
from agreements.models import Agreement, Document, Grant, IpAsset
from agreements.queries.agreements import levels_of, lock_agreement
from agreements.queries.assets import lock_grant, lock_ip_asset, visible_ip_assets
from agreements.queries.compliance import nda_in_force
from agreements.queries.documents import next_number
from agreements.rules.confidentiality import is_lower
from core.actions import action
from core.actor import Actor
from core.days import check_days
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit
from organizations.models import Organization
from partnerships.actions.partnerships import check_member
from tenants.actions.deletion import delete_record

MOST_WORDS = 100
LONGEST_WORD = 120


@action("agreements.create_ip_asset")
def create_ip_asset(*, actor: Actor, reference: str, **fields: object) -> IpAsset:
    """Add a piece of IP. Restricted unless said otherwise; whoever adds it handles it unless somebody else is named."""
    if "lead" not in fields:
        fields["lead_id"] = actor.user_id
    check_member(actor, fields.get("lead"), field="lead")
    _check_asset(fields)
    try:
        with transaction.atomic():
            row = IpAsset.objects.create(reference=_reference(reference), **fields)
    except IntegrityError:
        raise _taken(reference) from None
    _refuse_beyond_sight(actor, row)
    return row


@action("agreements.edit_ip_asset")
def edit_ip_asset(*, actor: Actor, ip_asset: IpAsset, seen: int | None = None, **changes: object) -> IpAsset:
    """Change a piece of IP. Lowering its level takes the permission to read the present one."""
    row = lock_ip_asset(ip_asset.pk)
    if changes.get("lead") is not None and changes["lead"].pk != row.lead_id:
        check_member(actor, changes["lead"], field="lead")
    if "reference" in changes:
        changes["reference"] = _reference(changes["reference"])
    _check_asset(changes)
    level = changes.get("level", row.level)
    if is_lower(level, than=row.level) and row.level not in levels_of(actor):
        words = _("Only somebody entitled to read this level may lower it. Ask a manager.")
        raise ActionRefused("may_not_lower", words, field="level")
    try:
        with transaction.atomic():
            apply_edit(row, changes, seen=seen)
    except IntegrityError:
        raise _taken(row.reference) from None
    _refuse_beyond_sight(actor, row)
    return row


@action("agreements.delete_ip_asset")
def delete_ip_asset(*, actor: Actor, ip_asset: IpAsset) -> None:
    """Delete a piece of IP in which no agreement grants a right."""
    delete_record(actor, lock_ip_asset(ip_asset.pk))


@action("agreements.disclose_ip_asset")
def disclose_ip_asset(
    *,
    actor: Actor,
    ip_asset: IpAsset,
    organization: Organization,
    agreement: Agreement | None = None,
    override_reason: str = "",
) -> IpAsset:
    """Write down that the description of a piece of IP is given to an organization, under the NDA in force today.

    What was told is kept word for word as an exhibit of the NDA, shared with the organization. Without an NDA it
    takes a manager's reason and the ``agreement`` that the exhibit belongs to. ``public_summary`` may be told freely.
    """
    row = lock_ip_asset(ip_asset.pk)
    if not row.text.strip():
        raise ActionRefused("no_description", _("There is no description to disclose. Its summary may be shared."))
    home = nda_in_force(organization, timezone.localdate()) or agreement
    if home is None:
        words = _("There is no NDA in force with %s. Have one signed first, or name the agreement to keep this with.")
        raise ActionRefused("no_nda", words % organization.name, field="organization")
    home = lock_agreement(home.pk)
    title = _("Disclosure of %s") % row.reference
    exhibit = Document.objects.create(
        agreement=home,
        label=DocumentLabel.EXHIBIT,
        title=title,
        number=next_number(home, title),
        level=row.level,
        text=f"{row.title}\n\n{row.text}",
        added_by_id=actor.user_id,
    )
    give_document(actor=actor, document=exhibit, organization=organization, why=override_reason)
    return row


@action("agreements.add_grant")
def add_grant(*, actor: Actor, agreement: Agreement, **fields: object) -> Grant:
    """Add a right that an agreement grants, before it is executed. What it collides with, the checklist says."""
    row = lock_agreement(agreement.pk)
    refuse_after_execution(row)
    _check_grant(fields)
    grant = Grant.objects.create(agreement=row, **fields)
    recheck_soon([row.pk])
    return grant


@action("agreements.edit_grant")
def edit_grant(*, actor: Actor, grant: Grant, seen: int | None = None, **changes: object) -> Grant:
    """Change a right before its agreement is executed; afterwards an amendment does. The agreement stays."""
    row = lock_grant(grant.pk)
    given = changes.pop("agreement", None)
    if given is not None and given.pk != row.agreement_id:
        raise ActionRefused("fixed", _("A right stays with its agreement. Add another one."), field="agreement")
    refuse_after_execution(row.agreement)
    _check_grant(changes, row)
    if apply_edit(row, changes, seen=seen):
        recheck_soon([row.agreement_id])
    return row


@action("agreements.delete_grant")
def delete_grant(*, actor: Actor, grant: Grant) -> None:
    """Take a right out of an agreement that is not executed."""
    row = lock_grant(grant.pk)
    refuse_after_execution(row.agreement)
    agreement_id = row.agreement_id
    delete_record(actor, row)
    recheck_soon([agreement_id])


def _reference(given: object) -> str:
    reference = " ".join(str(given).split())
    if not reference:
        raise InvalidInput("no_reference", _("Give it a reference, such as IP-2026-014."), field="reference")
    return reference


def _taken(reference: object) -> ActionRefused:
    words = _("Another piece of IP has the reference %s. Choose a different one.") % str(reference).strip()
    return ActionRefused("reference_taken", words, field="reference")


def _check_asset(fields: dict[str, object]) -> None:
    if "title" in fields:
        fields["title"] = " ".join(str(fields["title"]).split())
        if not fields["title"]:
            raise InvalidInput("no_title", _("Give it a title."), field="title")


def _refuse_beyond_sight(actor: Actor, row: IpAsset) -> None:
    if not visible_ip_assets(actor).filter(pk=row.pk).exists():
        words = _("You could not read it yourself any more. Handle it yourself, or ask somebody who may.")
        raise ActionRefused("beyond_sight", words, field="level")


def _check_grant(fields: dict[str, object], row: Grant | None = None) -> None:
    for name in ("fields", "territories"):
        if name in fields:
            fields[name] = _words(fields[name], name)
    check_days(fields, "starts_on", "ends_on")
    starts_on, ends_on = (fields.get(name, getattr(row, name, None)) for name in ("starts_on", "ends_on"))
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        raise InvalidInput("dates_reversed", _("The end lies before the start."), field="ends_on")


def _words(given: Iterable[object], field: str) -> list[str]:
    """The words once each in their order; territories are ISO codes in capitals, "*" means all."""
    words = [" ".join(str(word).split()) for word in given]
    words = list(dict.fromkeys(word.upper() if field == "territories" else word for word in words if word))
    if len(words) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in words):
        raise InvalidInput("too_many", _("Give at most 100 words of at most 120 letters."), field=field)
    if field == "territories" and any(not _is_territory(word) for word in words):
        raise InvalidInput("no_territory", _("Give ISO country codes such as DK, or * for all."), field=field)
    return words


def _is_territory(word: str) -> bool:
    return word == "*" or (len(word) == 2 and word.isascii() and word.isalpha())
