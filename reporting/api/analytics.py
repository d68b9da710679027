"""The questions of reports over the API: one address each, with the filters of the pages and the same answer."""

from rest_framework import serializers

from core.actions import visible
from core.actor import Actor
from core.permissions import registry
from core.rest.reports import ReportViewSet
from partnerships.choices import Channel, Tier
from partnerships.choices_delivery import ResearchDomain
from reporting.filters import FIRST, LAST, years_reversed
from reporting.queries.asking import ask
from reporting.queries.builder import Recipe, built_answer
from reporting.queries.scopes import scope_of
from reporting.queries.subjects import COUNT, SUBJECTS
from reporting.registry import Question
from reporting.rules.answers import Answer, Kind

KINDS = [(kind.value, kind.value) for kind in Kind]


class AnalyticsInput(serializers.Serializer):
    """What every question can be narrowed by. Years are fiscal years, named by the year in which they end."""

    unit = serializers.IntegerField(required=False, min_value=1, help_text="The partner's lead unit.")
    sector = serializers.CharField(required=False, max_length=12, help_text="What the sector code begins with.")
    country = serializers.CharField(required=False, max_length=2)
    owner = serializers.RegexField(
        r"^(me|none|\d{1,18})$", required=False, help_text="The partner's owner: an id, me or none."
    )
    tier = serializers.MultipleChoiceField(choices=Tier.choices, required=False)
    channel = serializers.MultipleChoiceField(choices=Channel.choices, required=False)
    domain = serializers.MultipleChoiceField(choices=ResearchDomain.choices, required=False)
    first_year = serializers.IntegerField(required=False, min_value=FIRST, max_value=LAST)
    last_year = serializers.IntegerField(required=False, min_value=FIRST, max_value=LAST)

    def validate(self, attrs: dict[str, object]) -> dict[str, object]:
        if problem := years_reversed(attrs.get("first_year"), attrs.get("last_year")):
            raise serializers.ValidationError({"last_year": [problem]})
        return attrs


class ColumnSerializer(serializers.Serializer):
    code = serializers.CharField()
    label = serializers.CharField()
    kind = serializers.ChoiceField(choices=KINDS)


class AnswerCellSerializer(serializers.Serializer):
    """``value`` as text, by the column's kind; null where nothing is known, or where it is ``hidden``."""

    value = serializers.SerializerMethodField()
    url = serializers.CharField(help_text="Where the records behind the value are; empty for none.")
    hidden = serializers.BooleanField(help_text="Too small to be told without telling of somebody.")

    def get_value(self, cell) -> str | None:
        return None if cell.value is None else str(cell.value)


class AnswerRowSerializer(serializers.Serializer):
    code = serializers.CharField()
    label = serializers.CharField()
    cells = AnswerCellSerializer(many=True)


class FigureSerializer(serializers.Serializer):
    code = serializers.CharField()
    label = serializers.CharField()
    kind = serializers.ChoiceField(choices=KINDS)
    value = serializers.SerializerMethodField()
    before = serializers.SerializerMethodField()
    before_label = serializers.CharField()
    target = serializers.DecimalField(max_digits=16, decimal_places=2, allow_null=True)

    def get_value(self, figure) -> str | None:
        return None if figure.value is None else str(figure.value)

    def get_before(self, figure) -> str | None:
        return None if figure.before is None else str(figure.before)


class AnswerNoteSerializer(serializers.Serializer):
    text = serializers.CharField()
    url = serializers.CharField()
    count = serializers.IntegerField(allow_null=True)


class AnswerSerializer(serializers.Serializer):
    """An answer as one table, with the sentence that its numbers make. ``totals`` is null where adding has no sense."""

    finding = serializers.CharField()
    subject = serializers.CharField()
    columns = ColumnSerializer(many=True)
    rows = AnswerRowSerializer(many=True)
    totals = AnswerRowSerializer(allow_null=True)
    figures = FigureSerializer(many=True)
    notes = AnswerNoteSerializer(many=True)
    source = serializers.CharField()
    period = serializers.CharField()
    currency = serializers.CharField()
    as_of = serializers.DateTimeField()

    @classmethod
    def show(cls, answer: Answer) -> dict:
        """The answer as a part of a row."""
        return cls(answer).data


def viewset_of(question: Question) -> type[ReportViewSet]:
    """The address of a question."""

    narrowest = min(question.permissions, key=lambda code: len(registry.get(code).roles))

    @visible(narrowest)
    def read(actor: Actor, **given: object) -> Answer:
        return ask(actor, question, scope_of(actor, given))

    name = "".join(word.capitalize() for word in question.code.split("-"))
    return type(
        f"{name}AnalyticsViewSet",
        (ReportViewSet,),
        {
            "__doc__": question.answer.__doc__,
            "reads": staticmethod(read),
            "serializer_class": AnswerSerializer,
            "inputs": AnalyticsInput,
            "summary": str(question.title),
        },
    )


class BuiltInput(AnalyticsInput):
    """What a built report counts and by what: the codes that its page has in its address, and the filters."""

    subject = serializers.ChoiceField(choices=[(code, str(code)) for code in SUBJECTS])
    rows = serializers.CharField(max_length=40, help_text="What the lines are, such as `channel`.")
    columns = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    measure = serializers.CharField(max_length=40, required=False, default=COUNT, help_text="`count`, or an amount.")
    chart = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")


@visible("reporting.view_insights")
def read_built(actor: Actor, **given: object) -> Answer:
    """The answer to the recipe in the parameters, in the scope that they narrow."""
    recipe = Recipe(**{name: str(given.pop(name)) for name in ("subject", "rows", "columns", "measure", "chart")})
    return built_answer(actor, scope_of(actor, given), recipe)


class BuiltAnalyticsViewSet(ReportViewSet):
    """Counts what the parameters say, by rows and columns; the answer that the page of the report builder shows."""

    reads = staticmethod(read_built)
    serializer_class = AnswerSerializer
    inputs = BuiltInput
    summary = "A built report"
