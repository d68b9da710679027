"""The parts of an agreement that are only read, and the report on turnaround."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agreements.choices import AgreementKind, Court, LegalStatus
from agreements.models import Agreement, AgreementEvent, ClauseAnswer, MoneyLine, Signatory
from agreements.queries.clauses import Asked
from agreements.queries.turnaround import turnaround_report
from agreements.rules.clarity import Clarity, Rule
from agreements.rules.clauses import Answer
from agreements.wording import QUESTIONS, RULES, SEVERITIES
from core.rest.references import Reference
from core.rest.reports import ReportViewSet
from core.rest.serializers import TenantSerializer

ANSWERS = [(each.value, each.value) for each in Answer]
WEIGHTS_OF_RULES = list(SEVERITIES.items())


class MoneyLineSerializer(TenantSerializer):
    class Meta:
        model = MoneyLine
        fields = ["id", "kind", "direction", "amount", "due_on", "note"]
        read_only_fields = fields


class SignatorySerializer(TenantSerializer):
    party = Reference(named="organization.name", read_only=True)
    member = Reference(read_only=True)

    class Meta:
        model = Signatory
        fields = ["id", "party", "name", "job_title", "member", "signed_on"]
        read_only_fields = fields


class EventSerializer(TenantSerializer):
    made_by = Reference(read_only=True)

    class Meta:
        model = AgreementEvent
        fields = [
            "id",
            "at",
            "from_status",
            "to_status",
            "from_workflow",
            "to_workflow",
            "court",
            "redline_round",
            "note",
            "made_by",
        ]
        read_only_fields = fields


class AskedSerializer(TenantSerializer):
    """One clause question of the agreement's kind, and its answer."""

    code = serializers.CharField(source="question.code", read_only=True)
    question = serializers.SerializerMethodField()
    answer_type = serializers.ChoiceField(source="question.answer", choices=ANSWERS, read_only=True)
    choices = serializers.SerializerMethodField(help_text="What a choice may be; empty for other types.")
    topic = serializers.IntegerField(source="question.topic", read_only=True, allow_null=True)
    value = serializers.JSONField(source="answer.value", read_only=True, help_text="null: nobody has looked yet.")
    clause_number = serializers.CharField(source="answer.clause_number", read_only=True, allow_null=True)
    note = serializers.CharField(source="answer.note", read_only=True, allow_null=True)

    class Meta:
        model = ClauseAnswer
        fields = ["code", "question", "answer_type", "choices", "topic", "value", "clause_number", "note"]

    def get_question(self, row: Asked) -> str:
        return str(QUESTIONS[row.question.code])

    def get_choices(self, row: Asked) -> list[str]:
        return list(row.question.choices)


class FiredRuleSerializer(serializers.Serializer):
    """A rule that fires: why it matters, and text that would settle it where there is any."""

    code = serializers.CharField()
    severity = serializers.ChoiceField(choices=WEIGHTS_OF_RULES)
    severity_label = serializers.CharField()
    title = serializers.CharField()
    why = serializers.CharField()
    suggestion = serializers.CharField(allow_blank=True)
    questions = serializers.ListField(child=serializers.CharField(), help_text="The clause questions that answer it.")
    topics = serializers.ListField(child=serializers.IntegerField(), help_text="Of UIDP's Contract Accords.")


class ClaritySerializer(TenantSerializer):
    """The checklist: how much of it is clear, which rules fire, the weightiest first, and which are set aside."""

    score = serializers.FloatField(read_only=True, help_text="0 to 100; 100 with nothing to check.")
    clear = serializers.IntegerField(read_only=True)
    applicable = serializers.SerializerMethodField(help_text="How many rules apply to it.")
    blocking = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text="The codes that stand against signature."
    )
    overridden = serializers.SerializerMethodField(help_text="The codes that were set aside.")
    fired = serializers.SerializerMethodField()

    class Meta:
        model = Agreement
        fields = ["score", "clear", "applicable", "blocking", "overridden", "fired"]

    def get_applicable(self, row: Clarity) -> int:
        return len(row.findings)

    def get_overridden(self, row: Clarity) -> list[str]:
        return sorted(row.overridden)

    @extend_schema_field(FiredRuleSerializer(many=True))
    def get_fired(self, row: Clarity) -> list[dict[str, object]]:
        return [_rule(each) for each in row.fired]


