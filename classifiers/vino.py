"""OpenVINO, imported so that nobody is told: ``from classifiers.vino import openvino``."""

from __future__ import annotations

from classifiers.telemetry import keep_quiet

keep_quiet()
import openvino as openvino  # noqa: E402  # it tells of itself while it is imported
