import type { FrameMessage } from '../../channels/webchat/wire';
import { paletteOf } from '../logic/colour';
import { frameMessage } from '../logic/frame';
import type { Keeping } from '../logic/keeping';
import { FULL_SCREEN, LOOK } from './look';
import type { LauncherSettings } from './settings';

const CHAT_SHAPE = 'M20.5 11.5a8 8 0 0 1-11.7 7.1L4 20l1.4-4.3A8 8 0 1 1 20.5 11.5z';
const CLOSE_SHAPE = 'M6 6l12 12M18 6 6 18';

/** A round button on somebody's site that opens the chat page in a frame. Everything stands in a shadow root. */
export class Launcher {
	private readonly host = document.createElement('div');
	private readonly button = element('button', 'launcher');
	private readonly shape = document.createElementNS('http://www.w3.org/2000/svg', 'path');
	private readonly badge = element('span', 'badge');
	private readonly said = element('span', 'said');
	private readonly panel = element('div', 'panel');
	private frame: HTMLIFrameElement | null = null;
	private ready = false;
	private open = false;
	private byPerson = false;
	private unread = 0;
	private siteOverflow: string | null = null;
	private readonly pageOrigin: string;
	private readonly tokenKey: string;
	private readonly openKey: string;

	/** @param page absolute address of the chat page */
	constructor(
		private readonly page: string,
		private readonly settings: LauncherSettings,
		private readonly perSite: Keeping,
		private readonly perTab: Keeping,
	) {
		this.pageOrigin = new URL(page).origin;
		this.tokenKey = `conversations ${page} token`;
		this.openKey = `conversations ${page} open`;
		this.build();
		window.addEventListener('message', (event) => this.hear(event));
		const fills = window.matchMedia(FULL_SCREEN).matches;
		const wasOpen = perTab.read(this.openKey);
		if (wasOpen === null ? settings.open : wasOpen === 'yes' && !fills) this.show(false);
		// A visitor who has written before may have an answer waiting: the page counts it behind the button.
		else if (perSite.read(this.tokenKey) !== null) this.load();
	}

	/** Puts the button into the document, again if a site's own navigation has thrown it out. */
	attach(): void {
		if (!this.host.isConnected) document.body.append(this.host);
	}

	private build(): void {
		const { settings, button, host } = this;
		const palette = paletteOf(settings.colour);
		host.dataset.position = settings.position;
		host.style.setProperty('--brand', palette.brand);
		host.style.setProperty('--on-brand', palette.onBrand);

		const icon = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
		icon.setAttribute('viewBox', '0 0 24 24');
		icon.setAttribute('aria-hidden', 'true');
		icon.append(this.shape);
		button.type = 'button';
		button.append(icon);
		if (settings.label !== '') {
			const label = element('span', 'label');
			label.textContent = settings.label;
			button.append(label);
		}
		this.badge.setAttribute('aria-hidden', 'true');
		button.append(this.badge);
		button.addEventListener('click', () => (this.open ? this.hide() : this.show(true)));
		this.said.setAttribute('role', 'status');
		this.panel.hidden = true;
		this.panel.id = 'window';
		this.panel.setAttribute('role', 'dialog');
		this.panel.setAttribute('aria-label', settings.title);
		button.setAttribute('aria-controls', 'window');
		button.setAttribute('aria-haspopup', 'dialog');

		const root = host.attachShadow({ mode: 'open' });
		dress(root);
		// The window comes first, so that Tab goes from the page into it and then to the button.
		root.append(this.panel, button, this.said);
		host.addEventListener('keydown', (event) => {
			if (event.key === 'Escape' && this.open) this.hide();
		});
		this.label();
	}

	private load(): void {
		if (this.frame) return;
		this.frame = document.createElement('iframe');
		this.frame.title = this.settings.title;
		this.frame.src = `${this.page}?embed=1${this.settings.ownColour ? `&colour=${encodeURIComponent(this.settings.colour)}` : ''}`;
		this.frame.addEventListener('load', () => this.focusFrame());
		this.panel.append(this.frame);
	}

	private show(byPerson: boolean): void {
		this.open = true;
		this.byPerson = byPerson;
		this.panel.hidden = false;
		this.host.toggleAttribute('data-open', true);
		this.perTab.write(this.openKey, 'yes');
		if (window.matchMedia(FULL_SCREEN).matches) {
			// The site behind must not scroll under the finger.
			this.siteOverflow = document.documentElement.style.overflow;
			document.documentElement.style.overflow = 'hidden';
		}
		this.load();
		this.label();
		this.focusFrame();
		this.tellVisible();
	}

	private hide(): void {
		this.open = false;
		this.panel.hidden = true;
		this.host.toggleAttribute('data-open', false);
		this.perTab.write(this.openKey, 'no');
		if (this.siteOverflow !== null) document.documentElement.style.overflow = this.siteOverflow;
		this.siteOverflow = null;
		this.label();
		this.tellVisible();
		this.button.focus();
	}

	private focusFrame(): void {
		if (this.open && this.byPerson) this.frame?.focus();
	}

	private hear(event: MessageEvent): void {
		if (!this.frame || event.source !== this.frame.contentWindow || event.origin !== this.pageOrigin) return;
		const message = frameMessage(event.data);
		switch (message?.conversations) {
			case 'ready':
				this.ready = true;
				this.tell({ conversations: 'start', token: this.perSite.read(this.tokenKey) });
				this.tellVisible();
				break;
			case 'token':
				this.perSite.write(this.tokenKey, message.token);
				break;
			case 'unread':
				this.count(message.count);
				break;
			case 'close':
				if (this.open) this.hide();
				break;
			default:
		}
	}

	private count(unread: number): void {
		const more = unread > this.unread;
		this.unread = unread;
		this.label();
		if (more && !this.open) this.said.textContent = unread === 1 ? '1 new chat message' : `${unread} new chat messages`;
		else if (unread === 0) this.said.textContent = '';
	}

	private label(): void {
		const { title, label } = this.settings;
		const name = label === '' ? (this.open ? `Close chat with ${title}` : `Open chat with ${title}`) : label;
		const news = this.unread === 0 ? '' : `, ${this.unread === 1 ? '1 new message' : `${this.unread} new messages`}`;
		this.button.setAttribute('aria-label', name + news);
		this.button.setAttribute('aria-expanded', String(this.open));
		this.badge.hidden = this.unread === 0 || this.open;
		this.badge.textContent = this.unread > 99 ? '99+' : String(this.unread);
		this.shape.setAttribute('d', this.open ? CLOSE_SHAPE : CHAT_SHAPE);
	}

	private tellVisible(): void {
		if (this.ready) this.tell({ conversations: 'visible', visible: this.open });
	}

	private tell(message: FrameMessage): void {
		this.frame?.contentWindow?.postMessage(message, this.pageOrigin);
	}
}

function element<Name extends keyof HTMLElementTagNameMap>(name: Name, className: string): HTMLElementTagNameMap[Name] {
	const made = document.createElement(name);
	made.className = className;
	return made;
}

/** Constructed sheets are not inline styles, so a site's CSP lets them be; older Safari knows only the element. */
function dress(root: ShadowRoot): void {
	if ('adoptedStyleSheets' in root && 'replaceSync' in CSSStyleSheet.prototype) {
		const sheet = new CSSStyleSheet();
		sheet.replaceSync(LOOK);
		root.adoptedStyleSheets = [sheet];
		return;
	}
	const style = document.createElement('style');
	style.textContent = LOOK;
	root.append(style);
}
