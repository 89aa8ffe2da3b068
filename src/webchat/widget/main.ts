import { keepingIn } from '../logic/keeping';
import { Launcher } from './launcher';
import { pageOf, settingsFrom } from './settings';

/** One launcher a document, however often and from wherever the script is loaded. */
const PLACE = Symbol.for('conversations chat launcher');

/** Replaced by the server with `{"title":…,"colour":…}`; must stay one string literal through minification. */
const GIVEN: unknown = readGiven('__CHAT_WIDGET_CONFIG__');

function readGiven(given: unknown): unknown {
	return given;
}

function ownScript(): HTMLScriptElement | null {
	const current = document.currentScript;
	if (current instanceof HTMLScriptElement) return current;
	// Loaded as a module, or inserted by a tag manager that runs it later.
	return [...document.querySelectorAll<HTMLScriptElement>('script[src]')].find((one) => pageOf(one.src) !== null) ?? null;
}

function start(page: string, dataset: DOMStringMap): void {
	const place = window as unknown as Record<symbol, Launcher | undefined>;
	place[PLACE] ??= new Launcher(
		page,
		settingsFrom(GIVEN, dataset),
		keepingIn(() => window.localStorage),
		keepingIn(() => window.sessionStorage),
	);
	place[PLACE].attach();
}

const script = ownScript();
const page = script === null ? null : pageOf(script.src);
if (script === null || page === null) console.error('The chat launcher was not started: load it from its own address, …/conversations/webchat/widget.js.');
else if (document.body) start(page, script.dataset);
else document.addEventListener('DOMContentLoaded', () => start(page, script.dataset));
