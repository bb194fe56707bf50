"""Wagtail's own form page, to be measured beside ours; installed by the benchmark alone."""
