/** A picture ready to be sent. */
export type PreparedPicture = { readonly blob: Blob; readonly width: number; readonly height: number }

/** Screens stay readable at this size, and a photo of twelve megapixels becomes half a megabyte. */
const LONGEST_SIDE = 2_560
const LARGEST_AS_IT_IS = 1_500_000
const QUALITY = 0.85
const TAKEN = ['image/jpeg', 'image/png', 'image/webp']

/**
 * Makes a file ready: what is large or of a kind the server does not take is drawn anew, smaller, as a JPEG, which also
 * leaves behind where and when it was taken. Undefined for a file that this browser cannot show as a picture.
 */
export async function preparePicture(file: Blob): Promise<PreparedPicture | undefined> {
  const url = URL.createObjectURL(file)
  try {
    const image = await loaded(url)
    const { naturalWidth: width, naturalHeight: height } = image
    if (width === 0 || height === 0) return undefined
    const isSmall = Math.max(width, height) <= LONGEST_SIDE && file.size <= LARGEST_AS_IT_IS
    if (isSmall && TAKEN.includes(file.type)) return { blob: file, width, height }
    return await drawn(image, width, height)
  } catch {
    return undefined
  } finally {
    URL.revokeObjectURL(url)
  }
}

function loaded(url: string): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const image = new Image()
    image.onload = () => resolve(image)
    image.onerror = () => reject(new Error('not a picture'))
    image.src = url
  })
}

function drawn(image: HTMLImageElement, width: number, height: number): Promise<PreparedPicture | undefined> {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(width * scale))
  canvas.height = Math.max(1, Math.round(height * scale))
  const context = canvas.getContext('2d')
  if (context === null) return Promise.resolve(undefined)
  // JPEG knows no transparency: what shows through would come out black.
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  const size = { width: canvas.width, height: canvas.height }
  return new Promise((resolve) => {
    canvas.toBlob((blob) => resolve(blob === null ? undefined : { blob, ...size }), 'image/jpeg', QUALITY)
  })
}
