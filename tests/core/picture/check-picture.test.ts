import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkPicture } from '../../../src/core/picture/check-picture.ts'
import { crc32 } from '../../../src/core/picture/crc.ts'
import { orientationOf } from '../../../src/core/picture/orientation.ts'
import type { Picture, PictureFault } from '../../../src/core/picture/picture.ts'
import {
  exifBlock,
  hugePng,
  pngChunk,
  sample,
  webpChunk,
  withJpegSegment,
  withPngChunk,
  withWebpChunk,
} from '../../fixtures/pictures.ts'

const SECRET = 'SECRET-place-31.2304N'
const secret = Buffer.from(SECRET)

function pictureOf(bytes: Uint8Array): Picture {
  const checked = checkPicture(bytes)
  if ('fault' in checked) throw new Error(`refused: ${checked.fault.message}`)
  return checked.ok
}

function faultOf(bytes: Uint8Array): PictureFault {
  const checked = checkPicture(bytes)
  if ('ok' in checked) throw new Error('a picture was taken that should not be')
  return checked.fault
}

const holdsSecret = (data: Uint8Array): boolean => Buffer.from(data).includes('SECRET')

describe('a picture without anything in it but pixels', () => {
  it.each([
    ['plain.jpg', 'image/jpeg'],
    ['progressive.jpg', 'image/jpeg'],
    ['cmyk.jpg', 'image/jpeg'],
    ['plain.png', 'image/png'],
    ['indexed.png', 'image/png'],
    ['transparent.png', 'image/png'],
    ['plain.webp', 'image/webp'],
    ['lossless.webp', 'image/webp'],
    ['transparent.webp', 'image/webp'],
    ['transparent-lossless.webp', 'image/webp'],
  ])('is taken as it is: %s', (name, mime) => {
    const picture = pictureOf(sample(name))
    expect(picture).toMatchObject({ mime, width: 48, height: 32 })
    expect(Buffer.from(picture.data).equals(sample(name))).toBe(true)
  })
})

describe('what a camera or a program wrote beside the pixels', () => {
  it.each(['camera.jpg', 'camera.png', 'camera.webp'])('is gone from %s, but not how it was held', (name) => {
    const file = sample(name)
    expect(file.includes('SECRET')).toBe(true)
    const { data, width, height } = pictureOf(file)
    expect(holdsSecret(data)).toBe(false)
    for (const word of ['Adobe', 'xmpmeta', 'acsp', 'GPS', 'Author']) {
      expect(Buffer.from(data).includes(word), word).toBe(false)
    }
    // Held on its side: browsers turn it, so width and height are those seen. They do not turn WebP.
    expect([width, height]).toEqual(name === 'camera.webp' ? [48, 32] : [32, 48])
    expect(pictureOf(data)).toEqual({ ...pictureOf(file) })
  })

  const segments = [0xe0, 0xe1, 0xe2, 0xe3, 0xec, 0xed, 0xee, 0xef, 0xfe]
  it.each(segments)('is gone from a JPEG: segment %i', (marker) => {
    const names = [
      '',
      'Exif\0\0',
      'http://ns.adobe.com/xap/1.0/\0',
      'ICC_PROFILE\0',
      'MPF\0',
      'Photoshop 3.0\0',
    ]
    for (const name of names) {
      const body = Buffer.concat([Buffer.from(name, 'latin1'), secret])
      expect(holdsSecret(pictureOf(withJpegSegment(sample('plain.jpg'), marker, body)).data), name).toBe(
        false,
      )
    }
  })

  it('is gone from the heads a JPEG keeps: the preview in JFIF, whatever follows in Adobe', () => {
    const jfif = Buffer.concat([Buffer.from('JFIF\0\x01\x01\0\0\x01\0\x01\x03\x03', 'latin1'), secret])
    const adobe = Buffer.concat([Buffer.from('Adobe\0\x64\0\0\0\0\x01', 'latin1'), secret])
    for (const [marker, body] of [
      [0xe0, jfif],
      [0xee, adobe],
    ] as const) {
      const { data } = pictureOf(withJpegSegment(sample('plain.jpg'), marker, body))
      expect(holdsSecret(data)).toBe(false)
    }
  })

  it.each(['tEXt', 'zTXt', 'iTXt', 'eXIf', 'iCCP', 'tIME', 'pHYs', 'sPLT', 'acTL', 'prIv'])(
    'is gone from a PNG: chunk %s',
    (name) => {
      expect(holdsSecret(pictureOf(withPngChunk(sample('plain.png'), name, secret)).data)).toBe(false)
    },
  )

  it.each(['EXIF', 'XMP ', 'ICCP', 'UNKN'])('is gone from a WebP: chunk %s', (name) => {
    for (const file of ['plain.webp', 'lossless.webp', 'transparent.webp']) {
      const { data } = pictureOf(withWebpChunk(sample(file), name, secret))
      expect(holdsSecret(data)).toBe(false)
      expect(Buffer.from(data).equals(sample(file))).toBe(true)
    }
  })

  it.each(['plain.jpg', 'plain.png', 'plain.webp'])('is gone from behind the end of %s', (name) => {
    const file = Buffer.concat([sample(name), Buffer.from(`<script>${SECRET}</script>PK\x03\x04`)])
    expect(Buffer.from(pictureOf(file).data).equals(sample(name))).toBe(true)
  })

  it('leaves nothing of a page hidden in a comment', () => {
    const page = Buffer.from('<html><body><script>alert(1)</script></body></html>')
    const { data } = pictureOf(withJpegSegment(sample('plain.jpg'), 0xfe, page))
    expect(Buffer.from(data).includes('<script')).toBe(false)
  })
})

