"""The groups of `python -m service`, one file each."""
