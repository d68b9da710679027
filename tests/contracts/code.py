"""Sweeps over the source, the registries and the models. Each answers a list of problems in words.

They walk the tree and read the registries, so a file, an action or a permission that somebody adds is covered at once.
"""

import ast
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from django.apps import apps

from core.actions import ACTIONS, READS
from core.checks import tenant_models
from core.permissions import registry
from tenants.choices import Role
from tests.contracts.urls import Page

ROOT = Path(__file__).resolve().parents[2]
APPS = ("core", "tenants", "organizations", "partnerships", "agreements", "reporting")
NOT_OURS = {
    ".venv",
    ".git",
    "node_modules",
    "var",
    "dist",
    "__pycache__",
    ".pytest_cache",
    ".ruff_cache",
    ".hypothesis",
}
KINDS = {".py", ".js", ".mjs", ".css", ".html"}
MOST_LINES = 500

# Where statements are written by hand, and why the ORM does not serve. Everything else goes through managers.
BY_HAND = {
    "agreements/queries/families.py": "A family is a recursive statement; the joins sweep reads it.",
    "core/tenancy/backend/base.py": "It sets the tenant of a transaction and looks at the role.",
    "core/prepared.py": "It runs statements that other modules of this list hand to it.",
    "core/checks.py": "It looks at the role before anything is served.",
    "core/search/finding.py": "It reads the views of the search role; rows come through the ORM.",
    "organizations/queries/groups.py": "A group is a recursive statement; the joins sweep reads it.",
    "partnerships/actions/health_alerts.py": "One statement raises, renews and ends alerts; the joins sweep reads it.",
    "partnerships/queries/health_groups.py": "Scores of a recursive group; the joins sweep reads the statement.",
    "partnerships/queries/groups.py": "Figures of a recursive group; the joins sweep reads them.",
    "tenants/actions/jobs.py": "The one question asked across tenants is a function of the database.",
    "tenants/management/demo/entry.py": "It dates a demonstration: its own rows as arrays, the history as owner.",
    "tenants/views/status.py": "It asks for nothing but an answer.",
    "partnerships/actions/imports/projects.py": "An advisory lock has no model.",
    "partnerships/actions/health.py": "One statement writes the scores of a batch, snapshots included.",
    "partnerships/actions/health_basis.py": "The sums of a batch are written as arrays.",
    "partnerships/queries/health_basis.py": "Set-based sums over touches, aged from night to night.",
    "partnerships/queries/health.py": "Set-based sums over touches; the joins sweep reads its statements.",
    "reporting/queries/projects.py": "Set-based figures over projects; the joins sweep reads its statements.",
}
# Managers without a scope, and why they can do no harm.
UNSCOPED = {
    ("core/tenancy/models.py", "models.Manager"): "It is the class that adds the scope.",
    ("core/rest/viewsets.py", "_base_manager"): "none() for the description of the API, which has no tenant.",
    ("tenants/models/users.py", "using="): "Django's own signature of a manager that creates accounts.",
}
# Who makes secrets that do not end with the token of their maker, and why a stolen token gains nothing by them.
NOT_THE_MAKERS = {
    "core/secrets.py": "It only makes them.",
    "tenants/actions/invitation_mails.py": "It goes by mail to the invited person, and no token may invite.",
    "partnerships/actions/placement_links.py": "It goes by mail to who approves or evaluates, for one answer.",
}
# Permissions that open nothing yet, and what will use them.
PROMISED: dict[str, str] = {}
# Who may say the tenant's setting by name.
SETTERS = {
    "core/tenancy/backend/base.py": "It is the one caller of the setter.",
    "core/tenancy/constraints.py": "The policies compare with the setting; they do not set it.",
}


def source_files(root: Path = ROOT) -> list[Path]:
    """Every file of ours in a language that people write, by path."""
    found = []
    for folder, inner, names in os.walk(root):
        inner[:] = [name for name in inner if name not in NOT_OURS]
        found += [Path(folder, name) for name in names if Path(name).suffix in KINDS]
    return sorted(found)


