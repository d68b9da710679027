"""Writing agreements before they are executed, and who handles them afterwards."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.actions.clauses import recheck
from agreements.actions.money import check_currency, refuse_difference
from agreements.actions.parties import check_partner, checked_parties, replace_parties, stored_parties
from agreements.actions.parts import refuse_after_execution
from agreements.actions.references import next_reference
from agreements.choices import LegalStatus, PartyRole, RenewalProgress
from agreements.models import Agreement, AgreementEvent, AgreementProject, MoneyLine, Party
from agreements.queries.agreements import levels_of, lock_agreement, may_read
from agreements.queries.clauses import facts_of
from agreements.rules.clarity import check_clarity
from agreements.rules.confidentiality import is_lower
from agreements.rules.kinds import KINDS
from agreements.rules.money import LARGEST
from agreements.rules.renewal import terms_overlap, terms_reversed
from agreements.rules.workflow import BEFORE_EXECUTION, IN_LAW, TERMINATED, WITHDRAWN
from core.actions import action
from core.actor import Actor
from core.days import check_days
from core.errors import ActionRefused, InvalidInput
from core.trees import check_parent
from core.versions import apply_edit, count_edit
from partnerships.actions.partnerships import check_member, recompute_soon
from partnerships.models import Project
from tenants.actions.deletion import delete_record
from tenants.queries.tenants import currency_of, lock_office

# Who handles an agreement, and who may read it, is no term of it.
HANDLING = frozenset({"owner", "unit", "level", "renewal_intended"})
# What the checklist reads of the agreement itself.
CHECKED = frozenset(
    {"kind", "expires_on", "notice_days", "renews_automatically", "owner", "governing_law", "value", "currency"}
)
DAYS = frozenset({"requested_on", "effective_on", "expires_on"})
MOST_NOTICE = 3650


@action("agreements.create_agreement")
def create_agreement(
    *,
    actor: Actor,
    parties: Iterable[Mapping[str, object]] | None = None,
    projects: Iterable[Project] = (),
    **fields: object,
) -> Agreement:
    """Begin an agreement: a draft at intake, with the office's next reference, handled by the actor unless said.

    ``parties`` may be left out for an agreement with one partner. Its partner, where none is named, is the main
    counterparty's. A kind that stands only under a master needs a ``parent``.
    """
    partnership = fields.pop("partnership", None)
    if parties is None:
        if partnership is None:
            words = _("Name the partner, or the parties.")
            raise InvalidInput("no_party", words, field="partnership")
        parties = [{"organization": partnership.organization, "role": PartyRole.PARTNER, "is_primary": True}]
    between = checked_parties(parties)
    if "owner" not in fields and actor.user_id is not None:
        fields["owner_id"] = actor.user_id
    if fields.get("currency") is None:
        fields["currency"] = currency_of(actor)
    row = Agreement(partnership=check_partner(partnership, between), **fields)
    check_agreement(actor, row, changed=fields.keys())
    return begin(actor, row, between, projects)


def begin(
    actor: Actor, row: Agreement, parties: list[dict[str, object]], projects: Iterable[Project] = ()
) -> Agreement:
    """Store a new agreement that was checked, with its reference, parties, projects and first checklist."""
    projects = list(dict.fromkeys(projects))
    started = [each.started_on for each in projects if each.started_on and each.started_on <= timezone.localdate()]
    clarity = check_clarity(facts_of(row, work_started_on=min(started, default=None)))
    row.clarity, row.blocking = round(clarity.score, 2), len(clarity.blocking)
    row.reference = next_reference(actor, timezone.localdate().year)
    row.save(force_insert=True)
    Party.objects.bulk_create(Party(agreement=row, **each) for each in stored_parties(parties))
    AgreementProject.objects.bulk_create(AgreementProject(agreement=row, project=each) for each in projects)
    return row


@action("agreements.edit_agreement")
def edit_agreement(
    *,
    actor: Actor,
    agreement: Agreement,
    seen: int | None = None,
    parties: Iterable[Mapping[str, object]] | None = None,
    projects: Iterable[Project] | None = None,
    **changes: object,
) -> Agreement:
    """Change an agreement that is not executed, its parties and projects included.

    Afterwards only who handles it can be changed, who may read it, and whether it is meant to be renewed. A change
    after which the actor could not read the agreement any more is refused; lowering its level takes the permission to
    read the present one.
    """
    if changes.get("parent") is not None:
        lock_office(actor)  # two at once could close a circle that neither of them sees
    row = lock_agreement(agreement.pk)
    after = {name for name, value in changes.items() if getattr(row, name) != value} - HANDLING
    if after or parties is not None or projects is not None:
        if seen is None or seen == row.version:
            refuse_after_execution(row)
    between = checked_parties(parties) if parties is not None else None
    if between is not None or "partnership" in changes:
        present = [{"organization": each.organization, "is_primary": each.is_primary} for each in _parties_of(row)]
        named = changes.get("partnership", None if between is not None else row.partnership)
        changes["partnership"] = check_partner(named, between or present)
    before = Agreement(**{field.attname: getattr(row, field.attname) for field in Agreement._meta.concrete_fields})
    for name, value in changes.items():
        setattr(before, name, value)
    check_agreement(actor, before, changed=after | (changes.keys() & HANDLING))
    if is_lower(before.level, than=row.level) and row.level not in levels_of(actor):
        words = _("Only somebody entitled to read this level may lower it. Ask a manager.")
        raise ActionRefused("may_not_lower", words, field="level")
    edited = apply_edit(row, changes, seen=seen)
    parts = between is not None and replace_parties(row, between)
    parts = (projects is not None and _set_projects(row, {each.pk for each in projects})) or parts
    if parts and not edited:
        count_edit(row)
    if parts or (edited and changes.keys() & CHECKED):
        recheck([row.pk])
        row.refresh_from_db(fields=["clarity", "blocking"])
    return row


@action("agreements.delete_agreement")
def delete_agreement(*, actor: Actor, agreement: Agreement) -> None:
    """Delete a draft on which nobody has worked yet; the recycle bin keeps it for 30 days.

    One that has moved is a record and stays: withdraw it.
    """
    row = lock_agreement(agreement.pk)
    if row.status != LegalStatus.DRAFT or AgreementEvent.objects.filter(agreement=row).exists():
        words = _("%s has moved already and stays on record.")
        if row.status in BEFORE_EXECUTION:
            words = _("%s has moved already and stays on record. Withdraw it instead.")
        elif row.status in IN_LAW:
            words = _("%s is executed and stays on record. Amend or terminate it instead.")
        raise ActionRefused("has_moved", words % row.reference)
    if row.renews_id is not None and row.amends_id is None:
        earlier = lock_agreement(row.renews_id)
        if apply_edit(earlier, {"renewal_progress": RenewalProgress.NONE}, seen=None) and earlier.partnership_id:
            recompute_soon([earlier.partnership_id])
    delete_record(actor, row)


def check_agreement(actor: Actor, row: Agreement, *, changed: Iterable[str]) -> None:
    """Refuse what no agreement may say; ``changed`` are the fields that are new, the others were checked before."""
    changed = set(changed)
    if "title" in changed:
        row.title = str(row.title).strip()
        if not row.title:
            raise InvalidInput("no_title", _("Give the agreement a title."), field="title")
    if "currency" in changed:
        check_currency(row.currency)
    if row.value is not None and not 0 <= row.value <= LARGEST:
        raise InvalidInput("out_of_range", _("Give an amount from 0 to 999,999,999,999.99."), field="value")
    check_days({name: getattr(row, name) for name in changed & DAYS}, *sorted(changed & DAYS))
    for name in changed & {"owner", "principal_investigator"}:
        check_member(actor, getattr(row, name), field=name)
    if "requested_on" in changed and row.requested_on > timezone.localdate():
        words = _("Nobody has requested it on a day that lies in the future.")
        raise InvalidInput("in_the_future", words, field="requested_on")
    if (row.notice_days or 0) > MOST_NOTICE:
        words = _("A notice period of more than ten years is unlikely. Check the days.")
        raise InvalidInput("notice_too_long", words, field="notice_days")
    if changed & {"effective_on", "expires_on"}:
        check_term(row, row.effective_on)
    if changed & {"parent", "kind"}:
        _check_parent(row)
    if "value" in changed and row.pk is not None:
        amounts = MoneyLine.objects.filter(agreement_id=row.pk).values_list("amount", flat=True)
        refuse_difference(row.value, amounts, field="value")
    if changed & {"level", "owner", "principal_investigator"} and not actor.is_system and not may_read(actor, row):
        words = _("You could not read this agreement any more. Choose another level, or handle it yourself.")
        raise InvalidInput("out_of_sight", words, field="level")


def check_term(row: Agreement, effective_on: date | None) -> None:
    """Refuse a term that ends before it begins, and one that begins while the agreement it renews still runs.

    The last day of an amendment becomes that of what it amends, and is held against that agreement too.
    """
    if terms_reversed(effective_on, row.expires_on):
        words = _("It would end before it begins. Check both dates.")
        raise InvalidInput("dates_reversed", words, field="expires_on")
    if row.amends_id is not None:
        _check_amended_term(row)
    if row.renews_id is not None and terms_overlap(row.renews.expires_on, effective_on):
        words = _("%(reference)s runs until %(day)s; the renewal begins the day after or later.")
        named = {"reference": row.renews.reference, "day": row.renews.expires_on.isoformat()}
        raise InvalidInput("terms_overlap", words % named, field="effective_on")


def _check_amended_term(row: Agreement) -> None:
    if terms_reversed(row.amends.effective_on, row.expires_on):
        words = _("%s would end before it begins. Check the last day.") % row.amends.reference
        raise InvalidInput("dates_reversed", words, field="expires_on")
    for later in row.amends.renewals.filter(status__in=IN_LAW):
        if terms_overlap(row.expires_on, later.effective_on):
            words = _("%(reference)s renews it from %(day)s; the term ends the day before or earlier.")
            named = {"reference": later.reference, "day": later.effective_on.isoformat()}
            raise InvalidInput("terms_overlap", words % named, field="expires_on")


def _check_parent(row: Agreement) -> None:
    kind, parent = KINDS[row.kind], row.parent
    if parent is None:
        if kind.needs_parent and row.amends_id is None:
            words = _("%s stands only under a master agreement. Name it.") % row.get_kind_display()
            raise InvalidInput("needs_parent", words, field="parent")
        return
    if not KINDS[parent.kind].frame:
        words = _("Nothing is made under %s: it is no master and no consortium agreement.") % parent.reference
        raise InvalidInput("no_frame", words, field="parent")
    if parent.status in (TERMINATED, WITHDRAWN):
        words = _("%s has ended. Choose one that stands.") % parent.reference
        raise ActionRefused("parent_ended", words, field="parent")
    check_parent(row, parent)


def _parties_of(row: Agreement) -> Iterable[Party]:
    return Party.objects.filter(agreement=row).select_related("organization").order_by("pk")


def _set_projects(row: Agreement, wanted: set[int]) -> bool:
    present = dict(AgreementProject.objects.filter(agreement=row).values_list("project_id", "pk"))
    gone = [pk for project, pk in present.items() if project not in wanted]
    AgreementProject.objects.filter(pk__in=gone).delete()
    new = sorted(wanted - present.keys())
    AgreementProject.objects.bulk_create(AgreementProject(agreement=row, project_id=pk) for pk in new)
    return bool(gone or new)
