/** The launcher's style sheet; colours come as custom properties. */
export const LOOK = `
:host { all: initial; position: fixed; z-index: 2147483000; inset: auto 20px 20px auto; font: 600 16px/1.3 system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif; color-scheme: light dark; }
:host([data-position=left]) { inset: auto auto 20px 20px; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
.launcher { position: relative; display: flex; align-items: center; justify-content: center; gap: 10px; min-width: 60px; height: 60px; margin: 0; padding: 0 17px; border: 0; border-radius: 30px; outline: 1px solid color-mix(in srgb, var(--on-brand) 25%, transparent); background: var(--brand); color: var(--on-brand); font: inherit; cursor: pointer; box-shadow: 0 6px 24px rgb(16 24 40 / 28%); transition: transform 140ms; -webkit-tap-highlight-color: transparent; }
.launcher:hover { transform: translateY(-2px); }
.launcher:focus-visible { outline: 3px solid var(--on-brand); outline-offset: -6px; box-shadow: 0 0 0 3px var(--brand), 0 6px 24px rgb(16 24 40 / 28%); }
.label { max-width: min(260px, 60vw); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
svg { flex: none; width: 26px; height: 26px; fill: none; stroke: currentcolor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.badge { position: absolute; top: -5px; inset-inline-end: -5px; min-width: 24px; height: 24px; padding: 0 7px; border: 2px solid #fff; border-radius: 12px; background: #c4261c; color: #fff; font-size: 13px; line-height: 20px; text-align: center; }
.panel { position: fixed; inset: auto 20px 96px auto; width: min(400px, calc(100vw - 40px)); height: min(680px, calc(100vh - 120px)); overflow: hidden; border-radius: 18px; outline: 1px solid rgb(128 136 148 / 35%); background: #f3f5f8; box-shadow: 0 16px 56px rgb(16 24 40 / 32%); }
:host([data-position=left]) .panel { inset: auto auto 96px 20px; }
iframe { display: block; width: 100%; height: 100%; border: 0; }
.said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (prefers-color-scheme: dark) { .panel { background: #11151b; } }
@media (max-width: 520px), (max-height: 480px) {
	.panel, :host([data-position=left]) .panel { inset: 0; width: 100%; height: 100%; border-radius: 0; outline: 0; }
	:host([data-open]) .launcher { visibility: hidden; }
}
@media (prefers-reduced-motion: no-preference) { .panel { animation: rise 180ms ease-out; } @keyframes rise { from { opacity: 0; transform: translateY(12px); } } }
@media (prefers-reduced-motion: reduce) { .launcher { transition: none; } }
@media (forced-colors: active) { .launcher, .panel { border: 2px solid; } }
@media print { :host { display: none; } }
`;

/** The phone size of the style sheet above: there the window fills the screen. */
export const FULL_SCREEN = '(max-width: 520px), (max-height: 480px)';
