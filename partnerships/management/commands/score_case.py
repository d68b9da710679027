"""Score cases given by hand, with the same rules that serve the pages and the worker."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from partnerships.rules.health import parse_case, render_case, score_health


class Command(BaseCommand):
    help = (
        "Read a JSON object of name → case (stage, account_age, touches, engagements, …) and print one of "
        "name → dimensions, points, raw, score, confidence, band and caps, at full precision. docs/health.md "
        "describes a case."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *args, file: Path, **options):
        scores = {name: self._score(name, case) for name, case in self._cases(file).items()}
        self.stdout.write(json.dumps(scores, indent=1, ensure_ascii=False))

    @staticmethod
    def _cases(file: Path) -> dict:
        try:
            cases = json.loads(file.read_text(encoding="utf-8-sig"))
        except OSError as absent:
            raise CommandError(f"{file} cannot be read: {absent.strerror}.") from absent
        except (UnicodeDecodeError, json.JSONDecodeError) as broken:
            raise CommandError(f"{file} is not JSON in UTF-8: {broken}") from broken
        if not isinstance(cases, dict):
            raise CommandError(f"{file} must hold an object: a name for each case, and the case.")
        return cases

    @staticmethod
    def _score(name: str, case: object) -> dict:
        try:
            return render_case(score_health(parse_case(case)), decimals=None)
        except KeyError as missing:
            raise CommandError(f"{name}: {missing} is missing.") from missing
        except (TypeError, ValueError, AttributeError) as wrong:
            raise CommandError(f"{name}: {wrong}") from wrong
