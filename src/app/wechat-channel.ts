/** What stands in the address of a request from WeChat; every value as it came. */
export type WechatQuery = {
  readonly signature?: string | undefined
  readonly msgSignature?: string | undefined
  readonly timestamp: string
  readonly nonce: string
  readonly encryptType?: string | undefined
}
