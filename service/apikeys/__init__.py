"""Keys of the API: made and revoked by admins, one for each platform or program."""
