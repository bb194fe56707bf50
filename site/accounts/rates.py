"""How often what may be tried. Accounts and phones count, an address alone only slows down."""

from __future__ import annotations

#: Wrong passwords of a phone or an e-mail, from wherever they come.
SIGN_IN_RATES = "5/5m,30/d"
#: Failed sign-ins of one address, beyond which each further one is answered a second later.
FAILURES_OF_AN_ADDRESS = "100/10m"
#: Codes to sign in or for a new password that may be asked for a phone or an e-mail.
CODE_RATES = "3/m,10/h,20/d"
#: Guesses of one code that was sent, from however many windows at once.
GUESS_RATES = "3/h"
#: Wrong codes of an account's second factor, from wherever they come.
FACTOR_RATES = "5/5m,30/d"
#: Ways to OneID begun, and ways back from it, in one session.
ONEID_RATES = "20/10m"
