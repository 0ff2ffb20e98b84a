"""Exact copies: new posts with the photographs of a settled post take its verdicts, if an analyst
allows it.
"""
