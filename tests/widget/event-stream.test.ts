import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEventParser } from '../../src/widget/panel/event-stream.ts'

const STREAM = [
  'retry: 3000\n\n',
  'id: 1\nevent: message\ndata: {"seq":1}\n\n',
  ': heartbeat\n\n',
  'event: status\r\ndata: {"holder":\r\ndata: "bot"}\r\n\r\n',
  'data:no space\n\n',
  'id: 3\n\n',
].join('')

const EVENTS = [
  { event: 'message', data: '{"seq":1}' },
  { event: 'status', data: '{"holder":\n"bot"}' },
  { event: 'message', data: 'no space' },
]

describe('event stream parser', () => {
  it('gives the events of a stream and passes over comments and bare ids', () => {
    expect(createEventParser()(STREAM)).toEqual(EVENTS)
  })

  it('gives the same events however the stream is cut into pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(STREAM.length), { maxLength: 12 }), (cuts) => {
        const parse = createEventParser()
        const borders = [0, ...cuts.sort((a, b) => a - b), STREAM.length]
        const pieces = borders.slice(1).map((end, index) => STREAM.slice(borders[index], end))
        expect(pieces.flatMap((piece) => parse(piece))).toEqual(EVENTS)
      }),
      { seed: 7 },
    )
  })

  it('keeps an unfinished event back', () => {
    const parse = createEventParser()
    expect(parse('event: message\ndata: {"seq":2}\n')).toEqual([])
    expect(parse('\n')).toEqual([{ event: 'message', data: '{"seq":2}' }])
  })
})
