import { agentId } from '../core/ids.ts'
import type { Passwords } from './passwords.ts'
import type { Clock, Ids, Store } from './ports.ts'

const GENERATED_BYTES = 12

/**
 * Creates the first admin when there is no staff at all.
 *
 * Gives back the log-in exactly once, when the password was generated here: whoever started the server must see it.
 */
export async function ensureFirstAdmin(
  store: Store,
  admin: { readonly email: string; readonly password?: string },
  needs: { readonly passwords: Passwords; readonly clock: Clock; readonly ids: Ids },
): Promise<{ email: string; password: string } | undefined> {
  if ((await store.listStaff()).length > 0) return undefined
  const password = admin.password ?? needs.ids.secret(GENERATED_BYTES)
  await store.saveStaff({
    id: agentId(needs.ids.id()),
    email: admin.email,
    name: 'Admin',
    role: 'admin',
    passwordHash: await needs.passwords.hash(password),
    disabled: false,
    createdAt: needs.clock.now(),
  })
  return admin.password === undefined ? { email: admin.email, password } : undefined
}
