"""Messages that know which change set they tell of, so that the status bar can offer the way back."""

from django.contrib.messages import SUCCESS
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest

MARK = "changes:"


class ChangeMessages(FallbackStorage):
    """A success told to a member carries the request's change set in its tags; no view does anything for it."""

    def add(self, level: int, message: str, extra_tags: str = "") -> None:
        actor = getattr(self.request, "actor", None)
        if level == SUCCESS and actor is not None:
            extra_tags = f"{extra_tags} {MARK}{actor.request_id}".strip()
        super().add(level, message, extra_tags)


def change_set_told(request: HttpRequest) -> str:
    """The change set of the last message that the page shows, or the empty string. Call where messages are shown."""
    storage = getattr(request, "_messages", None)
    for message in reversed(list(storage or ())):
        for tag in (message.extra_tags or "").split():
            if tag.startswith(MARK):
                return tag.removeprefix(MARK)
    return ""
