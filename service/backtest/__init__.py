"""What a ruleset would have done with stored decisions. Nothing here writes."""
