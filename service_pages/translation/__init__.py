"""The translation desk: what waits in each language, who does it, and what is closed to them."""
