"""The bodies of the verbs of an agreement."""

from rest_framework import serializers

from agreements.choices import MoneyDirection, MoneyKind
from agreements.rules.clauses import QUESTIONS, TEXT_LIMIT
from core.rest.references import Reference
from core.rest.serializers import LARGEST_VERSION, MOST_ROWS
from tenants.queries.users import colleagues

LONGEST_NOTE = 20_000
CLAUSES = [(code, code) for code in QUESTIONS]


class SeenInput(serializers.Serializer):
    """``version`` is what the caller looked at; left out: the present one."""

    version = serializers.IntegerField(source="seen", required=False, min_value=1, max_value=LARGEST_VERSION)


class AgreementMoveInput(SeenInput):
    note = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_NOTE)


class AgreementReasonInput(SeenInput):
    reason = serializers.CharField(source="why", max_length=200, help_text="Kept with the move.")


class ExecuteInput(AgreementMoveInput):
    executed_on = serializers.DateField(required=False, help_text="Default: today.")
    effective_on = serializers.DateField(required=False, help_text="Default: as set before, else the same day.")


class TerminateInput(AgreementReasonInput):
    ended_on = serializers.DateField(required=False, help_text="Default: today; no day in the future.")


class DraftInput(SeenInput):
    title = serializers.CharField(required=False, max_length=300)


class OverrideInput(SeenInput):
    code = serializers.CharField(max_length=3, help_text="Of a rule that blocks and fires, such as P02.")
    reason = serializers.CharField(source="why", max_length=2000)


class MoneyLineInput(serializers.Serializer):
    kind = serializers.ChoiceField(choices=MoneyKind.choices, required=False)
    direction = serializers.ChoiceField(choices=MoneyDirection.choices, required=False)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)
    due_on = serializers.DateField(required=False, allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=200)


class MoneyInput(SeenInput):
    lines = MoneyLineInput(many=True, max_length=MOST_ROWS)
    value = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0, required=False, allow_null=True)


class SignatoryInput(serializers.Serializer):
    party = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="The id of one of its parties.")
    name = serializers.CharField(
        required=False, allow_blank=True, max_length=200, help_text="Default: the colleague's."
    )
    job_title = serializers.CharField(required=False, allow_blank=True, max_length=150)
    member = Reference(required=False, allow_null=True, help_text="The colleague who signs for the institution.")
    signed_on = serializers.DateField(required=False, allow_null=True)
    related_reads = {"member": colleagues}


class SignatoriesInput(SeenInput):
    signatories = SignatoryInput(many=True, max_length=MOST_ROWS)


class AnswerInput(serializers.Serializer):
    code = serializers.ChoiceField(choices=CLAUSES)
    value = serializers.JSONField(allow_null=True, help_text="true or false, a number, a code or a text; null clears.")
    clause_number = serializers.CharField(required=False, allow_blank=True, max_length=20)
    note = serializers.CharField(required=False, allow_blank=True, max_length=TEXT_LIMIT)


class AnswersInput(SeenInput):
    answers = AnswerInput(many=True, max_length=MOST_ROWS)
