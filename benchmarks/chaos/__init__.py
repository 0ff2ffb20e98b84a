"""A service whose every part fails at random moments, and what is true of its posts afterwards."""
