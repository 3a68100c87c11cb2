import { findTextFault } from '../../app/message-text.ts'
import type { Channel, InboundMessage } from '../../app/channel-ports.ts'
import { AppError } from '../../core/errors.ts'
import type { TranscriptLine } from '../../core/transcript.ts'

/** Makes the terminal channel: lines are shown as they are delivered. */
export function createTerminalChannel(show: (lines: readonly TranscriptLine[]) => void): Channel {
  return {
    name: 'terminal',
    async deliver(_address, lines) {
      if (lines.length > 0) show(lines)
    },
  }
}

/** Makes the inbound message of a typed line. Throws `invalid` when the line cannot be taken. Pure. */
export function parseTerminalLine(merchantKey: string, lineNumber: number, line: string): InboundMessage {
  const text = line.replace(/\r$/, '')
  const fault = findTextFault(text)
  if (fault) throw new AppError('invalid', `line ${lineNumber} ${fault}`)
  return {
    address: { channel: 'terminal', merchantKey },
    dedupeKey: `terminal:${lineNumber}`,
    content: { kind: 'text', text },
  }
}
