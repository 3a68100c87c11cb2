import { z } from 'zod'
import { AppError, type Problem } from './core/errors.ts'

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Everything the environment decides, checked and frozen. */
export type Config = {
  readonly port: number
  readonly host: string
  readonly logLevel: LogLevel
  readonly dataDir: string
  readonly admin: { readonly email: string; readonly password?: string }
  /** Origin under which browsers reach us, without a trailing slash. */
  readonly publicUrl?: string
  /** Origins of the shops that may embed the chat panel. */
  readonly allowedOrigins: readonly string[]
  readonly identitySecret?: string
  /** Number of reverse proxies in front of us whose `X-Forwarded-For` is believed. */
  readonly trustProxy: number
  readonly opsToken?: string
  /** Absent: the Slack channel is off. */
  readonly slack?: SlackConfig
  /** Absent: the WeChat channel is off. */
  readonly wechat?: WechatConfig
}

export type SlackConfig = {
  readonly signingSecret: string
  readonly botToken: string
  /** Scheme, host and port of the Web API; Slack's own when absent. */
  readonly apiBase?: string
}

/** One WeChat official account. */
export type WechatConfig = {
  readonly appId: string
  readonly appSecret: string
  readonly token: string
  readonly encodingAesKey: string
  /** Takes the place of scheme, host and port of WeChat's own addresses. */
  readonly apiBase?: string
  /** True on a developer's machine only: messages may come unencrypted. */
  readonly takesPlaintext: boolean
}

type Environment = Readonly<Record<string, string | undefined>>

const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/

const Variables = z.object({
  PORT: wholeNumber(0, 65_535, 'a port from 0 to 65535').default(3000),
  HOST: z
    .string()
    .regex(/^[a-z0-9.:_-]+$/i, 'a host name or an address to listen on, e.g. 127.0.0.1')
    .default('127.0.0.1'),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `one of ${LOG_LEVELS.join(' ')}` }).default('info'),
  POSDESK_DATA_DIR: z.string().default('data/store'),
  POSDESK_ADMIN_EMAIL: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[^\s@]+@[^\s@]+$/, 'an e-mail address')
    .max(254, 'an e-mail address of at most 254 characters')
    .default('admin@posdesk.local'),
  POSDESK_ADMIN_PASSWORD: secret(12).optional(),
  POSDESK_PUBLIC_URL: z
    .string()
    .refine(isOrigin, 'an origin such as https://help.example.com, without a path')
    .optional(),
  POSDESK_ALLOWED_ORIGINS: z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter((part) => part !== ''))
    .refine(
      (origins) => origins.every((origin) => isOrigin(origin) && isSecureOrigin(origin)),
      'origins such as https://shop.example.com, separated by commas; "*" and plain http are refused',
    )
    .default([]),
  POSDESK_IDENTITY_SECRET: secret(16).optional(),
  POSDESK_TRUST_PROXY: wholeNumber(0, 10, 'the number of reverse proxies in front, 0 to 10').default(0),
  POSDESK_OPS_TOKEN: secret(16)
    .regex(/^[A-Za-z0-9._~+/=-]+$/, 'letters, digits and . _ ~ + / = - only, as a bearer token must be')
    .optional(),
  SLACK_SIGNING_SECRET: secret(16).optional(),
  SLACK_BOT_TOKEN: secret(1)
    .regex(/^[\x21-\x7e]+$/, 'the bot token as Slack shows it, such as xoxb-…')
    .optional(),
  SLACK_API_BASE: apiBase().optional(),
  WECHAT_APP_ID: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'the AppID of the account')
    .optional(),
  WECHAT_APP_SECRET: secret(1).optional(),
  WECHAT_TOKEN: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'the Token typed at WeChat: letters and digits')
    .optional(),
  WECHAT_ENCODING_AES_KEY: z
    .string()
    .regex(/^[A-Za-z0-9]{43}$/, 'the EncodingAESKey: 43 letters and digits')
    .optional(),
  WECHAT_API_BASE: apiBase().optional(),
  WECHAT_PLAINTEXT: z
    .literal('development', { error: 'nothing, or "development" on a developer’s machine' })
    .optional(),
})

