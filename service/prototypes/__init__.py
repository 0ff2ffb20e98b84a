"""Hashtags that no rule covers, judged by a few examples for and against them."""
