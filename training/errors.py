"""The error that ends a command with one sentence."""


class TrainingError(Exception):
    """The analyst can put this right; the message says what is wrong and what to do."""
