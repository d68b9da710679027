"""The refusals of the domain. Pages show them at the form, the API answers with their status and code.

What nobody foresaw is no refusal: it has a reference, by which the log tells the whole (``unforeseen``).
"""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _


class ActionRefused(Exception):
    """A write that the rules forbid now. ``message`` tells a person what to do; ``code`` tells a program.

    ``field`` names the input at fault when there is one. Nothing of the action stays: it rolls back.
    """

    status = 409

    def __init__(self, code: str, message: str, *, field: str | None = None, details: dict | None = None):
        super().__init__(str(message))
        self.code = code
        self.message = message
        self.field = field
        self.details = details or {}


class StaleEdit(ActionRefused):
    """Somebody saved a newer version in between. ``details`` holds the current values of the fields in conflict."""

    def __init__(self, message: str, *, current_version: int, current: dict | None = None):
        super().__init__("stale", message, details={"version": current_version, "current": current or {}})


class Moved(ActionRefused):
    """The record was merged into another one; ``details`` has the id of that."""

    status = 410

    def __init__(self, new_id: int):
        message = _("This record was merged into another one. Use the id in the details.")
        super().__init__("merged", message, details={"id": new_id})


class InvalidInput(ActionRefused):
    """Input that no rule can accept (rather than one that the present state forbids)."""

    status = 400


class PermissionRefused(PermissionDenied):
    """The actor's role does not grant the permission ``code``."""

    def __init__(self, code: str):
        super().__init__(f"This needs the permission {code}.")
        self.code = code


def unforeseen(reference: str) -> dict:
    """What the API answers to a fault of ours; ``reference`` is the id of the request, which the log has too."""
    message = _("Something went wrong here. Quote the reference %s to your administrator.") % reference
    return {"code": "server_error", "detail": message, "details": {"reference": reference}}
