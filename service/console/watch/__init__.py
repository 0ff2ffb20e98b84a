"""What a person of the platform is shown, as they would see it, and why."""

from service.console.watch import files, opinions, pages, picture

PAGES = (pages, opinions, files, picture)
