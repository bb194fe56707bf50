"""A OneID of nobody: plays the other side over HTTP, for tests and the demonstration.

Written from the same third-party facts as `accounts.oneid`, so it proves that the two fit each
other and what happens when OneID misbehaves; not that the real one is like this.
"""
