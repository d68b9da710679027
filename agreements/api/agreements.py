"""Agreements over HTTP: the record, its parts, and one verb for each move."""

from typing import Any

from agreements.actions.agreements import create_agreement, delete_agreement, edit_agreement
from agreements.actions.amendments import amend_agreement, decline_renewal, renew_agreement
from agreements.actions.clauses import answer_clauses, override_rule
from agreements.actions.money import set_money
from agreements.actions.moves import (
    complete_request,
    execute_agreement,
    hold_agreement,
    log_redline,
    reopen_negotiation,
    request_approval,
    resume_agreement,
    return_request,
    route_for_signature,
    send_to_partner,
    start_drafting,
    terminate_agreement,
    withdraw_agreement,
)
from agreements.actions.signatories import set_signatories
from agreements.api.inputs import (
    AgreementMoveInput,
    AgreementReasonInput,
    AnswersInput,
    DraftInput,
    ExecuteInput,
    MoneyInput,
    OverrideInput,
    SeenInput,
    SignatoriesInput,
    TerminateInput,
)
from agreements.api.parts import (
    AskedSerializer,
    ClaritySerializer,
    ClockSerializer,
    EventSerializer,
    FamilySerializer,
    MoneyLineSerializer,
    SignatorySerializer,
)
from agreements.filters import AgreementFilter
from agreements.models import Agreement, Party
from agreements.queries.agreements import visible_agreements, visible_events, visible_money, visible_signatories
from agreements.queries.clauses import asked_of, clarity_of
from agreements.queries.families import family_list
from agreements.queries.parties import possible_parties
from agreements.queries.turnaround import clock_of
from core.rest.references import Reference, References
from core.rest.serializers import Moment, TenantSerializer
from core.rest.viewsets import TenantViewSet, part, verb
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.projects import visible_projects
from tenants.queries.units import visible_units
from tenants.queries.users import colleagues


class SeenReference(Reference):
    """Another agreement, shown by its reference where the reader may read it and null where not."""

    def shower(self):
        id_name, name = f"{self.source}_id", f"{self.source}_reference"

        def show(row: Any) -> dict[str, Any] | None:
            reference = getattr(row, name)
            return None if reference is None else {"id": getattr(row, id_name), "name": reference}

        return show


class PartySerializer(TenantSerializer):
    organization = Reference()
    related_reads = {"organization": possible_parties}

    class Meta:
        model = Party
        fields = ["id", "organization", "role", "is_primary"]
        extra_kwargs = {
            "role": {"required": False, "help_text": "Default: partner."},
            "is_primary": {"required": False, "help_text": "Exactly one other organization is."},
        }


class AgreementSerializer(TenantSerializer):
    partnership = Reference(
        named="organization.name", required=False, allow_null=True, help_text="Default: the main counterparty's."
    )
    parent = SeenReference(
        named="reference", required=False, allow_null=True, help_text="The master it is made under, if you may read it."
    )
    amends = SeenReference(read_only=True, help_text="The agreement it changes, if you may read it.")
    renews = SeenReference(read_only=True, help_text="The agreement it succeeds, if you may read it.")
    unit = Reference(required=False, allow_null=True)
    owner = Reference(required=False, allow_null=True, help_text="Who handles it. Default: you.")
    principal_investigator = Reference(required=False, allow_null=True)
    parties = PartySerializer(many=True, required=False, help_text="Left out on creating: the partner alone.")
    projects = References("projects", "project", named="title", required=False)
    court_since = Moment(read_only=True, help_text="Since when it lies in that court; null before the first move.")
    related_reads = {
        "partnership": visible_partnerships,
        "parent": visible_agreements,
        "unit": visible_units,
        "owner": colleagues,
        "principal_investigator": colleagues,
        "projects": visible_projects,
    }

    class Meta:
        model = Agreement
        fields = [
            "id",
            "version",
            "reference",
            "their_reference",
            "title",
            "kind",
            "status",
            "workflow",
            "court",
            "court_since",
            "redline_round",
            "hold_reason",
            "parent",
            "amends",
            "renews",
            "partnership",
            "unit",
            "owner",
            "principal_investigator",
            "level",
            "value",
            "currency",
            "governing_law",
            "requested_on",
            "complete_on",
            "executed_on",
            "effective_on",
            "expires_on",
            "ended_on",
            "end_reason",
            "notice_days",
            "renews_automatically",
            "renewal_intended",
            "renewal_progress",
            "summary",
            "clarity",
            "blocking",
            "parties",
            "projects",
            "created_at",
            "updated_at",
        ]
        read_only_fields = [
            "reference",
            "status",
            "workflow",
            "court",
            "redline_round",
            "hold_reason",
            "complete_on",
            "executed_on",
            "ended_on",
            "end_reason",
            "renewal_progress",
            "clarity",
            "blocking",
        ]
        extra_kwargs = {
            "reference": {"help_text": "The office's own, given when it is created."},
            "currency": {"required": False, "help_text": "ISO 4217. Default: the office's."},
            "value": {"help_text": "A decimal number as text; null: not known."},
            "level": {"help_text": "You read your own at every level; others by your role."},
            "clarity": {"help_text": "Percent of the checklist that is clear, by weight."},
            "blocking": {"help_text": "How many rules stand against signature."},
        }