def _rule(rule: Rule) -> dict[str, object]:
    words = RULES[rule.code]
    return {
        "code": rule.code,
        "severity": rule.severity.value,
        "severity_label": str(SEVERITIES[rule.severity.value]),
        "title": str(words.title),
        "why": str(words.why),
        "suggestion": str(words.suggestion),
        "questions": list(rule.questions),
        "topics": list(rule.topics),
    }


class ClockSerializer(TenantSerializer):
    """Working days from complete request to execution, and what is typical for the kind."""

    day = serializers.IntegerField(source="reading.total", read_only=True, allow_null=True)
    running = serializers.BooleanField(source="reading.running", read_only=True, allow_null=True)
    hold = serializers.IntegerField(source="reading.hold", read_only=True, allow_null=True)
    by_court = serializers.DictField(
        source="reading.by_court", child=serializers.IntegerField(), read_only=True, allow_null=True
    )
    net = serializers.IntegerField(source="reading.net", read_only=True, allow_null=True)
    court = serializers.ChoiceField(choices=Court.choices, read_only=True)
    days_in_court = serializers.IntegerField(read_only=True, allow_null=True)
    typical_median = serializers.IntegerField(source="typical.median", read_only=True, allow_null=True)
    typical_p80 = serializers.IntegerField(source="typical.p80", read_only=True, allow_null=True)

    class Meta:
        model = Agreement
        fields = [
            "day",
            "running",
            "hold",
            "by_court",
            "net",
            "court",
            "days_in_court",
            "typical_median",
            "typical_p80",
        ]


class FamilySerializer(TenantSerializer):
    """One agreement of the family: how deep it stands, and how it hangs on the one above (empty at a root)."""

    id = serializers.IntegerField(source="agreement.pk", read_only=True)
    reference = serializers.CharField(source="agreement.reference", read_only=True)
    title = serializers.CharField(source="agreement.title", read_only=True)
    kind = serializers.ChoiceField(source="agreement.kind", choices=AgreementKind.choices, read_only=True)
    status = serializers.ChoiceField(source="agreement.status", choices=LegalStatus.choices, read_only=True)
    depth = serializers.IntegerField(read_only=True, help_text="0 at a root.")
    link = serializers.CharField(read_only=True, help_text="`parent`, `amends`, `renews`, or empty at a root.")

    class Meta:
        model = Agreement
        fields = ["id", "reference", "title", "kind", "status", "depth", "link"]


class TurnaroundSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=AgreementKind.choices)
    label = serializers.CharField()
    finished = serializers.IntegerField(help_text="Executed.")
    open = serializers.IntegerField(help_text="Not executed: they have taken at least so long.")
    median = serializers.IntegerField(allow_null=True, help_text="Working days (Kaplan and Meier).")
    p80 = serializers.IntegerField(allow_null=True)
    mean = serializers.FloatField(allow_null=True, help_text="Over the executed ones.")
    hold = serializers.FloatField(allow_null=True, help_text="Mean days on hold.")
    partner = serializers.FloatField(allow_null=True, help_text="Mean days in the partner's court.")
    by_court = serializers.DictField(child=serializers.FloatField(allow_null=True))


class TurnaroundInputs(serializers.Serializer):
    kind = serializers.ChoiceField(choices=AgreementKind.choices, required=False)
    after = serializers.DateField(required=False, help_text="Request complete on this day or later.")
    before = serializers.DateField(required=False, help_text="Request complete on this day or earlier.")
    unit = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1, help_text="The id of a unit.")


class TurnaroundViewSet(ReportViewSet):
    """How long the agreements that you may read take, by kind, with those still open counted as what they are."""

    reads = staticmethod(turnaround_report)
    serializer_class = TurnaroundSerializer
    inputs = TurnaroundInputs
    many = True
    summary = "Turnaround of agreements"
