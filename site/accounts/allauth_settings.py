"""Sign-in by phone or e-mail (django-allauth); `portal.settings.base` takes it as it is."""

from __future__ import annotations

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "accounts.forms.RegistrationForm",
    "login": "accounts.forms.SignInForm",
    "request_login_code": "accounts.forms.RequestCodeForm",
    "confirm_login_code": "accounts.forms.SignInCodeForm",
    "verify_phone": "accounts.forms.PhoneCodeForm",
    "confirm_email_verification_code": "accounts.forms.EmailCodeForm",
    "confirm_password_reset_code": "accounts.forms.ResetCodeForm",
    "reset_password": "accounts.forms.ResetRequestForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordForm",
    "change_password": "accounts.forms.ChangeOwnPasswordForm",
    "set_password": "accounts.forms.SetOwnPasswordForm",
    "change_phone": "accounts.forms.ChangeOwnPhoneForm",
    "add_email": "accounts.forms.ChangeOwnEmailForm",
    "reauthenticate": "accounts.forms.PasswordAgainForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"phone", "email"}
# allauth asks for `email*` where e-mails are verified; `RegistrationForm` makes it optional again,
# and `accounts.stages` asks for its code only where the e-mail is what the account signs in with.
ACCOUNT_SIGNUP_FIELDS = ["phone", "email*", "password1"]
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PHONE_VERIFICATION_ENABLED = True
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
# Offered to existing accounts only, so it would tell who has one.
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_CHANGE = False
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = False
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# Accounts and phones are limited first. An address only slows down (a mobile operator puts
# thousands of citizens behind a few), hence no limit of failed sign-ins by address. What an account
# may try is in `accounts.rates`: allauth counts in the cache, which need not be shared.
ACCOUNT_RATE_LIMITS = {
    "login": "1200/m/ip",
    # Counted by all processes together instead: `accounts.rates`.
    "login_failed": None,
    "signup": "60/m/ip",
    "request_login_code": "600/m/ip",
    "verify_phone": "1/30s/key,10/h/key",
    "reset_password": "600/m/ip",
    "reset_password_from_key": "600/m/ip",
    "change_phone": "5/h/user",
}
# Six digits, typed on a telephone's number pad. Three wrong ones end the attempt.
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
SOCIALACCOUNT_ADAPTER = "accounts.oneid.adapter.SocialAdapter"
# OneID has verified the person; a contact that waits for its code does not matter to that.
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_STORE_TOKENS = False
MFA_ADAPTER = "accounts.mfa.MFAAdapter"
MFA_FORMS = {
    "authenticate": "accounts.mfa.SecondFactorForm",
    "reauthenticate": "accounts.mfa.SecondFactorAgainForm",
    "activate_totp": "accounts.mfa.ActivateForm",
    "add_webauthn": "accounts.mfa.AddPasskeyForm",
    "edit_webauthn": "accounts.mfa.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# A passkey is something one has and something one is or knows: it opens without a password.
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "preferred"
# As for passwords: an address slows down and never locks out.
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}
MFA_TOTP_ISSUER = "Yagona portal"
MFA_TOTP_TOLERANCE = 1
# An unconfirmed e-mail opens no account here, so it need not bar the second factor.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# `PersonalPagesMiddleware` keeps "last seen", on personal pages only: public ones know no session.
USERSESSIONS_TRACK_ACTIVITY = False
# Shared phones: a session ends with the browser unless "keep me signed in" was chosen.
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# One door: passwords and names are kept on the portal's own pages, not in the admin's.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
