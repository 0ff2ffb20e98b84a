"""Keys of the API: one for each platform or program, made and revoked."""

from service.console.apikeys import pages, revoke

PAGES = (pages, revoke)
