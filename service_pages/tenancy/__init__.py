"""Agencies share one admin without seeing each other's work: what Wagtail leaves open, closed.

Wagtail's lists and editors ask for rights on each page; its choosers, some reports, filters, tags
and the API for choosers do not. `urls` stands before Wagtail's own addresses (portal/urls.py).
"""
