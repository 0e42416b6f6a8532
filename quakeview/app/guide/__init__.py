"""The user's guide in a window of its own: the pages of ``resources/guide``, which GitHub shows as well."""