def app_files(root: Path = ROOT, *, migrations: bool = False) -> list[Path]:
    """The Python files of the apps."""
    files = [path for path in source_files(root) if path.suffix == ".py" and path.relative_to(root).parts[0] in APPS]
    return [path for path in files if ("migrations" in path.parts) is migrations]


def length_problems(root: Path = ROOT) -> list[str]:
    """No file is longer than 500 lines; what Django generates is not read by people and does not count."""
    problems = []
    for path in source_files(root):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > MOST_LINES and "migrations" not in path.parts:
            problems.append(f"{path.relative_to(root)}: {lines} lines")
    return problems


def model_problems() -> list[str]:
    """Every model of ours is a tenant's, or says in words why not."""
    return [f"{error.id}: {error.msg}" for error in tenant_models(None)]


def reason_problems(models: Iterable | None = None) -> list[str]:
    """Reasons are sentences: who opts out says why."""
    problems = []
    for model in models if models is not None else apps.get_models():
        for name in ("global_because", "append_only_because", "unchanging_because", "unaudited_because"):
            reason = getattr(model, name, None)
            if reason is not None and (len(reason.split()) < 4 or not reason.endswith(".")):
                problems.append(f"{model._meta.label}.{name} is no sentence: {reason!r}")
    return problems


def code_problems(
    actions: Mapping[str, object] = ACTIONS, reads: Mapping[str, object] = READS, permissions=registry
) -> list[str]:
    """Every action and every read is a registered permission that roles hold; nothing but app.verb_noun is a code."""
    problems, known = [], set(permissions.codes())
    for code in sorted({*actions, *reads}):
        if code not in known:
            problems.append(f"{code} is an action or a read, but no permission")
    for code in sorted(known):
        app, _dot, words = code.partition(".")
        roles = permissions.get(code).roles
        if app not in APPS or not re.fullmatch(r"[a-z]+(_[a-z]+)+", words):
            problems.append(f"{code} is not app.verb_noun")
        if not roles or not roles <= set(Role.values):
            problems.append(f"{code} is granted to {sorted(roles)}")
        if "administrator" not in roles:
            problems.append(f"{code} is kept from administrators")
    for code in sorted(reads):
        if code in known and not permissions.get(code).is_view:
            problems.append(f"{code} is a read and should be called view_…: a reading token could not use it")
    for code in sorted(actions):
        if code in known and permissions.get(code).is_view:
            problems.append(f"{code} is an action and must not be called view_…: a reading token could use it")
    return problems


def unused_permissions(pages: Iterable[Page], permissions=registry, root: Path = ROOT) -> list[str]:
    """Every permission opens something: an action, a read, a page, or a word in the code that asks for it."""
    used = {*ACTIONS, *READS, *(page.permission for page in pages)}
    asked = set()
    for path in app_files(root):
        if path.name != "permissions.py":
            asked |= set(re.findall(r"\"([a-z]+\.[a-z_]+)\"", path.read_text(encoding="utf-8")))
    idle = {code for code in permissions.codes() if code not in used | asked}
    problems = [f"{code} is granted and opens nothing" for code in sorted(idle - PROMISED.keys())]
    return problems + [f"{code} is not idle any more" for code in sorted(PROMISED.keys() - idle)]


def setter_problems(root: Path = ROOT) -> list[str]:
    """The tenant of a transaction is set in core.tenancy and nowhere else."""
    problems = []
    for path in app_files(root):
        name = path.relative_to(root).as_posix()
        if name in SETTERS:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(r"set_config|app\.tenant_id|\bset_tenant\b|apply_scope|_tenant\.set\(", line):
                if not (name == "core/tenancy/scope.py" and "set_config" not in line):
                    problems.append(f"{name}:{number}: {line.strip()}")
    return problems


