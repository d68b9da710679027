"""Sample data for the style guide, where every component stands in all its states.

Nothing here reads the database, so that the page also serves the tests of markup, contrast and overflow.
"""

import datetime
from decimal import Decimal

from django import forms
from django.core.paginator import Paginator

from core import charts

TODAY = datetime.date(2026, 11, 21)
KINDS = [("meeting", "Meeting"), ("call", "Call"), ("email", "E-mail"), ("visit", "Visit"), ("note", "Note")]
NAMES = [
    "Siemens Energy", "Ørsted A/S", "Grünwald Robotik GmbH", "Toyota Research", "Kinetik AB", "Novo Nordisk",
    "Łukasiewicz", "Airbus", "Vestas", "Bosch", "شركة الطاقة", "株式会社日立製作所",
]  # fmt: skip
BANDS = ["at_risk", "healthy", "insufficient", "healthy", "watch", "watch"]
SCORES = [Decimal("31.4"), Decimal("88.2"), None, Decimal("73.9"), Decimal("69.9"), Decimal("45.1")]


class PickerSelect(forms.Select):
    """A select with choices that also works as a picker."""

    lookup_url = ""

    def __init__(self, *args, lookup_url: str = "?", **kwargs):
        super().__init__(*args, **kwargs)
        self.lookup_url = lookup_url


class SampleForm(forms.Form):
    kind = forms.ChoiceField(label="Type", choices=KINDS, widget=forms.RadioSelect, initial="meeting")
    partner = forms.ChoiceField(
        label="Partner", choices=[("", ""), *enumerate(NAMES, start=1)], widget=PickerSelect, initial=1
    )
    note = forms.CharField(
        label="What happened?", widget=forms.Textarea, help_text="@ adds a person, “next:” makes a task."
    )
    day = forms.DateField(label="Day", required=False, initial=TODAY)
    moment = forms.DateTimeField(label="Start", required=False, initial=datetime.datetime(2026, 11, 21, 14, 5))
    stage = forms.ChoiceField(label="Stage", choices=[("lead", "Lead"), ("proposal", "Proposal")])
    topics = forms.MultipleChoiceField(
        label="Topics", choices=[("phd", "PhD"), ("ip", "IP"), ("talent", "Talent")], required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    attachment = forms.FileField(label="File", required=False, help_text="PDF or image, 10 MB at most.")
    confidential = forms.BooleanField(label="Only my team may read this", required=False)


class WrongForm(SampleForm):
    prefix = "wrong"


def _wrong() -> SampleForm:
    form = WrongForm({"wrong-kind": "", "wrong-day": "31 31 2026", "wrong-stage": "lead"})
    form.add_error(None, "Two people cannot save the same meeting. Open the other one and add to it.")
    return form


def _rows() -> list[dict]:
    rows = []
    for index in range(40):
        rows.append(
            {
                "name": NAMES[index % len(NAMES)] + (f" {index // len(NAMES) + 1}" if index >= len(NAMES) else ""),
                "band": BANDS[index % 6],
                "score": SCORES[index % 6],
                "trend": [(index * 7 + step * step * 3) % 17 for step in range(12)],
                "last": TODAY - datetime.timedelta(days=(index * 13) % 120),
                "agreements": index * 5 % 9,
                "value": Decimal(93_000 + index * 31_450) if index % 5 else None,
                "owner": ["Ana Costa", "Jens Holm", "Paola Rossi"][index % 3],
            }
        )
    return rows


def sample_context() -> dict:
    parts = [
        charts.Part("Healthy", 22, "healthy"),
        charts.Part("Watch", 11, "watch"),
        charts.Part("At risk", 6, "risk"),
        charts.Part("Not enough data", 9, "nodata"),
    ]
    trend = [48.0, 47.2, 46.0, 52.4, 55.0, 54.1, None, 49.3, 45.2, 41.0, 38.8, 34.0, 31.4]
    weeks = [f"{day} {month}" for day, month in zip(range(1, 14), ["Sep"] * 4 + ["Oct"] * 5 + ["Nov"] * 4, strict=True)]
    return {
        "today": TODAY,
        "form": SampleForm(),
        "wrong_form": _wrong(),
        "filter_form": SampleForm(prefix="filter"),
        "rows": _rows(),
        "page": Paginator(list(range(213)), 48).get_page(2),
        "single_page": Paginator(list(range(12)), 50).get_page(1),
        "parts": parts,
        "stack": charts.stacked_bar(parts, "Portfolio"),
        "line": charts.line_chart(
            trend,
            weeks,
            "Health of Siemens Energy",
            high=100,
            bands=[
                charts.BandArea("Healthy", 70, 100, "healthy"),
                charts.BandArea("Watch", 45, 70, "watch"),
                charts.BandArea("At risk", 0, 45, "risk"),
            ],
            markers=[charts.Marker(8, "v7", "configuration 7 published")],
        ),
        "line_head": ["Week", "Score"],
        "line_rows": [[week, "–" if value is None else value] for week, value in zip(weeks, trend, strict=True)],
        "trail": [{"label": "Partners", "url": "#partners"}],
        "chips": [
            {"label": "Tier", "value": "Strategic", "remove": "sector=energy"},
            {"label": "Sector", "value": "Energy", "remove": "tier=strategic"},
        ],
        "tabs": [
            {"label": "Overview", "url": "#overview", "current": True},
            {"label": "Activity", "url": "#activity", "count": 128},
            {"label": "People", "url": "#people", "count": 14},
            {"label": "Agreements", "url": "#agreements", "count": 5},
            {"label": "History", "url": "#history"},
        ],
        "dimensions": [
            {"label": "Funding", "value": Decimal("9.1"), "maximum": 14, "kind": "accent", "note": ""},
            {"label": "Recency", "value": Decimal("1.6"), "maximum": 16, "kind": "risk", "note": "97 days"},
            {"label": "Delivery", "value": Decimal("4.8"), "maximum": 12, "kind": "risk", "note": "1 late"},
            {"label": "Talent", "value": Decimal("5.7"), "maximum": 6, "kind": "accent", "note": ""},
            {"label": "Agreements", "value": None, "maximum": 10, "kind": "accent", "note": "not applicable"},
        ],
        "ties": [
            {"name": "Lena Brandt", "role": "Head of Research Partnerships", "strength": 3, "word": "Strong"},
            {"name": "Michael Okafor", "role": "Talent Acquisition", "strength": 1, "word": "Weak"},
        ],
        "tie_last": TODAY - datetime.timedelta(days=9),
        "changes": [
            {"label": "Stage", "before": "Scoping", "after": "Proposal"},
            {"label": "Value", "before": None, "after": "EUR 120,000.00"},
        ],
        "conflicts": [
            {"name": "owner", "label": "Owner", "yours": "Ana Costa", "theirs": "Jens Holm", "original": None},
            {"name": "tier", "label": "Tier", "yours": "Key", "theirs": "Strategic", "original": "Standard"},
        ],
        "actions": [
            {"label": "Partner brief", "url": "#brief", "icon_name": "printer"},
            {"label": "Merge", "url": "#merge", "icon_name": "git-merge"},
            {"label": "Move to the recycle bin", "url": "#delete", "icon_name": "trash", "danger": True},
        ],
        "heat": [[0, 3, 5], [1, 8, 2], [12, 4, 0]],
    }
