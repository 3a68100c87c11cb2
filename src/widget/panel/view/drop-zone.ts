import { pictureFiles } from './picture-tray.ts'

/** Lets picture files be dropped anywhere on the panel; other things dropped there do not replace the page. */
export function acceptDrops(root: HTMLElement, onFiles: (files: File[]) => void): void {
  const mark = (isOver: boolean): void => void root.classList.toggle('dropping', isOver)
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true
  root.addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return
    event.preventDefault()
    mark(true)
  })
  root.addEventListener('dragleave', (event) => {
    if (!(event.relatedTarget instanceof Node) || !root.contains(event.relatedTarget)) mark(false)
  })
  root.addEventListener('drop', (event) => {
    if (!hasFiles(event)) return
    event.preventDefault()
    mark(false)
    const files = pictureFiles(event.dataTransfer)
    if (files.length > 0) onFiles(files)
  })
}
