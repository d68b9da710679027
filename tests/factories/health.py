"""Alerts of health for tests; the scope must be open."""

from django.utils import timezone

from partnerships.models import HealthAlert, Partnership
from tests.factories.partnerships import make_partnership

NUMBERS = {
    "A1": {"score": 62.0, "before": 2.0, "after": 1.0},
    "A2": {"drop": 12.0, "score": 51.0},
    "A3": {"runs": 4.0},
    "A4": {"days_left": 120.0, "lead_days": 180.0},
    "A5": {"kept": 0.25, "left": 0.0},
    "A6": {"ties": 1.0, "before": 3.0},
    "A7": {"days": 50.0, "usual": 30.0},
    "A8": {"confidence": 0.43},
    "A9": {"K1": 1.0, "K2": 1.0},
    "A10": {"days": 20.0},
    "A11": {"rating": 0.25},
    "A12": {"channels": 1.9, "target": 3.0},
}


def make_alert(partnership: Partnership | None = None, *, rule: str = "A2", **fields) -> HealthAlert:
    """An open alert raised today, with numbers that its words can be made of."""
    today = timezone.localdate()
    values = {"raised_on": today, "numbers": {**NUMBERS[rule], "on": today.toordinal()}, **fields}
    return HealthAlert.objects.create(partnership=partnership or make_partnership(), rule=rule, **values)
