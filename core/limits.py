"""How often somebody may do something, counted exactly per window of time in the cache."""

import time

from django.core.cache import cache


def count_in_window(key: str, seconds: int) -> int:
    """Count one more under ``key`` in the running window of so many seconds; answers the number so far.

    Raises whatever the cache raises when it is away.
    """
    key = f"limit:{key}:{int(time.time() // seconds)}"
    try:
        return cache.incr(key)
    except ValueError:
        cache.add(key, 0, seconds + 1)
        return cache.incr(key)


def rest_of_window(seconds: int) -> float:
    """The seconds until the next window begins."""
    return seconds - time.time() % seconds