describe('how a camera was held', () => {
  it.each(['II', 'MM'] as const)('survives in every direction, written as %s', (order) => {
    for (let orientation = 1; orientation <= 8; orientation += 1) {
      const exif = exifBlock(order, orientation, SECRET)
      const files = [
        withJpegSegment(sample('plain.jpg'), 0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exif])),
        withPngChunk(sample('plain.png'), 'eXIf', exif),
      ]
      for (const file of files) {
        const { data, width } = pictureOf(file)
        expect(width).toBe(orientation >= 5 ? 32 : 48)
        expect(holdsSecret(data)).toBe(false)
        // Checked once more it is the same file, so what was kept is what a reader finds.
        expect(Buffer.from(pictureOf(data).data).equals(Buffer.from(data))).toBe(true)
      }
    }
  })

  it('is upright where nothing readable says otherwise, whatever the bytes', () => {
    expect(orientationOf(exifBlock('II', 9, ''))).toBe(1)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (bytes, isLittle) => {
        const start = isLittle ? [0x49, 0x49, 42, 0] : [0x4d, 0x4d, 0, 42]
        const orientation = orientationOf(new Uint8Array([...start, ...bytes]))
        expect(orientation >= 1 && orientation <= 8).toBe(true)
      }),
    )
  })
})

