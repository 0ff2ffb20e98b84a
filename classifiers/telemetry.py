"""Keeps OpenVINO, its converter and NNCF from telling their maker of each import and conversion.

By default they send that they were imported, the names of a network's operations, and whatever
raised an error, to a web analytics service, each message from a process of its own. What a service
runs and an analyst trains is nobody else's business, and the processes cost five seconds a
conversion.
"""

from __future__ import annotations

from openvino_telemetry.backend.backend import BackendRegistry
from openvino_telemetry.backend.backend_ga4 import GA4Backend


class Silent(GA4Backend):  # type: ignore[misc]  # openvino_telemetry has no types
    """Takes every message and sends none; writes no client's id either."""

    id = None

    def send(self, message: object) -> None:
        """Send nothing."""

    def generate_new_cid_file(self) -> None:
        """Write nothing."""

    def cid_file_initialized(self) -> bool:
        """Nothing needs to be written."""
        return True


def keep_quiet() -> None:
    """Both ask this registry for what to send with; called before either is used."""
    BackendRegistry.register_backend(GA4Backend.id, Silent)