FORBIDDEN_NAMES = {
    "GenericForeignKey": "A generic reference is checked by nobody.",
    "GenericRelation": "A generic reference is checked by nobody.",
    "RawSQL": "Say it with the ORM, or by hand where the joins sweep reads it.",
    "receiver": "Business flow stands in actions; a signal is a flow nobody sees.",
    "post_save": "Business flow stands in actions; a signal is a flow nobody sees.",
    "pre_save": "Business flow stands in actions; a signal is a flow nobody sees.",
    "post_delete": "Business flow stands in actions; a signal is a flow nobody sees.",
    "pre_delete": "Business flow stands in actions; a signal is a flow nobody sees.",
    "m2m_changed": "Business flow stands in actions; a signal is a flow nobody sees.",
}


def secret_problems(root: Path = ROOT) -> list[str]:
    """Whoever makes a secret keeps the token that its maker signed in with: it must end with that one."""
    problems = []
    for path in app_files(root):
        name, text = str(path.relative_to(root)), path.read_text()
        if "new_secret(" in text and "made_with_id=" not in text and name not in NOT_THE_MAKERS:
            problems.append(f"{name} makes a secret and does not keep with which token (made_with)")
    return problems


def orm_problems(root: Path = ROOT) -> list[str]:
    """No unscoped manager, no other database, no statement by hand but where a reason is written down here."""
    problems, used = [], set()
    for path in app_files(root):
        name = path.relative_to(root).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            fault = _fault(node)
            if fault is None:
                continue
            if (name, fault) in UNSCOPED:
                used.add((name, fault))
            elif fault == "cursor" and name in BY_HAND:
                used.add(name)
            else:
                problems.append(f"{name}:{node.lineno}: {fault}")
    if root == ROOT:
        problems += [f"{name}: the exception is not needed any more" for name in {*UNSCOPED} - used]
    return problems


def _fault(node: ast.AST) -> str | None:
    if isinstance(node, ast.Attribute):
        if node.attr in ("_base_manager", "_default_manager"):
            return node.attr
        if node.attr == "Manager" and isinstance(node.value, ast.Name) and node.value.id == "models":
            return "models.Manager"
        if node.attr in FORBIDDEN_NAMES:
            return node.attr
    if isinstance(node, ast.ImportFrom):
        for each in node.names:
            if each.name in FORBIDDEN_NAMES or (each.name == "Manager" and node.module == "django.db.models"):
                return each.name
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        called = node.func.attr
        if called in ("using", "raw", "extra", "cursor", "db_manager"):
            return called
        if called == "save" and any(keyword.arg == "using" for keyword in node.keywords):
            return "using="
    return None


def migration_problems(root: Path = ROOT) -> list[str]:
    """A migration imports of the apps nothing but constraints, fields and defaults: code moves on, history stays."""
    allowed = re.compile(
        r"^(core\.tenancy\.(constraints|models|scope)|[a-z]+\.models\.fields|[a-z]+\.migrations\._\w+)$"
    )
    problems = []
    for path in app_files(root, migrations=True):
        name = path.relative_to(root).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = []
            if isinstance(node, ast.Import):
                modules = [each.name for each in node.names]
            elif isinstance(node, ast.ImportFrom):
                modules = [node.module or ""]
            problems += [
                f"{name}:{node.lineno}: imports {module}"
                for module in modules
                if module.split(".")[0] in APPS and not allowed.match(module)
            ]
    return problems


def mirror_problems(root: Path = ROOT) -> list[str]:
    """tests/<app>/<layer>/… stands beside <app>/<layer>: what a test is about is where its name says."""
    problems = []
    for path in sorted((root / "tests").rglob("test_*.py")):
        place = path.relative_to(root / "tests").parent
        if place.parts and place.parts[0] in APPS:
            if not (root / place).is_dir() and not (root / place).with_suffix(".py").is_file():
                problems.append(f"{path.relative_to(root)}: there is no {place}")
    return problems
