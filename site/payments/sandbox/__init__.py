"""The providers' side, played by the portal: a cashier page whose calls are real HTTP to our doors.

Only accounts marked as the sandbox's are played, and only where settings.PAYMENTS_SANDBOX allows.
"""
