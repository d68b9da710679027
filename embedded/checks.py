"""What `dev.py check` runs: all of it, whatever fails, each with its verdict."""

import difflib
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from embedded.paths import ROOT, VENV

OPENAPI = ROOT / "config" / "openapi.yaml"
REFRESH_OPENAPI = "python3 dev.py check --write-openapi"
_AS_DEPLOYED = {"ALLOWED_HOSTS": "causeway.example.org", "INSECURE_COOKIES": "0"}


@dataclass(frozen=True)
class Outcome:
    """Whether a check passed, and what it had to say."""

    passed: bool
    output: str


def run_checks(environment: Mapping[str, str], *, write_openapi: bool) -> int:
    """Run every check and report each on standard output; 1 when any failed.

    With `write_openapi` the committed OpenAPI document is replaced by the generated one instead of compared.
    """
    manage = [sys.executable, "manage.py"]
    checks = {
        "ruff check": lambda: _run([_tool("ruff"), "check", "."], environment),
        "ruff format": lambda: _run([_tool("ruff"), "format", "--check", "."], environment),
        "import contracts": lambda: _run([_tool("lint-imports")], environment),
        "missing migrations": lambda: _run([*manage, "makemigrations", "--check", "--dry-run"], environment),
        "OpenAPI document": lambda: _compare_openapi(environment, write=write_openapi),
        "deployment settings": lambda: _run(
            [*manage, "check", "--deploy", "--fail-level", "WARNING"], {**environment, **_AS_DEPLOYED}
        ),
    }
    failed = []
    for name, perform in checks.items():
        started = time.monotonic()
        outcome = perform()
        verdict = "ok" if outcome.passed else "FAILED"
        print(f"{verdict:>6}  {name} ({time.monotonic() - started:.1f} s)", flush=True)
        if not outcome.passed:
            failed.append(name)
            print(outcome.output.rstrip() + "\n", flush=True)
    print(f"{len(checks) - len(failed)} checks passed" + (f", failed: {', '.join(failed)}" if failed else ""))
    return 1 if failed else 0


def _run(command: Sequence[str], environment: Mapping[str, str]) -> Outcome:
    result = subprocess.run(
        command,
        cwd=ROOT,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Outcome(result.returncode == 0, result.stdout)


def _compare_openapi(environment: Mapping[str, str], *, write: bool) -> Outcome:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "openapi.yaml"
        outcome = _run([sys.executable, "manage.py", "spectacular", "--validate", "--file", str(path)], environment)
        if not outcome.passed or not path.exists():
            return Outcome(False, outcome.output)
        generated = path.read_text()
    if write:
        OPENAPI.write_text(generated)
        return Outcome(True, "")
    committed = OPENAPI.read_text() if OPENAPI.exists() else ""
    if generated == committed:
        return Outcome(True, "")
    difference = difflib.unified_diff(
        committed.splitlines(keepends=True),
        generated.splitlines(keepends=True),
        str(OPENAPI.relative_to(ROOT)),
        "generated from the code",
    )
    return Outcome(False, f"{''.join(difference)}\nWhen the change is meant: {REFRESH_OPENAPI}")


def _tool(name: str) -> str:
    return str(VENV / "bin" / name)
