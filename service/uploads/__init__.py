"""Uploads: a file is put to a pre-signed URL, checked by its content, and named by a post."""
