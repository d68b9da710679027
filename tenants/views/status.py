"""Is this process able to serve?"""

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database and the cache answer, else 503 with what does not; no details beyond that."""
    answers = {
        "database": _answers(lambda: connection.cursor().execute("select 1")),
        "cache": _answers(_ping_cache),
    }
    return JsonResponse(answers, status=200 if all(answers.values()) else 503)


def _ping_cache() -> None:
    cache.set("healthz", "1", 5)
    if cache.get("healthz") != "1":
        raise OSError("the cache forgot")


def _answers(probe) -> bool:
    try:
        probe()
    except Exception:
        return False
    return True
