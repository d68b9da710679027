"""The office's own reference of an agreement: AGR-2026-0147, numbered by year without gaps."""

from django.db.models import IntegerField, Max
from django.db.models.functions import Cast, Substr

from agreements.models import Agreement
from core.actor import Actor
from tenants.queries.tenants import lock_office


def next_reference(actor: Actor, year: int) -> str:
    """The next free reference of a year; call it right before the agreement is stored, in the same transaction.

    One writer at a time takes a number, until its commit: two at once get two numbers, and a number whose transaction
    fails is given to the next.
    """
    lock_office(actor)
    prefix = f"AGR-{year}-"
    taken = Agreement.objects.filter(reference__regex=rf"^{prefix}[0-9]{{1,9}}$")
    number = Cast(Substr("reference", len(prefix) + 1), IntegerField())
    last = taken.aggregate(last=Max(number))["last"] or 0
    return f"{prefix}{last + 1:04}"
