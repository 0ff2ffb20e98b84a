"""API keys, made and revoked by admins, one for each platform or program."""
