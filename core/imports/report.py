"""The account of an import: how many rows of each file came out how, and what is to be said about single lines."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Outcome(TextChoices):
    CREATED = "created", _("created")
    UPDATED = "updated", _("updated")
    UNCHANGED = "unchanged", _("unchanged")
    REJECTED = "rejected", _("rejected")


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to be said about one line of a file (line 0: about the file)."""

    file: str
    line: int
    text: str
    rejected: bool


@dataclass(slots=True)
class Tally:
    """Counts by file and outcome, remarks in the order they were made, and further figures by their label."""

    counts: dict[str, Counter[Outcome]] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    made: Counter[str] = field(default_factory=Counter)

    def count(self, file: str, outcome: Outcome, number: int = 1) -> None:
        self.counts.setdefault(file, Counter())[outcome] += number

    def reject(self, file: str, line: int, text: str) -> None:
        """Count a rejected row and say why."""
        self.count(file, Outcome.REJECTED)
        self.remarks.append(Remark(file, line, text, True))

    def note(self, file: str, line: int, text: str) -> None:
        """Say something about a row that is imported nevertheless."""
        self.remarks.append(Remark(file, line, text, False))

    @property
    def has_changes(self) -> bool:
        """Whether anything was created or updated."""
        return any(self.made.values()) or any(
            counts[outcome] for counts in self.counts.values() for outcome in (Outcome.CREATED, Outcome.UPDATED)
        )

    def total(self, outcome: Outcome) -> int:
        return sum(counts[outcome] for counts in self.counts.values())
