"""Logs: one JSON object a line, on standard error, with the post's id where there is one."""

from __future__ import annotations

import logging
import sys

import structlog

from service.config import Config
from service.operations.tracebacks import tell_exception, text_of

# Lines of gunicorn that quote the request, by how they begin.
_QUOTES_ADDRESS = "Error handling request"
_QUOTES_BYTES = "Invalid request from ip="


def configure(config: Config) -> None:
    """Send our own and every library's log lines through one JSON formatter."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        tell_exception,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_without_what_was_sent)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(config.log_level.upper())
    gunicorn = logging.getLogger("gunicorn.error")
    gunicorn.handlers[:], gunicorn.propagate = [], True
    for noisy in ("httpx", "httpcore", "celery.redirected", "kombu"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _without_what_was_sent(record: logging.LogRecord) -> bool:
    """Remove the contents of requests and tasks from a library's log line."""
    if isinstance(record.args, dict):  # Celery's, of a task that failed
        told = {
            name: text_of(value) if isinstance(value, BaseException) else value
            for name, value in record.args.items()
        }
        if record.exc_info and record.exc_info[1]:
            told |= {"exc": text_of(record.exc_info[1]), "traceback": ""}
        record.args = told
    elif record.args:
        record.args = tuple(
            text_of(value) if isinstance(value, BaseException) else value for value in record.args
        )
    message = str(record.msg)
    if message.startswith(_QUOTES_ADDRESS):
        record.msg, record.args = _QUOTES_ADDRESS, ()
    elif message.startswith(_QUOTES_BYTES):
        record.msg, record.args = message.partition(": ")[0], ()
    return True
