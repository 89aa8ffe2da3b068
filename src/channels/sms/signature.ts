import { createHash, createHmac } from 'node:crypto';
import type { WebhookRequest } from '../../core/channel';
import { isSame } from '../kit/signature';
import type { SmsCredential } from './credential';
import { RETRIES } from './facts';
import { param, paramsOf, type Params } from './params';

const SIGNATURE_HEADER = 'x-twilio-signature';
/** In the query where not the parameters are signed but the bytes of the body, as their SHA-256. */
const BODY_HASH = 'bodySHA256';

/**
 * Twilio signs the address it calls together with what it posts there, with the account's primary Auth Token.
 * Source: twilio.com/docs/usage/webhooks/webhooks-security and twilio-node, src/webhooks/webhooks.ts; read 2026-11-22.
 */
export function isAuthentic(request: WebhookRequest, { accountSid, authToken }: SmsCredential): boolean {
	const { url, headers, body } = request;
	if (url === undefined || authToken === '') return false;
	const params = paramsOf(request);
	const account = param(params, 'AccountSid');
	if (account !== undefined && account !== accountSid) return false;
	const bodyHash = URL.canParse(url) ? new URL(url).searchParams.get(BODY_HASH) : null;
	if (bodyHash !== null && !isSame(bodyHash, createHash('sha256').update(body).digest('hex'))) return false;
	const signed = bodyHash === null ? inOrder(params) : '';
	return spellings(url).some((address) =>
		isSame(headers[SIGNATURE_HEADER], createHmac('sha1', authToken).update(address + signed).digest('base64')),
	);
}

/** Each name with its value, by name; of a name that is there several times, each of its values once. */
function inOrder(params: Params): string {
	const text: string[] = [];
	for (const name of [...params.keys()].sort()) {
		for (const value of [...new Set(params.get(name))].sort()) text.push(name, value);
	}
	return text.join('');
}

/**
 * The address as parts of Twilio spell it: as it was given or put in order, with and without a port, the query encoded
 * anew. What stands behind '#' is for Twilio only; it is said not to be signed, and does no harm here.
 */
function spellings(url: string): string[] {
	const ordered = URL.canParse(url) ? new URL(url).href : url;
	const found = [url, ordered, withQueryAnew(ordered)].flatMap((each) => [withoutPort(each), withPort(each)]);
	return [...new Set(found.flatMap((each) => [each, each + RETRIES]))];
}

/** Scheme, user, host, port, rest. */
const PARTS = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*@)?(\[[^\]/?#]*\]|[^/?#:]*)(?::([^/?#]*))?(.*)$/is;

function withoutPort(url: string): string {
	return url.replace(PARTS, (_all, scheme: string, user: string | undefined, host: string, _port, rest: string) => `${scheme}${user ?? ''}${host}${rest}`);
}

/** A port that is there stays. */
function withPort(url: string): string {
	return url.replace(PARTS, (all, scheme: string, user: string | undefined, host: string, port: string | undefined, rest: string) =>
		port ? String(all) : `${scheme}${user ?? ''}${host}:${scheme.toLowerCase() === 'https://' ? 443 : 80}${rest}`,
	);
}

/** As Node's own older module for queries writes it: one name after the other, numbers first. */
function withQueryAnew(url: string): string {
	const start = url.indexOf('?') + 1;
	if (start === 0 || start === url.length) return url;
	const values = new Map<string, string[]>();
	for (const pair of url.slice(start).split('&')) {
		if (pair === '') continue;
		const [name = '', ...value] = pair.split('=').map(decode);
		values.set(name, [...(values.get(name) ?? []), value.join('=')]);
	}
	const ordered = Object.entries(Object.fromEntries(values));
	const pairs = ordered.flatMap(([name, each]) => each.map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`));
	return url.slice(0, start) + pairs.join('&');
}

/** Bytes that are no text become the sign for that, as there. */
function decode(text: string): string {
	const spaced = text.replaceAll('+', ' ');
	try {
		return decodeURIComponent(spaced);
	} catch (error) {
		if (!(error instanceof URIError)) throw error;
		const bytes = spaced.replace(/%([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
		return Buffer.from(bytes, 'latin1').toString('utf8');
	}
}
