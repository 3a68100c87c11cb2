const CALL = '__pwn()'
const TAGS = [
  'img',
  'svg',
  'body',
  'video',
  'audio',
  'iframe',
  'input',
  'details',
  'marquee',
  'object',
  'math',
  'a',
]
const HANDLERS = [
  'onerror',
  'onload',
  'onfocus',
  'ontoggle',
  'onstart',
  'onmouseover',
  'onpointerenter',
  'onanimationstart',
]
const SHAPES: readonly ((tag: string, handler: string) => string)[] = [
  (tag, handler) => `<${tag} src=x href=x autofocus open ${handler}=${CALL}>`,
  (tag, handler) => `"><${tag}/src=x/${handler}="${CALL}"//`,
  (tag, handler) => `</textarea></script><${tag.toUpperCase()} ${handler}\n=\t'${CALL}' src=x autofocus>`,
  (tag, handler) => `&lt;${tag} ${handler}=${CALL}&gt;<${tag} ${handler}=&#95;&#95;pwn&#40;&#41; src=x>`,
  (tag, handler) => `<scr<script>ipt>${CALL}</script><${tag} style="animation:x" ${handler}=${CALL} src=x>`,
]
const SINGLES = [
  `<script>${CALL}</script>`,
  `<script src=data:text/javascript,${CALL}></script>`,
  `<a href="javascript:${CALL}">点这里</a>`,
  `[点这里](javascript:${CALL})`,
  `![x](x"onerror="${CALL})`,
  `javascript:${CALL}`,
  `<iframe srcdoc="<script>parent.${CALL}</script>">`,
  `<form action=javascript:${CALL}><button autofocus>x</button></form>`,
  `<base href=//example.invalid><link rel=import href=x>`,
  `<style>@import 'javascript:${CALL}'</style>`,
  `<noscript><p title="</noscript><img src=x onerror=${CALL}>">`,
  `<math><mtext><table><mglyph><style><img src=x onerror=${CALL}>`,
  `<svg><animate onbegin=${CALL} attributeName=x dur=1s></svg>`,
  `<svg><use href="data:image/svg+xml,<svg id=x xmlns='http://www.w3.org/2000/svg'><image href='1' onerror='${CALL}'/></svg>#x"/>`,
  `{{constructor.constructor('${CALL}')()}}`,
  '${' + CALL + '}',
  `\u202e<img src=x onerror=${CALL}>\u202c`,
  `＜img src=x onerror=${CALL}＞`,
  `<img src=\`x\` onerror=${CALL}>`,
  `'-${CALL}-'`,
]

/** Over five hundred texts that call `__pwn` wherever text is taken for markup, a link or code. */
export function hostileTexts(): readonly string[] {
  const made = TAGS.flatMap((tag) =>
    HANDLERS.flatMap((handler) => SHAPES.map((shape) => shape(tag, handler))),
  )
  return [...SINGLES, ...made]
}
