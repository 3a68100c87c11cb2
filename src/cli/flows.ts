import { parseArgs } from 'node:util'

import { type LoadedContent, loadContent } from '../content/load-content.ts'
import { renderProblem } from '../content/load-project.ts'
import { contentIn, projectContent } from '../content/project.ts'
import { didYouMean } from '../core/did-you-mean.ts'
import { AppError } from '../core/errors.ts'
import { draw } from '../core/flow/draw.ts'
import type { Flow } from '../core/flow/flow.ts'
import { paths } from '../core/flow/paths.ts'

const USAGE = `usage:
  flows check [DIR] [--json]   check intents, flows and data (DIR: a folder with that layout, or of flow files)
  flows draw ID                the flow as Mermaid source
  flows paths ID [--json]      every path of the flow`

/** Checks, draws and walks flows. Resolves to the exit code: 0 fine, 1 problems found, 2 wrong use. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  })
  const [command, subject] = positionals
  if (values.help === true || command === undefined) {
    process.stdout.write(`${USAGE}\n`)
    return values.help === true ? 0 : 2
  }
  if (command === 'check') return check(subject, values.json === true)
  if ((command === 'draw' || command === 'paths') && subject !== undefined) {
    return showFlow(command, subject, values.json === true)
  }
  process.stderr.write(`flows: "${positionals.join(' ')}" is not a command\n${USAGE}\n`)
  return 2
}

function check(dir: string | undefined, json: boolean): number {
  const { loaded, problems } = loadContent(dir === undefined ? projectContent() : contentIn(dir), {
    advise: true,
  })
  const ok = loaded !== undefined
  if (json) {
    process.stdout.write(`${JSON.stringify({ ok, problems })}\n`)
  } else if (loaded === undefined) {
    process.stdout.write(`${problems.map((problem) => renderProblem(problem)).join('\n')}\n`)
    process.stderr.write(`${problems.length} problem(s)\n`)
  } else {
    process.stdout.write(problems.map((problem) => `${renderProblem(problem)}\n`).join(''))
    process.stdout.write(
      `${summary(loaded)}${problems.length === 0 ? '' : `, ${problems.length} warning(s)`}\n`,
    )
  }
  return ok ? 0 : 1
}

function summary({ content, lines }: LoadedContent): string {
  const steps = [...content.flows.values()].reduce((sum, flow) => sum + flow.steps.size, 0)
  const { intents, flows, lexicon } = content
  return `ok: ${intents.size} intents with ${lines.length} utterances, ${flows.size} flows with ${steps} steps, ${lexicon.codes.size} response codes`
}

async function showFlow(command: 'draw' | 'paths', id: string, json: boolean): Promise<number> {
  const { loaded, problems } = loadContent(projectContent())
  if (loaded === undefined) {
    process.stderr.write(`${problems.map((problem) => renderProblem(problem)).join('\n')}\n`)
    return 1
  }
  const { flows } = loaded.content
  const flow = flows.get(id)
  if (flow === undefined) {
    const close = didYouMean(id, [...flows.keys()])
    const hint = close === undefined ? `Flows: ${[...flows.keys()].join(', ')}` : `Did you mean "${close}"?`
    throw new AppError('not_found', `there is no flow "${id}". ${hint}`)
  }
  if (command === 'draw') process.stdout.write(`${draw(flow, flows)}\n`)
  else await writePaths(flow, flows, json)
  return 0
}

/** Writes path by path, since a flow may have many thousands. */
async function writePaths(flow: Flow, flows: ReadonlyMap<string, Flow>, json: boolean): Promise<void> {
  let chunk = json ? '[' : ''
  let count = 0
  for (const path of paths(flow, flows)) {
    if (json) chunk += `${count === 0 ? '' : ',\n'}${JSON.stringify(path)}`
    else chunk += `${path.steps.map(({ step, answer }) => `${step}=${answer}`).join(' ')} -> ${path.end}\n`
    count++
    if (chunk.length > 1 << 16) {
      await write(chunk)
      chunk = ''
    }
  }
  await write(json ? `${chunk}]\n` : chunk)
  if (!json) process.stderr.write(`${count} paths\n`)
}

function write(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error) reject(error)
      else resolve()
    })
  })
}
