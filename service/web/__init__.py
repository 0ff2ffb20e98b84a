"""The web server's side of requests: they are complete, in time and within limits before a thread
starts.
"""