const REQUIRED_TOGETHER: Readonly<
  Record<string, { required: readonly string[]; optional: readonly string[] }>
> = {
  WeChat: {
    required: ['WECHAT_APP_ID', 'WECHAT_APP_SECRET', 'WECHAT_TOKEN', 'WECHAT_ENCODING_AES_KEY'],
    optional: ['WECHAT_API_BASE', 'WECHAT_PLAINTEXT'],
  },
  Slack: { required: ['SLACK_SIGNING_SECRET', 'SLACK_BOT_TOKEN'], optional: ['SLACK_API_BASE'] },
}

/**
 * Reads the configuration from environment variables; an empty variable counts as absent.
 *
 * Throws `AppError` `invalid` whose message has one line for each variable that is wrong. Values of secrets are
 * never repeated in it.
 */
export function loadConfig(env: Environment): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()))
  const parsed = Variables.safeParse(given)
  const problems: Problem[] = [...findUnfinishedParts(given)]
  if (!parsed.success) {
    problems.unshift(
      ...parsed.error.issues.map((issue) => describe(String(issue.path[0]), issue.message, given)),
    )
    throw invalidConfig(problems)
  }
  const variables = parsed.data
  const exposed = findExposure(variables.HOST, variables.POSDESK_PUBLIC_URL)
  if (exposed) problems.push(exposed)
  problems.push(...findPlaintext(variables))
  if (problems.length > 0) throw invalidConfig(problems)
  return Object.freeze({
    port: variables.PORT,
    host: variables.HOST,
    logLevel: variables.LOG_LEVEL,
    dataDir: variables.POSDESK_DATA_DIR,
    admin: Object.freeze({
      email: variables.POSDESK_ADMIN_EMAIL,
      ...(variables.POSDESK_ADMIN_PASSWORD && { password: variables.POSDESK_ADMIN_PASSWORD }),
    }),
    ...(variables.POSDESK_PUBLIC_URL && { publicUrl: new URL(variables.POSDESK_PUBLIC_URL).origin }),
    allowedOrigins: Object.freeze(variables.POSDESK_ALLOWED_ORIGINS.map((origin) => new URL(origin).origin)),
    ...(variables.POSDESK_IDENTITY_SECRET && { identitySecret: variables.POSDESK_IDENTITY_SECRET }),
    trustProxy: variables.POSDESK_TRUST_PROXY,
    ...(variables.POSDESK_OPS_TOKEN && { opsToken: variables.POSDESK_OPS_TOKEN }),
    ...slackOf(variables),
    ...wechatOf(variables),
  })
}

function slackOf(variables: z.output<typeof Variables>): { slack?: SlackConfig } {
  const { SLACK_SIGNING_SECRET: signingSecret, SLACK_BOT_TOKEN: botToken, SLACK_API_BASE: base } = variables
  if (signingSecret === undefined || botToken === undefined) return {}
  const apiBase = base === undefined ? {} : { apiBase: new URL(base).origin }
  return { slack: Object.freeze({ signingSecret, botToken, ...apiBase }) }
}

function findUnfinishedParts(env: Environment): Problem[] {
  const problems: Problem[] = []
  if (env['DATABASE_URL']) {
    const message = 'PostgreSQL is not part of this version yet; unset it to use the embedded store'
    problems.push({ where: 'DATABASE_URL', rule: 'not_available', message })
  }
  for (const [channel, { required, optional }] of Object.entries(REQUIRED_TOGETHER)) {
    const present = [...required, ...optional].filter((name) => env[name])
    const missing = required.filter((name) => !env[name])
    if (present.length === 0 || missing.length === 0) continue
    problems.push({
      where: present.join(' '),
      rule: 'half_configured',
      message: `${channel} is half configured: ${missing.join(' ')} missing; set all of them or none`,
    })
  }
  return problems
}

