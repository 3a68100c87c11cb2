/**
 * Keeps the page as high as what the on-screen keyboard leaves free. Browsers that resize the page themselves
 * (`interactive-widget=resizes-content`) lose nothing by it; iOS and older in-app browsers need it.
 */
export function followKeyboard(): void {
  const viewport = window.visualViewport
  if (viewport === null || viewport === undefined) return
  const fit = () => {
    // Zoomed in by hand, the viewport is a part of the page and says nothing of the keyboard.
    const height = viewport.scale > 1.01 ? '' : `${String(Math.round(viewport.height))}px`
    document.documentElement.style.setProperty('--visible-height', height)
    if (viewport.scale <= 1.01) window.scrollTo(0, 0)
  }
  viewport.addEventListener('resize', fit)
  fit()
}
