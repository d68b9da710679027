"""The commands of dev.py, inside the virtual environment.

Each answers with an exit code or becomes another program.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn

from embedded import bootstrap, console, frontend
from embedded.checks import run_checks
from embedded.console import DevError, say, step
from embedded.locks import FileLock
from embedded.paths import ROOT
from embedded.ports import ADDRESS
from embedded.services import Services, bench_services, demo_services, reserve_test_services
from embedded.supervisor import Demo

ORDINARY = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "ALLOWED_HOSTS": "127.0.0.1,localhost",
    "EMAIL_URL": "consolemail://",
    "INSECURE_COOKIES": "1",  # plain http on 127.0.0.1
    "SITE_ADDRESS": f"http://{ADDRESS}:8000",
}
MOST_TEST_PROCESSES = 4


def run(name: str, arguments: Sequence[str]) -> int:
    """Run one command; an unknown name is a DevError."""
    commands: dict[str, Callable[[Sequence[str]], int]] = {
        "demo": demo,
        "test": test,
        "check": check,
        "bench": bench,
        "manage": manage,
        "lock": lock,
    }
    if name not in commands:
        raise DevError(f"there is no command {name!r}; python3 dev.py --help lists them")
    frontend.make_room()
    return commands[name](arguments)


def demo(arguments: Sequence[str]) -> int:
    """Start everything and stay until Ctrl-C."""
    if arguments:
        raise DevError("demo takes no arguments; PORT=8080 python3 dev.py demo chooses a port")
    return Demo(demo_services(), chosen_by_caller(ORDINARY)).run()


def manage(arguments: Sequence[str]) -> NoReturn:
    """Become manage.py with the demonstration's services, which run at least as long as it does."""
    console.be_quiet_unless_watched()
    services = demo_services()
    held = services.hold()
    become(
        [sys.executable, "manage.py", *arguments],
        chosen_by_caller({**ORDINARY, "SITE_ADDRESS": site_address(services)}) | services.environment(),
        [held],
    )


def site_address(services: Services) -> str:
    """Where the demonstration is, or was when it last ran: links in mail that a command sends lead there."""
    port = os.environ.get("PORT") or services.remembered_ports().get("web")
    return f"http://{ADDRESS}:{port}" if port else ORDINARY["SITE_ADDRESS"]


def test(arguments: Sequence[str]) -> NoReturn:
    """Become pytest with services of its own; its exit code is pytest's."""
    browser = bootstrap.ensure_browser_driver()
    frontend.build_if_changed()
    services, reserved = reserve_test_services()
    held = services.hold()
    become(
        [sys.executable, "-m", "pytest", *spread(arguments), *arguments],
        test_environment(services) | ({"CAUSEWAY_CHROMIUM": str(browser)} if browser else {}),
        [reserved, held],
    )


def bench(arguments: Sequence[str]) -> NoReturn:
    """Become the benchmarks with services set as in production; two at once would measure each other."""
    services = bench_services()
    alone = FileLock(services.directory / "bench.lock")
    if not alone.try_exclusive():
        raise DevError("another bench is running in this checkout")
    held = services.hold()
    environment = test_environment(services)
    step("migrating")
    subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], cwd=ROOT, env=environment, check=True)
    become([sys.executable, "-m", "tests.benchmarks", *arguments], environment, [alone, held])


def check(arguments: Sequence[str]) -> int:
    """Run every check that is not a test, and report each."""
    unknown = set(arguments) - {"--write-openapi"}
    if unknown:
        raise DevError(f"check knows only --write-openapi, not {' '.join(sorted(unknown))}")
    services, reserved = reserve_test_services()
    held = services.hold()
    try:
        return run_checks(test_environment(services), write_openapi="--write-openapi" in arguments)
    finally:
        services.let_go(held)
        reserved.release()


def lock(arguments: Sequence[str]) -> int:
    """Resolve pyproject.toml anew and write every lock file; arguments, such as --upgrade, go to uv lock."""
    uv = bootstrap.uv()
    if uv is None:
        raise DevError("lock needs uv: pip install uv in .venv, or see https://docs.astral.sh/uv/")
    exports = {
        "requirements.lock": ["--no-default-groups"],
        "requirements-dev.lock": [
            *("--no-default-groups", "--group", "embedded", "--group", "test", "--group", "lint"),
        ],
        "requirements-browser.lock": ["--only-group", "browser"],
        "requirements-node.lock": ["--only-group", "frontend"],
    }
    say("resolving pyproject.toml")
    subprocess.run([uv, "lock", "--quiet", *arguments], cwd=ROOT, check=True)
    for name, groups in exports.items():
        say(f"writing {name}")
        command = [uv, "export", "--quiet", "--frozen", "--no-emit-project", *groups, "-o", name]
        subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    return 0


def spread(arguments: Sequence[str]) -> list[str]:
    """Up to four processes for pytest; none when the caller chose, names single tests or debugs."""
    chosen = (
        "-n",
        "--numprocesses",
        "--dist",
        "-k",
        "--pdb",
        "--trace",
        "--lf",
        "--last-failed",
        "--co",
        "--collect-only",
    )
    for argument in arguments:
        if "::" in argument or argument.partition("=")[0] in chosen or argument.startswith("-n"):
            return []
    # Who has nothing left takes tests from another process: some take a minute, most a few milliseconds.
    return ["-n", str(min(os.cpu_count() or 1, MOST_TEST_PROCESSES)), "--dist", "worksteal"]


def chosen_by_caller(ordinary: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment, over the ordinary settings: DEBUG=1 python3 dev.py demo does what it says."""
    return {**ordinary, **os.environ}


def test_environment(services: Services) -> dict[str, str]:
    """The same settings on every machine, whatever the caller has set, and a superuser's connection."""
    inherited = {name: value for name, value in os.environ.items() if name != "DEBUG"}
    return {
        **inherited,
        **ORDINARY,
        **services.environment(),
        "DATABASE_SUPERUSER_URL": services.superuser_url(),
        "STATIC_MANIFEST": "0",  # nothing is collected for tests
    }


def become(command: Sequence[str], environment: Mapping[str, str], locks: Sequence[FileLock]) -> NoReturn:
    """Replace this process by the command, which then holds the locks and owns signals and streams."""
    for held in locks:
        held.keep_across_exec()
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execve(command[0], list(command), dict(environment))  # noqa: S606 - no shell is wanted
