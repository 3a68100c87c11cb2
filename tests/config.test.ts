import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../src/config.ts'
import { AppError } from '../src/core/errors.ts'

function refusalOf(env: Record<string, string>): string[] {
  try {
    loadConfig(env)
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid') return error.message.split('\n')
    throw error
  }
  return []
}

describe('loadConfig', () => {
  it('needs nothing', () => {
    expect(loadConfig({})).toEqual({
      port: 3000,
      host: '127.0.0.1',
      logLevel: 'info',
      dataDir: 'data/store',
      admin: { email: 'admin@posdesk.local' },
      allowedOrigins: [],
      trustProxy: 0,
    })
  })

  it('takes everything', () => {
    const config = loadConfig({
      PORT: '0',
      HOST: '0.0.0.0',
      LOG_LEVEL: 'debug',
      POSDESK_DATA_DIR: '/var/lib/posdesk',
      POSDESK_ADMIN_EMAIL: ' Chef@Example.COM ',
      POSDESK_ADMIN_PASSWORD: 'a-long-enough-password',
      POSDESK_PUBLIC_URL: 'https://help.example.com/',
      POSDESK_ALLOWED_ORIGINS: 'https://shop.example.com, https://till.example.com/ http://localhost:8080',
      POSDESK_IDENTITY_SECRET: 'widget-identity-secret',
      POSDESK_TRUST_PROXY: '1',
      POSDESK_OPS_TOKEN: 'operator-token-0001',
    })
    expect(config).toEqual({
      port: 0,
      host: '0.0.0.0',
      logLevel: 'debug',
      dataDir: '/var/lib/posdesk',
      admin: { email: 'chef@example.com', password: 'a-long-enough-password' },
      publicUrl: 'https://help.example.com',
      allowedOrigins: ['https://shop.example.com', 'https://till.example.com', 'http://localhost:8080'],
      identitySecret: 'widget-identity-secret',
      trustProxy: 1,
      opsToken: 'operator-token-0001',
    })
    expect(Object.isFrozen(config) && Object.isFrozen(config.admin)).toBe(true)
  })

  it('counts empty variables as absent, as in .env.example', () => {
    const lines = readFileSync('.env.example', 'utf8').split('\n')
    const pairs = lines.filter((line) => /^[A-Z]/.test(line)).map((line) => line.split('='))
    const env = Object.fromEntries(pairs)
    expect(Object.keys(env)).toHaveLength(21)
    expect(loadConfig(env)).toEqual(loadConfig({}))
  })

  it.each([
    ['PORT', '70000'],
    ['PORT', '-1'],
    ['PORT', '3000x'],
    ['HOST', 'not a host'],
    ['LOG_LEVEL', 'loud'],
    ['POSDESK_ADMIN_EMAIL', 'chef'],
    ['POSDESK_ADMIN_PASSWORD', 'short'],
    ['POSDESK_PUBLIC_URL', 'help.example.com'],
    ['POSDESK_PUBLIC_URL', 'https://help.example.com/path'],
    ['POSDESK_PUBLIC_URL', 'https://user:pass@help.example.com'],
    ['POSDESK_PUBLIC_URL', 'ftp://help.example.com'],
    ['POSDESK_PUBLIC_URL', 'http://help.example.com'],
    ['POSDESK_ALLOWED_ORIGINS', '*'],
    ['POSDESK_ALLOWED_ORIGINS', 'https://shop.example.com,http://shop.example.com'],
    ['POSDESK_ALLOWED_ORIGINS', "https://shop.example.com'; script-src *"],
    ['POSDESK_IDENTITY_SECRET', 'short'],
    ['POSDESK_TRUST_PROXY', 'true'],
    ['POSDESK_TRUST_PROXY', '11'],
    ['POSDESK_OPS_TOKEN', 'short'],
    ['POSDESK_OPS_TOKEN', 'with blanks in between'],
    ['DATABASE_URL', 'postgres://localhost/posdesk'],
  ])('refuses %s=%s with one line that names it', (name, value) => {
    const lines = refusalOf({ [name]: value })
    expect(lines).toHaveLength(1)
    expect(lines[0]?.startsWith(`${name}: `)).toBe(true)
  })

  it('tells everything that is wrong at once', () => {
    expect(refusalOf({ PORT: 'x', LOG_LEVEL: 'loud', DATABASE_URL: 'postgres://x' })).toHaveLength(3)
  })

  it('never repeats a secret', () => {
    const secrets = {
      POSDESK_ADMIN_PASSWORD: 'hunter2',
      POSDESK_IDENTITY_SECRET: 'hunter2',
      POSDESK_OPS_TOKEN: 'hunter2',
    }
    expect(refusalOf(secrets)).toHaveLength(3)
    expect(refusalOf(secrets).join('\n')).not.toContain('hunter2')
  })

  it('offers plain http to this machine only', () => {
    expect(refusalOf({ HOST: '0.0.0.0' })[0]).toMatch(/^HOST: .*plain http.*POSDESK_PUBLIC_URL/)
    expect(refusalOf({ HOST: '::' })).toHaveLength(1)
    expect(refusalOf({ HOST: '192.168.1.5', POSDESK_PUBLIC_URL: 'http://localhost:3000' })).toHaveLength(1)
    for (const HOST of ['localhost', '::1', '127.0.0.53']) expect(refusalOf({ HOST })).toEqual([])
    expect(refusalOf({ HOST: '0.0.0.0', POSDESK_PUBLIC_URL: 'https://help.example.com' })).toEqual([])
  })

  it('refuses a half-configured channel and names what is missing', () => {
    expect(refusalOf({ WECHAT_APP_ID: 'wx1', WECHAT_TOKEN: 't' })).toEqual([
      'WECHAT_APP_ID WECHAT_TOKEN: WeChat is half configured: WECHAT_APP_SECRET WECHAT_ENCODING_AES_KEY missing; set all of them or none',
    ])
    expect(refusalOf({ SLACK_BOT_TOKEN: 'xoxb-1' })[0]).toContain('SLACK_SIGNING_SECRET missing')
    expect(refusalOf({ SLACK_API_BASE: 'http://127.0.0.1:1' })).toHaveLength(1)
  })

  const wechat = {
    WECHAT_APP_ID: 'wxb11529c136998cb6',
    WECHAT_APP_SECRET: 'hunter2',
    WECHAT_TOKEN: 'pamtest',
    WECHAT_ENCODING_AES_KEY: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
  }

  it('takes an official account', () => {
    expect(loadConfig(wechat).wechat).toEqual({
      appId: 'wxb11529c136998cb6',
      appSecret: 'hunter2',
      token: 'pamtest',
      encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
      takesPlaintext: false,
    })
    const env = { ...wechat, WECHAT_API_BASE: 'http://127.0.0.1:9000/', WECHAT_PLAINTEXT: 'development' }
    expect(loadConfig(env).wechat).toMatchObject({ apiBase: 'http://127.0.0.1:9000', takesPlaintext: true })
  })

  it.each([
    ['WECHAT_ENCODING_AES_KEY', 'too-short'],
    ['WECHAT_ENCODING_AES_KEY', `${'a'.repeat(42)}=`],
    ['WECHAT_TOKEN', 'with blank'],
    ['WECHAT_API_BASE', 'http://api.example.com'],
    ['WECHAT_API_BASE', 'https://api.example.com/cgi-bin'],
    ['WECHAT_PLAINTEXT', 'yes'],
  ])('refuses %s=%s of an account, without the secret', (name, value) => {
    const lines = refusalOf({ ...wechat, [name]: value })
    expect(lines).toHaveLength(1)
    expect(lines[0]?.startsWith(`${name}: `)).toBe(true)
    if (/KEY|TOKEN/.test(name)) expect(lines[0]).not.toContain(value)
  })

  it('takes unencrypted messages on a loopback host only', () => {
    const plain = { ...wechat, WECHAT_PLAINTEXT: 'development' }
    expect(refusalOf({ ...plain, HOST: '127.0.0.1' })).toEqual([])
    const behindProxy = { ...plain, POSDESK_PUBLIC_URL: 'https://help.example.com' }
    expect(refusalOf(behindProxy)[0]).toMatch(/^WECHAT_PLAINTEXT: .*安全模式/)
    expect(refusalOf({ ...behindProxy, HOST: '0.0.0.0' })).toHaveLength(1)
  })

  it('takes Slack with both of its secrets, and its base for tests on this machine', () => {
    const both = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: '8f742231b10e8888abcd99yyyzzz85a5' }
    expect(loadConfig({}).slack).toBeUndefined()
    expect(loadConfig(both).slack).toEqual({
      botToken: 'xoxb-1',
      signingSecret: '8f742231b10e8888abcd99yyyzzz85a5',
    })
    expect(loadConfig({ ...both, SLACK_API_BASE: 'http://127.0.0.1:8081/' }).slack?.apiBase).toBe(
      'http://127.0.0.1:8081',
    )
    for (const SLACK_API_BASE of ['slack.example', 'http://slack.example', 'https://slack.example/api']) {
      expect(refusalOf({ ...both, SLACK_API_BASE })[0]).toMatch(/^SLACK_API_BASE: found .* wanted an https/)
    }
    const weak = { ...both, SLACK_SIGNING_SECRET: 'hunter2', SLACK_BOT_TOKEN: 'hunter 2' }
    expect(refusalOf(weak)).toHaveLength(2)
    expect(refusalOf(weak).join('\n')).not.toContain('hunter')
  })
})
