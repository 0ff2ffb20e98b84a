"""How near-duplicates are told from other photographs, and how fast they are found."""
