"""What every page stands on: access, sign-in cookies, languages, headers, errors, files."""

from service.console.frame import assets, language

PAGES = (assets, language)
