"""What ``python -m training`` is asked, and what it answers."""
