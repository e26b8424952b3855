"""Structured logs: one JSON object a line, each with the id of its request.

An address is logged by its shape. What was typed into it is somebody's: a link that lets
one in is a key, what is searched for is a thought.
"""

from typing import Any

import structlog
from django.conf import settings

UNKNOWN = "(no such address)"


def shape_of(request: Any) -> str:
    """Return the address without what is in it."""
    if match := request.resolver_match:
        return f"/{match.route}"
    return f"{settings.STATIC_URL}…" if request.path.startswith(settings.STATIC_URL) else UNKNOWN


def _by_shape(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Shorten what Django says of a request: its words end in the whole address."""
    request = event.pop("request", None)
    if hasattr(request, "resolver_match"):
        event["path"] = shape_of(request)
        event["event"] = str(event["event"]).partition(": /")[0]
    return event


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]


def logging_config(*, level: str) -> dict[str, Any]:
    """Return the configuration for Django's LOGGING; stdlib and structlog share one format."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [structlog.stdlib.ExtraAdder(), _by_shape, *_SHARED],
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django's own line for each 4xx; the request log says it already.
            "django.request": {"level": "ERROR"},
            "celery": {"level": level},
        },
    }
