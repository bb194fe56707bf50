"""The engine of forms: pure and typed, without pages, requests or a database."""
