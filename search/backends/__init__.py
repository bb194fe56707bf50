"""Backends for Wagtail's search framework: the node's, and the one of the admin."""
