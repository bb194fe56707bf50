"""The yearly report to the council."""
