/** Pictures this browser has just brought itself: no need to fetch them back. */
const own = new Map<string, string>()

/** Where a page's `img` finds a picture. */
export function pictureUrl(id: string): string {
  return own.get(id) ?? `/desk/v1/attachments/${encodeURIComponent(id)}`
}

export function keepOwn(id: string, url: string): void {
  own.set(id, url)
}
