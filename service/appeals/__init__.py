"""What authors object to: taken in, looked at by somebody else, and the outcome told."""
