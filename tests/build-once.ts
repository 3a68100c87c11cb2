import { build, isFresh } from '../scripts/build.mjs'

/** Tests of the commands and the browser run what users run: the build. */
export default async function setup(): Promise<void> {
  if (!isFresh()) await build()
}
