"""Items: put, looked at, shown and deleted."""
