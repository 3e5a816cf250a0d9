"""The call server: election, registrar, call control, and what its standby knows. No host and no wire."""