/** All of the account, or nothing of it: half of it was refused before. */
function wechatOf(variables: z.output<typeof Variables>): { readonly wechat?: WechatConfig } {
  const { WECHAT_APP_ID, WECHAT_APP_SECRET, WECHAT_TOKEN, WECHAT_ENCODING_AES_KEY } = variables
  if (!WECHAT_APP_ID || !WECHAT_APP_SECRET || !WECHAT_TOKEN || !WECHAT_ENCODING_AES_KEY) return {}
  return {
    wechat: Object.freeze({
      appId: WECHAT_APP_ID,
      appSecret: WECHAT_APP_SECRET,
      token: WECHAT_TOKEN,
      encodingAesKey: WECHAT_ENCODING_AES_KEY,
      ...(variables.WECHAT_API_BASE && { apiBase: new URL(variables.WECHAT_API_BASE).origin }),
      takesPlaintext: variables.WECHAT_PLAINTEXT === 'development',
    }),
  }
}

/** Unencrypted messages are for trying things out: never where the world can reach. */
function findPlaintext(variables: z.output<typeof Variables>): readonly Problem[] {
  const { WECHAT_PLAINTEXT, HOST, POSDESK_PUBLIC_URL } = variables
  const isPrivate =
    LOOPBACK_HOST.test(HOST) &&
    (POSDESK_PUBLIC_URL === undefined || LOOPBACK_HOST.test(new URL(POSDESK_PUBLIC_URL).hostname))
  if (WECHAT_PLAINTEXT === undefined || isPrivate) return []
  const message =
    'unencrypted messages are taken on a loopback host only; unset it and choose 安全模式 at WeChat'
  return [{ where: 'WECHAT_PLAINTEXT', rule: 'plaintext', message }]
}

function findExposure(host: string, publicUrl: string | undefined): Problem | undefined {
  if (publicUrl?.startsWith('https:')) return undefined
  if (!LOOPBACK_HOST.test(host)) {
    const message =
      `"${host}" would offer log-ins and chats over plain http; listen on 127.0.0.1, ` +
      'or put a TLS proxy in front and set POSDESK_PUBLIC_URL to its https origin'
    return { where: 'HOST', rule: 'plain_http', message }
  }
  if (publicUrl && !isSecureOrigin(publicUrl)) {
    const message = `"${publicUrl}" must be https, or http on a loopback host`
    return { where: 'POSDESK_PUBLIC_URL', rule: 'plain_http', message }
  }
  return undefined
}

function describe(name: string, wanted: string, env: Environment): Problem {
  const found = /PASSWORD|SECRET|TOKEN|KEY/.test(name) ? 'a secret' : `"${(env[name] ?? '').slice(0, 80)}"`
  return { where: name, rule: 'bad_value', message: `found ${found}, wanted ${wanted}` }
}

function invalidConfig(problems: readonly Problem[]): AppError {
  const lines = problems.map((problem) => `${problem.where}: ${problem.message}`)
  return new AppError('invalid', lines.join('\n'), { problems })
}

function wholeNumber(min: number, max: number, wanted: string) {
  return z
    .string()
    .regex(/^\d{1,6}$/, wanted)
    .transform(Number)
    .refine((value) => value >= min && value <= max, wanted)
}

/** Where a provider's interface is reached in place of its own address: tests, and proxies. */
function apiBase() {
  const wanted = 'an https origin without a path, or http on a loopback host'
  return z.string().refine((text) => isOrigin(text) && isSecureOrigin(text), wanted)
}

function secret(minLength: number) {
  return z.string().min(minLength, `at least ${minLength} characters`).max(1024, 'at most 1024 characters')
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  const isBare = url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password
  return isBare && (url.protocol === 'https:' || url.protocol === 'http:')
}

function isSecureOrigin(text: string): boolean {
  const url = new URL(text)
  return url.protocol === 'https:' || LOOPBACK_HOST.test(url.hostname)
}
