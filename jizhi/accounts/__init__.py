"""Users, their sign-in secrets and preferences; who may do what is decided by the posts they hold, elsewhere."""
