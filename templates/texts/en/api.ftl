field-secret-short = The secret is too short: at least 24 bytes.
