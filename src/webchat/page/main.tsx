import { render } from 'preact';
import { Api } from '../logic/api';
import { Chat, type ChatState } from '../logic/chat';
import { paletteOf, isColour } from '../logic/colour';
import { keepingIn } from '../logic/keeping';
import { fileAddress, placesOf } from '../logic/places';
import { retryPolicy } from '../logic/retry';
import { UnsentBox } from '../logic/unsent';
import { Uploads, type Upload } from '../logic/uploads';
import { App } from './App';
import { followAttention } from './attention';
import { readDraft, writeDraft } from './draft';
import { FrameLink } from './frame-link';
import { newId } from './ids';
import { readConfig } from './page-config';
import { putFile } from './upload-call';
import { followViewport } from './viewport';

/** The server's heartbeat is 20 s; two of them missed mean that the stream is dead. */
const SILENT_AFTER_MS = 45_000;

const config = readConfig();
const query = new URLSearchParams(location.search);
const embedded = query.get('embed') === '1' && window.parent !== window;
const places = placesOf(location);
const path = new URL(places.page).pathname;
const keeping = keepingIn(() => window.localStorage);
const perTab = keepingIn(() => window.sessionStorage);
const tokenKey = `conversations ${path} token`;
const draftKey = `conversations ${path} draft`;
const fetchHere = (url: string, init: RequestInit) => fetch(url, init);
const retryAfter = retryPolicy(Math.random);
const api = new Api(fetchHere, places, config.test);
const box = new UnsentBox(keeping, `conversations ${path} unsent `);
const root = document.getElementById('chat') ?? document.body;

let link: FrameLink | null = null;
let state: ChatState | null = null;
let picked: readonly Upload[] = [];
let open = !embedded;
let focusCount = 0;
let drawing = false;
const draft = readDraft(perTab, draftKey);

const chat: Chat = new Chat({
	api,
	fetch: fetchHere,
	keeper: {
		read: () => keeping.read(tokenKey),
		write: (token) => {
			keeping.write(tokenKey, token);
			link?.tell({ conversations: 'token', token });
		},
	},
	box,
	now: Date.now,
	newId,
	retryAfter,
	silentAfterMs: SILENT_AFTER_MS,
	onChange: (next) => {
		if (next.unread !== state?.unread) link?.tell({ conversations: 'unread', count: next.unread });
		state = next;
		draw();
	},
});

const uploads = new Uploads({
	limits: config.limits,
	put: (file, onProgress, signal) => chat.session.with((token) => putFile(api, token, file, onProgress, signal)),
	newId,
	retryAfter,
	onChange: (next) => {
		picked = next;
		keepDraft(draft.text);
		draw();
	},
});

/** Several changes in one turn are drawn once. Not by animation frames: a hidden page has none, and its title counts. */
function draw(): void {
	if (drawing) return;
	drawing = true;
	queueMicrotask(() => {
		drawing = false;
		if (!state) return;
		document.title = state.unread > 0 ? `(${state.unread}) ${config.title}` : config.title;
		render(
			<App
				config={config}
				chat={chat}
				uploads={uploads}
				state={state}
				picked={picked}
				draft={draft.text}
				onDraft={keepDraft}
				addressOf={(url) => fileAddress(places, url)}
				focusCount={focusCount}
				onClose={embedded ? close : null}
			/>,
			root,
		);
	});
}

function keepDraft(text: string): void {
	draft.text = text;
	draft.attachments = picked.map((one) => one.attachment).filter((one) => one !== null);
	writeDraft(perTab, draftKey, draft);
}

function look(): void {
	chat.look(open && !document.hidden);
}

function close(): void {
	link?.tell({ conversations: 'close' });
}

function paint(): void {
	const asked = query.get('colour');
	const palette = paletteOf(embedded && isColour(asked) ? asked : config.colour);
	const { style } = document.documentElement;
	style.setProperty('--brand', palette.brand);
	style.setProperty('--on-brand', palette.onBrand);
	style.setProperty('--accent-light', palette.accentLight);
	style.setProperty('--accent-dark', palette.accentDark);
}

paint();
followViewport(root);
if (draft.attachments.length > 0) uploads.restore(draft.attachments);
look();
followAttention(places.page, {
	onVisible: look,
	onReturn: () => {
		chat.renew();
		uploads.nudge();
	},
	onRest: () => chat.rest(),
	onWakeUp: () => {
		chat.wakeUp();
		uploads.nudge();
	},
});
window.addEventListener('storage', (event) => {
	const id = event.key === null ? null : box.idOf(event.key);
	if (id === null) return;
	if (event.newValue === null) chat.sender.forsake(id);
	else chat.sender.adopt(id);
});
document.addEventListener('keydown', (event) => {
	const inDialog = document.querySelector('dialog[open]') !== null;
	if (embedded && event.key === 'Escape' && !event.isComposing && !event.defaultPrevented && !inDialog) close();
});

if (embedded) {
	link = new FrameLink(window.parent, {
		onStart: (token) => {
			if (token !== null) keeping.write(tokenKey, token);
			chat.start();
		},
		onVisible: (visible) => {
			open = visible;
			// The launcher has put the focus into the frame when a person opened it, not when it opened by itself. A
			// phone would show its keyboard over the greeting.
			if (visible && document.hasFocus() && !window.matchMedia('(pointer: coarse)').matches) focusCount++;
			look();
		},
	});
} else {
	chat.start();
}
