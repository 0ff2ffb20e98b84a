"""What stops a command, in one sentence."""


class TrainingError(Exception):
    """Something the analyst can put right; the message says what and how."""
