"""A post: accepted, shown, listed in a feed, deleted."""
