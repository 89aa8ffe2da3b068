import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { can } from '../../channels/webchat/facts';
import type { PageConfig } from '../../channels/webchat/wire';
import type { ChatRequest } from './request';

const NONE: IWebhookResponseData = { noWebhookResponse: true };
const COLOUR = /^#[0-9a-f]{6}$/i;
/** Also an IPv6 address in brackets, and a star for all names below a domain. */
const HOST_NAME = /^(\[[0-9a-f:]+\]|(\*\.)?[a-z0-9.-]+)$/;
const DEFAULT_COLOUR = '#2f5bea';
const WIDGET_CONFIG_MARK = '"__CHAT_WIDGET_CONFIG__"';

interface Look {
	webchatTitle?: string;
	webchatGreeting?: string;
	webchatColour?: string;
	webchatAllowedOrigins?: string;
}

export async function servePage({ ctx, test }: ChatRequest): Promise<IWebhookResponseData> {
	const { pathname, search } = new URL(ctx.getRequestObject().originalUrl, 'http://localhost');
	if (pathname.endsWith('/')) {
		// The page's own links are relative to its address without the slash.
		ctx.getResponseObject().redirect(301, `../webchat${search}`);
		return NONE;
	}
	const look = lookOf(ctx);
	const config: PageConfig = {
		...titleAndColour(look),
		greeting: look.webchatGreeting ?? 'Hello! How can we help?',
		test,
		limits: {
			textMax: can.text.max,
			fileMaxBytes: can.attachments.maxBytes,
			attachmentsMax: can.attachments.max,
		},
	};
	const [script, style] = await Promise.all([asset('page.js'), asset('page.css')]);
	ctx
		.getResponseObject()
		.status(200)
		.set({
			'Content-Type': 'text/html; charset=utf-8',
			'Cache-Control': 'no-store',
			'Content-Security-Policy': contentSecurityPolicy(look.webchatAllowedOrigins ?? ''),
			'Referrer-Policy': 'no-referrer',
			'X-Content-Type-Options': 'nosniff',
		})
		.end(html(config, { script: script.version, style: style.version }));
	return NONE;
}

export const serveScript = (request: ChatRequest) => serveAsset(request, 'page.js', 'text/javascript');
export const serveStyle = (request: ChatRequest) => serveAsset(request, 'page.css', 'text/css');

/** The launcher for other sites, with this trigger's title and colour in it. */
export async function serveWidget({ ctx }: ChatRequest): Promise<IWebhookResponseData> {
	const { text } = await asset('widget.js');
	const config = JSON.stringify(titleAndColour(lookOf(ctx))).replaceAll('<', '\\u003c');
	ctx
		.getResponseObject()
		.status(200)
		.set({
			'Content-Type': 'text/javascript; charset=utf-8',
			'Cache-Control': 'public, max-age=300',
			'X-Content-Type-Options': 'nosniff',
			// Any site may load the launcher; which may show the page in it, 'frame-ancestors' says.
			'Cross-Origin-Resource-Policy': 'cross-origin',
		})
		.end(text.replace(WIDGET_CONFIG_MARK, () => config));
	return NONE;
}

function lookOf(ctx: IWebhookFunctions): Look {
	return ctx.getNodeParameter('options', {}) as Look;
}

function titleAndColour({ webchatTitle, webchatColour }: Look): { title: string; colour: string } {
	return {
		title: webchatTitle?.trim() || 'Chat with us',
		colour: webchatColour && COLOUR.test(webchatColour) ? webchatColour : DEFAULT_COLOUR,
	};
}

function contentSecurityPolicy(allowedOrigins: string): string {
	return [
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		"img-src 'self' blob: data:",
		"media-src 'self' blob:",
		"connect-src 'self'",
		"base-uri 'none'",
		"form-action 'none'",
		`frame-ancestors ${["'self'", ...originsIn(allowedOrigins)].join(' ')}`,
	].join('; ');
}

/** Origins as typed, one a line or separated by commas, 'https://' may be left out; what is no web address is passed over. */
function originsIn(typed: string): string[] {
	const words = typed.split(/[\s,]+/).filter((word) => word !== '');
	return words.flatMap((word) => {
		if (word === '*') return ['*'];
		const address = word.includes('://') ? word : `https://${word}`;
		if (!URL.canParse(address) || !(word.includes('://') || word.includes('.'))) return [];
		const { protocol, hostname, origin } = new URL(address);
		return /^https?:$/.test(protocol) && HOST_NAME.test(hostname) ? [origin] : [];
	});
}

function html(config: PageConfig, versions: { script: string; style: string }): string {
	const data = JSON.stringify(config).replaceAll('<', '\\u003c');
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(config.title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="webchat/page.css?v=${versions.style}">
<script type="application/json" id="chat-config">${data}</script>
<script src="webchat/page.js?v=${versions.script}" defer></script>
</head>
<body>
<div id="chat"></div>
<noscript>This chat needs JavaScript. Switch it on in your browser and load the page again.</noscript>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
	return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

async function serveAsset({ ctx }: ChatRequest, name: string, type: string): Promise<IWebhookResponseData> {
	const { text, version } = await asset(name);
	const asked = ctx.getRequestObject().query['v'];
	ctx
		.getResponseObject()
		.status(200)
		.set({
			'Content-Type': `${type}; charset=utf-8`,
			'Cache-Control': asked === version ? 'public, max-age=31536000, immutable' : 'no-cache',
			'X-Content-Type-Options': 'nosniff',
		})
		.end(text);
	return NONE;
}

interface Asset {
	text: string;
	/** Changes with the content. */
	version: string;
}

const assets = new Map<string, Promise<Asset>>();

function asset(name: string): Promise<Asset> {
	let loaded = assets.get(name);
	if (!loaded) {
		loaded = readFile(join(packageFolder(), 'dist', 'webchat', name), 'utf8').then((text) => ({
			text,
			version: createHash('sha256').update(text).digest('hex').slice(0, 12),
		}));
		assets.set(name, loaded);
		// One that could not be read is tried again by the next request.
		loaded.catch(() => assets.delete(name));
	}
	return loaded;
}

/** The folder with our package.json: this file lies at different depths in the sources and in dist. */
function packageFolder(): string {
	let folder = __dirname;
	while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
	return folder;
}
