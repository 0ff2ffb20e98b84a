"""Run a service whose parts fail at random moments, and check its posts afterwards."""
