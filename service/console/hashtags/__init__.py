"""What hashtags mean: those not understood, one hashtag, the whole lexicon as a file."""

from service.console.hashtags import hashtag, pages, upload

PAGES = (pages, hashtag, upload)
