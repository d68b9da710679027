"""Log lines: time, level, request id, tenant, logger, message."""

import logging
from contextvars import ContextVar

from core.tenancy.scope import tenant_id_or_none

request_id: ContextVar[str] = ContextVar("causeway_request_id", default="-")


class LineFormatter(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s [%(request_id)s t%(tenant)s] %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The id of the request that is running, or that the line is about: Django tells of some when they are over."""
        request = getattr(record, "request", None)
        tenant = getattr(request, "tenant", None)
        record.request_id = getattr(request, "request_id", None) or request_id.get()
        record.tenant = tenant_id_or_none() or getattr(tenant, "pk", None) or "-"
        return super().format(record)
