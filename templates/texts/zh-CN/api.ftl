field-secret-short = 密钥太短：至少 24 个字节。
