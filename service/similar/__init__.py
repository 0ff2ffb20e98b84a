"""Posts that look like another one: found, shown beside it, and answered together with it."""
