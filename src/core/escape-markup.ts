/** Writes a text so that it stays a text in HTML and SVG. Pure. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/gu, (mark) => `&#${mark.charCodeAt(0)};`)
}
