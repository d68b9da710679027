"""Log lines: time, level, request id, tenant, logger, message."""

import logging
from contextvars import ContextVar

from core.tenancy.scope import tenant_id_or_none

request_id: ContextVar[str] = ContextVar("causeway_request_id", default="-")


class LineFormatter(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s [%(request_id)s t%(tenant)s] %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        record.request_id = request_id.get()
        record.tenant = tenant_id_or_none() or "-"
        return super().format(record)
