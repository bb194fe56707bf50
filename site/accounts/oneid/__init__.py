"""OneID, the state's single sign-in, as a provider of django-allauth."""
