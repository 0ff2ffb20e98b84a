"""The service: webhook, screening, review console, callbacks and metrics."""
