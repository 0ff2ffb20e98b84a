"""Thumbnails: a video or pictures in, the best frames out, cropped and downloaded."""

from service.console.thumbnails import files, pages, uploading

PAGES = (pages, uploading, files)
