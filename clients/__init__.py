"""What a developer of a platform copies: each file stands alone."""
