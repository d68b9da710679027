"""What background work is under way."""

from tenants.models.jobs import UNFINISHED, Job


def is_waiting(name: str, *, key: str) -> bool:
    """Whether a job of this name and key waits or runs in the tenant in scope."""
    return Job.objects.filter(name=name, key=key, state__in=UNFINISHED).exists()
