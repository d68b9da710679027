"""Two people edited one record: which of their changes fit together, and which a person must choose between."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that both changed, each value in words; ``original`` is empty where the history does not tell."""

    name: str
    label: str
    yours: str
    theirs: str
    original: str


def merge(form: forms.Form, before: Mapping[str, Any] | None) -> tuple[list[Conflict], list[str]]:
    """What both changed, and the names of the fields that only the other side did.

    ``before`` are the values that the form showed when it was opened, ``form.initial`` the present ones. Without
    ``before`` every difference is a conflict, because nobody knows whose it is.
    """
    conflicts, theirs = [], []
    for name, field in form.fields.items():
        if name == "version" or name not in form.initial:
            continue
        mine = form[name].data
        present = form.initial[name]
        if _same(field, present, mine):
            continue
        if before is not None and _same(field, before[name], mine):
            theirs.append(name)
        elif before is None or not _same(field, before[name], _raw(field, present)):
            original = in_words(field, before[name]) if before is not None else ""
            words = in_words(field, present), original
            conflicts.append(Conflict(name, str(field.label), in_words(field, mine), *words))
    return conflicts, theirs


def posted(field: forms.Field, value: Any) -> list[str]:
    """A field's initial value as a browser would send it."""
    value = field.prepare_value(value)
    if isinstance(field.widget, forms.CheckboxInput):
        return ["on"] if value and value != "false" else []
    if isinstance(value, list | tuple | set):
        return [str(each) for each in value]
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
        return [value.strftime("%Y-%m-%dT%H:%M")]
    if isinstance(value, date):
        return [value.isoformat()]
    return ["" if value is None else str(value)]


def _raw(field: forms.Field, value: Any) -> Any:
    """The same as a bound field answers for ``data``."""
    sent = posted(field, value)
    if isinstance(field.widget, forms.CheckboxInput):
        return bool(sent)
    if getattr(field.widget, "allow_multiple_selected", False):
        return sent
    return sent[0]


def _same(field: forms.Field, value: Any, data: Any) -> bool:
    """Whether sent data says what a value says; lines may end as browsers end them."""
    if isinstance(data, str):
        data = data.replace("\r\n", "\n").strip()
    if isinstance(value, str):
        value = value.replace("\r\n", "\n").strip()
    if isinstance(value, datetime):
        value = _raw(field, value)
        data = data.replace(" ", "T")[:16] if isinstance(data, str) else data
        return value == data
    return not field.has_changed(value, data)


def in_words(field: forms.Field, value: Any) -> str:
    """An initial or sent value as people read it: choices by their label, references by their name."""
    if isinstance(value, bool) or isinstance(field.widget, forms.CheckboxInput):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j M Y, H:i")
    if isinstance(value, date):
        return date_format(value, "j M Y")
    values = value if isinstance(value, list | tuple) else [value]
    if isinstance(field, forms.ModelChoiceField):
        return ", ".join(_named(field, values))
    choices = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    return ", ".join(choices.get(str(each), str(each)) for each in values if each not in (None, ""))


def _named(field: forms.ModelChoiceField, values: Iterable[Any]) -> list[str]:
    ids = [int(each) for each in values if str(each).isdigit()]
    return [field.label_from_instance(row) for row in field.queryset.filter(pk__in=ids)]
