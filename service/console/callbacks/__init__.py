"""The log of callbacks, and sending those again that were given up."""

from service.console.callbacks import pages, resend

PAGES = (pages, resend)
