"""The permissions there are, who holds them by default, and the one place that answers."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class Permission:
    """``code`` is app.verb_noun; it names the permission, the action and the audit entry alike."""

    code: str
    label: str
    roles: frozenset[str]

    @property
    def is_view(self) -> bool:
        return self.code.split(".", 1)[1].startswith("view_")


class Registry:
    def __init__(self) -> None:
        self._permissions: dict[str, Permission] = {}

    def register(self, permissions: Iterable[Permission]) -> None:
        """Called from an app's ready(). The same code twice, or without a role, is refused."""
        for permission in permissions:
            if permission.code in self._permissions:
                raise ImproperlyConfigured(f"Permission {permission.code} is registered twice")
            if not permission.roles:
                raise ImproperlyConfigured(f"Permission {permission.code} is granted to no role")
            self._permissions[permission.code] = permission

    def get(self, code: str) -> Permission:
        try:
            return self._permissions[code]
        except KeyError:
            raise ImproperlyConfigured(f"Permission {code} is not registered") from None

    def codes(self) -> list[str]:
        return sorted(self._permissions)


registry = Registry()
