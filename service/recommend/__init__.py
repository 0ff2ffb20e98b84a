"""What people do with items, what is counted from it, and what is recommended to them."""
