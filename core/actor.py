"""Who acts: one member of one tenant in one request, or the system in a job. Nobody is never an actor."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.errors import PermissionRefused
from core.permissions import registry


class Abilities(Mapping):
    """The actor's permissions for templates: ``actor.can.partnerships_log_interaction``."""

    def __init__(self, actor: "Actor"):
        self._actor = actor

    def __getitem__(self, key: str) -> bool:
        return self._actor.may(key.replace("_", ".", 1))

    def __iter__(self):
        return (code.replace(".", "_", 1) for code in registry.codes())

    def __len__(self) -> int:
        return len(registry.codes())


@dataclass(frozen=True, slots=True)
class Actor:
    """A member (``user_id`` set) or the system (``user_id`` None) working for exactly one tenant.

    ``read_only`` is set by tokens without the write scope; it removes every permission that is not a view.
    ``token_id`` is the token that was signed in with, None in a session, a job or a command.
    ``currency`` is the office's, "" where it was not at hand (``tenants.queries.tenants.currency_of`` knows it then).
    """

    tenant_id: int
    role: str
    user_id: int | None = None
    name: str = ""
    email: str = ""
    request_id: str = ""
    time_zone: str = "UTC"
    currency: str = ""
    read_only: bool = False
    token_id: int | None = None
    role_label: str = field(default="", compare=False)

    SYSTEM = "system"

    @classmethod
    def system(cls, tenant_id: int, request_id: str = "") -> "Actor":
        """The actor of jobs and commands: may do everything within the tenant, and history says so."""
        return cls(tenant_id=tenant_id, role=cls.SYSTEM, name="Causeway", request_id=request_id)

    @property
    def is_system(self) -> bool:
        return self.role == self.SYSTEM

    def may(self, code: str) -> bool:
        """Whether the role grants the permission; an unknown code is a programming error and raises."""
        permission = registry.get(code)
        if self.read_only and not permission.is_view:
            return False
        return self.is_system or self.role in permission.roles

    def require(self, code: str) -> None:
        """Raise PermissionRefused unless the actor may."""
        if not self.may(code):
            raise PermissionRefused(code)

    @property
    def can(self) -> Abilities:
        return Abilities(self)

    @property
    def initials(self) -> str:
        words = (self.name or self.email).split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
