error-signature-bad = 签名不符：发送方、密钥或内容与登记的不一致。
error-signature-old = 报文时间与平台时间相差超过 5 分钟，请校准时钟后用新的时间重新签名。
error-dispatch-dropped = 申请人已撤回，这条消息不再需要发送。
error-dispatch-under-way = 这条消息正在发送，请稍后再看结果。
field-secret-short = 密钥太短：至少 24 个字节。