def _move(action, summary: str, description: str = "", body: type = AgreementMoveInput):
    return verb(action, body, subject="agreement", summary=summary, description=description)


class AgreementViewSet(TenantViewSet):
    """The agreements that you may read, latest request first: by level and role, and your own at every level."""

    serializer_class = AgreementSerializer
    filterset_class = AgreementFilter
    reads = staticmethod(visible_agreements)
    writes = {"create": create_agreement, "update": edit_agreement, "delete": delete_agreement}
    subject = "agreement"
    sorting = {
        "reference": "reference",
        "title": "title",
        "partner": "partnership__organization__name_key",
        "kind": "kind",
        "value": "value",
        "requested_on": "requested_on",
        "executed_on": "executed_on",
        "expires_on": "expires_on",
        "clarity": "clarity",
        "created_at": "created_at",
        "updated_at": "updated_at",
    }

    money = part(visible_money, MoneyLineSerializer, many=True, summary="List the money schedule")
    set_money = verb(
        set_money,
        MoneyInput,
        subject="agreement",
        summary="Replace the money schedule",
        description="The lines add up to the agreement's value, which may be sent along as `value`.",
    )
    signatories = part(visible_signatories, SignatorySerializer, many=True, summary="List who signs")
    set_signatories = verb(set_signatories, SignatoriesInput, subject="agreement", summary="Replace who signs")
    clauses = part(asked_of, AskedSerializer, many=True, summary="List the clause questions and their answers")
    answer_clauses = verb(
        answer_clauses,
        AnswersInput,
        subject="agreement",
        summary="Answer clause questions",
        description="Questions that are not sent keep their answers; `null` takes an answer back.",
    )
    clarity = part(clarity_of, ClaritySerializer, summary="Get the clarity checklist")
    override_rule = verb(
        override_rule,
        OverrideInput,
        subject="agreement",
        summary="Set a rule aside that stands against signature",
    )
    clock = part(clock_of, ClockSerializer, summary="Get the clock, and what is typical for the kind")
    events = part(visible_events, EventSerializer, many=True, summary="List the moves, newest first")
    family = part(
        family_list,
        FamilySerializer,
        many=True,
        summary="List what hangs together with it",
        description="Everything made under, amending or renewing, from the top down, as far as you may read it.",
    )

    complete_request = _move(complete_request, "Say that the request is complete", "The clock starts.")
    return_request = _move(return_request, "Return the request to the investigator", "The clock has not started.")
    start_drafting = _move(start_drafting, "Start drafting")
    send_to_partner = _move(send_to_partner, "Send it to the partner")
    log_redline = _move(log_redline, "Log a redline", "Counts a further round.")
    request_approval = _move(request_approval, "Ask for internal approval")
    route_for_signature = _move(route_for_signature, "Route it for signature")
    reopen_negotiation = _move(reopen_negotiation, "Reopen the negotiation")
    execute = _move(
        execute_agreement,
        "Execute it",
        "Refused with `rules_block` while rules stand against signature; `details.rules` has their codes.",
        ExecuteInput,
    )
    hold = _move(hold_agreement, "Put it on hold", body=AgreementReasonInput)
    resume = _move(resume_agreement, "Resume it where it stood before the hold")
    withdraw = _move(withdraw_agreement, "Withdraw it before it is executed", body=AgreementReasonInput)
    terminate = _move(terminate_agreement, "Terminate it", body=TerminateInput)
    amend = _move(
        amend_agreement, "Draft an amendment", "Answers the amendment, a draft that begins with the terms.", DraftInput
    )
    renew = _move(renew_agreement, "Draft a renewal", "Answers the renewal, a draft.", DraftInput)
    decline_renewal = _move(decline_renewal, "Say that it will not be renewed", body=SeenInput)
