/**
 * Lives in the launcher's shadow root: the host page's styles do not reach it, nor the other way round. The element
 * itself belongs to the page; there an `!important` from inside wins over one from the page.
 */
export const STYLE = `
:host { all: initial !important; display: block !important; position: fixed !important;
  z-index: 2147483000 !important; right: 0 !important; bottom: 0 !important; color-scheme: light dark !important;
  font-family: system-ui, -apple-system, "PingFang SC", "HarmonyOS Sans SC", MiSans, "Microsoft YaHei",
  "Noto Sans CJK SC", sans-serif !important; }
button { position: fixed; right: calc(20px + env(safe-area-inset-right, 0px));
  bottom: calc(20px + env(safe-area-inset-bottom, 0px)); display: flex; align-items: center; gap: 8px;
  min-height: 52px; padding: 0 20px 0 16px; border: 0; border-radius: 26px; background: #17695a; color: #fff;
  font-family: inherit; font-size: 16px; font-weight: 600; line-height: 1; cursor: pointer;
  box-shadow: 0 1px 2px rgba(15, 40, 34, .2), 0 8px 24px rgba(15, 40, 34, .22); }
button:hover { background: #125548; }
button:focus-visible { outline: 3px solid #17695a; outline-offset: 3px; }
button[hidden] { display: none; }
svg { width: 24px; height: 24px; }
.unread { min-width: 20px; padding: 4px 6px; box-sizing: border-box; border-radius: 10px; background: #fff;
  color: #a32a1c; font-size: 13px; text-align: center; }
.unread:empty { display: none; }
iframe { position: fixed; right: calc(20px + env(safe-area-inset-right, 0px));
  bottom: calc(20px + env(safe-area-inset-bottom, 0px)); width: 392px; max-width: calc(100vw - 40px);
  height: 660px; max-height: calc(100vh - 40px); border: 0; border-radius: 16px; background: #f7f6f3;
  box-shadow: 0 0 0 1px rgba(20, 30, 26, .08), 0 16px 48px rgba(15, 30, 25, .24); }
iframe[hidden] { display: none; }
@media (max-width: 560px) {
  iframe { top: var(--visible-top, 0px); right: 0; bottom: auto; left: 0; width: 100vw; max-width: none;
    height: var(--visible-height, 100%); max-height: none; border-radius: 0; box-shadow: none; }
}
@media (prefers-color-scheme: dark) {
  iframe { background: #151816; box-shadow: 0 0 0 1px rgba(255, 255, 255, .12), 0 16px 48px rgba(0, 0, 0, .5); }
  button:focus-visible { outline-color: #7fcab4; }
}
@media (prefers-reduced-motion: no-preference) {
  button { transition: background-color .15s; }
  iframe { animation: rise .18s ease-out; }
}
@keyframes rise { from { opacity: 0; transform: translateY(12px); } }
@media print { :host { display: none !important; } }
`
