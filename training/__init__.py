"""The analysts' command line: a folder of photographs becomes a bundle that keeps a promise."""
