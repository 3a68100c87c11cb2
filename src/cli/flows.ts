import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { type LoadedContent, loadContent } from '../content/load-content.ts'
import { loadProject, renderProblem } from '../content/load-project.ts'
import { contentIn, projectContent, projectRoot } from '../content/project.ts'
import { didYouMean } from '../core/did-you-mean.ts'
import { AppError } from '../core/errors.ts'
import { drawFlow, drawMap, toMermaid } from '../core/flow/draw.ts'
import type { Flow } from '../core/flow/flow.ts'
import { paths } from '../core/flow/paths.ts'
import { writeOrRefuse } from './write-or-refuse.ts'

const USAGE = `usage:
  flows check [DIR] [--json]   check intents, flows and data (DIR: a folder with that layout, or of flow files)
  flows draw [ID] [--svg FILE] the flow, or the map of all flows, as Mermaid source or as a picture
  flows paths ID [--json]      every path of the flow
  flows paths --coverage [--json]  which answers, ends and interrupts the conversation tests come by`

/** Checks, draws and walks flows. Resolves to the exit code: 0 fine, 1 problems found, 2 wrong use. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean' },
      svg: { type: 'string' },
      coverage: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
    allowPositionals: true,
  })
  const [command, subject] = positionals
  if (values.help === true || command === undefined) {
    process.stdout.write(`${USAGE}\n`)
    return values.help === true ? 0 : 2
  }
  if (command === 'check') return check(subject, values.json === true)
  if (command === 'draw') return drawing(subject, values.svg)
  if (command === 'paths' && values.coverage === true) return showCoverage(subject, values.json === true)
  if (command === 'paths' && subject !== undefined) return showPaths(subject, values.json === true)
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

async function showPaths(id: string, json: boolean): Promise<number> {
  const content = loadedContent()
  if (content === undefined) return 1
  await writePaths(flowCalled(id, content.flows), content.flows, json)
  return 0
}

async function showCoverage(id: string | undefined, json: boolean): Promise<number> {
  const { measureCoverage, renderCoverage } = await import('./flow-coverage.ts')
  const content = loadProject(projectContent())
  process.stderr.write('flows paths: talking through the conversation tests …\n')
  const all = await measureCoverage(content, join(projectRoot, 'tests/conversations'))
  const wanted = id === undefined ? undefined : flowCalled(id, content.flows).id
  const flows = all.flows.filter(({ flow }) => wanted === undefined || flow === wanted)
  const coverage = { ...all, flows }
  process.stdout.write(json ? `${JSON.stringify(coverage)}\n` : renderCoverage(coverage))
  return 0
}

async function drawing(id: string | undefined, svg: string | undefined): Promise<number> {
  const content = loadedContent()
  if (content === undefined) return 1
  const flow = id === undefined ? undefined : flowCalled(id, content.flows)
  const drawn = flow === undefined ? drawMap(content) : drawFlow(flow, content.flows)
  if (svg === undefined) {
    process.stdout.write(`${toMermaid(drawn)}\n`)
    return 0
  }
  const { toSvg } = await import('./drawing-svg.ts')
  writeOrRefuse(svg, toSvg(drawn, flow === undefined ? '全部流程' : `${flow.id} · ${flow.title}`))
  process.stdout.write(`${svg}\n`)
  return 0
}

/** The shipped content; undefined after its problems were shown. */
function loadedContent(): LoadedContent['content'] | undefined {
  const { loaded, problems } = loadContent(projectContent())
  if (loaded === undefined)
    process.stderr.write(`${problems.map((problem) => renderProblem(problem)).join('\n')}\n`)
  return loaded?.content
}

function flowCalled(id: string, flows: ReadonlyMap<string, Flow>): Flow {
  const flow = flows.get(id)
  if (flow !== undefined) return flow
  const close = didYouMean(id, [...flows.keys()])
  const hint = close === undefined ? `Flows: ${[...flows.keys()].join(', ')}` : `Did you mean "${close}"?`
  throw new AppError('not_found', `there is no flow "${id}". ${hint}`)
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