describe('a file that is not taken', () => {
  it.each([
    ['a GIF', sample('moving.gif'), 'this is a GIF file'],
    ['a PDF', Buffer.from('%PDF-1.7'), 'this is a PDF file'],
    ['a photo of an iPhone', Buffer.from('\0\0\0\x18ftypheic', 'latin1'), 'this is a HEIC file'],
    ['a drawing', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'), 'made of text'],
    [
      'a drawing with a mark before it',
      Buffer.from('\uFEFF<?xml version="1.0"?><svg/>'),
      'this is no picture',
    ],
    ['a page', Buffer.from('  <!doctype html><script>1</script>'), 'made of text'],
    ['words', Buffer.from('hello'), 'this is no picture'],
    ['nothing', Buffer.alloc(0), 'this is no picture'],
  ])('says what it is: %s', (_name, bytes, message) => {
    const fault = faultOf(bytes)
    expect(fault.kind).toBe('type')
    expect(fault.message).toContain(message)
    expect(fault.message).toContain('only JPEG, PNG and WebP')
  })

  it('is one that moves', () => {
    expect(faultOf(sample('moving.webp'))).toEqual({
      kind: 'broken',
      message: 'moving pictures are not taken',
    })
  })

  it('is one of more pixels than anybody can look at, by what it declares', () => {
    expect(pictureOf(hugePng(8192, 6144)).width).toBe(8192)
    for (const [width, height] of [
      [8192, 6145],
      [65_500, 65_500],
      [2 ** 31 - 1, 2 ** 31 - 1],
      [20_001, 1],
    ] as const) {
      const fault = faultOf(hugePng(width, height))
      expect(fault.kind).toBe('large')
      expect(fault.message).toContain(`${width} × ${height}`)
    }
    const jpeg = sample('plain.jpg')
    const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]))
    jpeg.writeUInt16BE(65_000, frame + 5)
    jpeg.writeUInt16BE(65_000, frame + 7)
    expect(faultOf(jpeg).kind).toBe('large')
  })

  it.each(['camera.jpg', 'progressive.jpg', 'camera.png', 'indexed.png', 'camera.webp', 'transparent.webp'])(
    'is one that is cut short, at whatever byte: %s',
    (name) => {
      const file = sample(name)
      for (let length = 0; length < file.length; length += 1) {
        const checked = checkPicture(file.subarray(0, length))
        expect('fault' in checked, `${name} cut at ${length}`).toBe(true)
      }
    },
  )

  it.each([
    [
      'two heads',
      'begin with its head',
      withPngChunk(sample('plain.png'), 'IHDR', headOf(sample('plain.png'))),
    ],
    ['a chunk it cannot do without', '"ABCD"', withPngChunk(sample('plain.png'), 'ABCD', secret)],
    ['pixels in two places', 'not in one piece', splitPixels()],
    ['a wrong sum', 'damaged', flipped(sample('plain.png'), 20)],
    ['a size of nothing', 'head of the picture', hugePng(0, 5)],
    [
      'two frames',
      'more than one frame',
      withJpegSegment(sample('plain.jpg'), 0xc0, frameOf(sample('plain.jpg'))),
    ],
    [
      'a table with words behind it',
      'not taken',
      withJpegSegment(sample('plain.jpg'), 0xdb, Buffer.concat([Buffer.alloc(65), secret])),
    ],
    ['arithmetic coding', 'not taken', withJpegSegment(sample('plain.jpg'), 0xcc, Buffer.from([0, 0]))],
    ['two sizes', 'two different sizes', resizedHead()],
  ])('is one that is wrong inside: %s', (_name, message, file) => {
    const fault = faultOf(file)
    expect(fault.kind).toBe('broken')
    expect(fault.message).toContain(message)
  })

  it('never throws, whatever is changed in a picture', () => {
    const files = ['camera.jpg', 'camera.png', 'camera.webp', 'transparent.webp', 'progressive.jpg'].map(
      sample,
    )
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 }),
        (file, changes) => {
          const changed = Buffer.from(file)
          for (const [at, value] of changes) changed[at % changed.length] = value
          const checked = checkPicture(changed)
          if ('ok' in checked) expect(pictureOf(checked.ok.data).data.length).toBe(checked.ok.data.length)
        },
      ),
      { numRuns: 3_000 },
    )
  })
})

it('sums as the standard does', () => {
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926)
})

function flipped(file: Buffer, at: number): Buffer {
  const changed = Buffer.from(file)
  changed[at] = (changed[at] ?? 0) ^ 1
  return changed
}

function frameOf(jpeg: Buffer): Buffer {
  const at = jpeg.indexOf(Buffer.from([0xff, 0xc0]))
  return jpeg.subarray(at + 4, at + 2 + jpeg.readUInt16BE(at + 2))
}

function headOf(png: Buffer): Buffer {
  return png.subarray(16, 29)
}

/** The file's pixels, then words, then pixels again. */
function splitPixels(): Buffer {
  const plain = sample('plain.png')
  const again = [
    pngChunk('tEXt', secret),
    pngChunk('IDAT', Buffer.from([0])),
    pngChunk('IEND', Buffer.alloc(0)),
  ]
  return Buffer.concat([plain.subarray(0, -12), ...again])
}

/** A head that promises another canvas than the pixels fill. */
function resizedHead(): Buffer {
  const head = Buffer.alloc(10)
  head.writeUIntLE(99, 4, 3)
  head.writeUIntLE(31, 7, 3)
  const plain = sample('plain.webp')
  const whole = Buffer.concat([plain.subarray(0, 12), webpChunk('VP8X', head), plain.subarray(12)])
  whole.writeUInt32LE(whole.length - 8, 4)
  return whole
}
