"""The accountants' side in the admin: money, never answers. Every step is a verb of the room."""
