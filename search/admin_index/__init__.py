"""Search in Wagtail's admin: the portal's own analysis for pages with their drafts, and all else."""
