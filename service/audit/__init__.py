"""The audit log: who changed what and what was refused. Rows are only added, each bound to the
one before by its hash."""

from service.audit.record import record

__all__ = ["record"]
