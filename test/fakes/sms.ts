import { isAddress, refusal, refusalOfMessage, unknownField } from './sms-rules';
import { ACCOUNT_SID, ANN, AUTH_TOKEN, NUMBER, SERVICE, formOf, message, news, sidOf, sign, type Posted } from './sms-webhooks';
import { fakeServer, type Answer, type FakeServer, type Seen } from './server';

export interface SentMessage {
	sid: string;
	to: string;
	from: string | null;
	messagingServiceSid: string | null;
	body: string | null;
	mediaUrls: string[];
	statusCallback: string | null;
}

/**
 * Twilio on this machine, written from its OpenAPI documents (api v2010, messaging v1): REST with Basic authentication,
 * forms in and JSON out, files behind the secret, callbacks signed by Twilio's own SDK.
 */
export interface FakeSms {
	server: FakeServer;
	account: string;
	/** A credential with a number, with the service, and with a token that is not known. */
	fields: Record<string, unknown>;
	serviceFields: Record<string, unknown>;
	wrongFields: Record<string, unknown>;
	/** What it took, in order. */
	sent: SentMessage[];
	/** By number: the code that messages to it are refused with. */
	refusals: Map<string, number>;
	owner: { status: string; type: string; friendly_name: string };
	number: { sms_url: string; sms_method: string; sms_application_sid: string; capabilities: Record<string, boolean> };
	shortCode: { sms_url: string; sms_method: string };
	service: { inbound_request_url: string | null; inbound_method: string; use_inbound_webhook_on_number: boolean };
	/** Files of received messages, by name; `store`: another server that their bytes are to be had from. */
	files: Map<string, { bytes: Uint8Array; mime: string; store?: string }>;
	mediaUrl(name: string): string;
	/** Posts to an address as Twilio does: signed, and without what stands behind its '#'. */
	deliver(url: string, params: Posted): Promise<Response>;
	/** Ann writes. */
	receive(body: string, more?: Posted): Promise<Response>;
	/** Tells what became of a message that it took. */
	report(sid: string, status: string, more?: Posted): Promise<Response>;
	/** Fetches a file of a message as Twilio does. */
	download(url: string): Promise<Response>;
	close(): Promise<void>;
}

export const SHORT_CODE = '72345';
const NUMBER_SID = sidOf('PN', 1);
const SHORT_CODE_SID = sidOf('SC', 1);
const BASE = `/2010-04-01/Accounts/${ACCOUNT_SID}`;
/** Of the account as well; a filter takes parts of a number. */
const OTHER_NUMBER = { sid: sidOf('PN', 2), phone_number: `${NUMBER}0`, sms_url: 'https://other.example.test/sms' };

/** `receiverOrigin`: where the host of a registered address really listens, e.g. 'http://127.0.0.1:5678'. */
export async function fakeSms({ receiverOrigin }: { receiverOrigin?: string } = {}): Promise<FakeSms> {
	let count = 0;
	const nextSid = (prefix = 'SM') => sidOf(prefix, (count += 1));
	const reached = (url: string) => {
		const { pathname, search, href } = new URL(url);
		return receiverOrigin === undefined ? href : `${receiverOrigin}${pathname}${search}`;
	};
	const server = await fakeServer((request) => answer(request));
	const secret = { accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN, baseUrl: server.url };
	const fake: FakeSms = {
		server,
		account: NUMBER,
		fields: { ...secret, from: NUMBER, messagingServiceSid: '' },
		serviceFields: { ...secret, from: '', messagingServiceSid: SERVICE },
		wrongFields: { ...secret, authToken: 'ffffffffffffffffffffffffffffffff', from: NUMBER },
		sent: [],
		refusals: new Map(),
		owner: { status: 'active', type: 'Full', friendly_name: 'Shop' },
		number: { sms_url: '', sms_method: 'POST', sms_application_sid: '', capabilities: { sms: true, mms: true, voice: true } },
		shortCode: { sms_url: '', sms_method: 'POST' },
		service: { inbound_request_url: null, inbound_method: 'POST', use_inbound_webhook_on_number: true },
		files: new Map(),
		mediaUrl: (name) => `${server.url}${BASE}/Messages/${sidOf('MM', 9)}/Media/${name}`,
		deliver: (whole, params) => {
			const [url = ''] = whole.split('#');
			const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', 'x-twilio-signature': sign(url, params) };
			return fetch(reached(url), { method: 'POST', headers, body: formOf(params), redirect: 'error' });
		},
		receive: (body, more = {}) => {
			const { inbound_request_url: ofService, use_inbound_webhook_on_number: defers } = fake.service;
			const url = ofService !== null && !defers ? ofService : fake.number.sms_url;
			const named: Posted = url === ofService ? { MessagingServiceSid: SERVICE } : {};
			return fake.deliver(url, message(nextSid(), body, { ...named, ...more }));
		},
		report: (sid, status, more = {}) => {
			const { to, statusCallback } = fake.sent.find((each) => each.sid === sid) ?? {};
			if (to === undefined || !statusCallback) throw new Error(`nobody wants to know about ${sid}`);
			return fake.deliver(statusCallback, news(sid, status, { To: to, ...more }));
		},
		// It looks at the head before it fetches.
		download: async (url) => {
			const head = await fetch(reached(url), { method: 'HEAD' });
			return head.status === 200 ? await fetch(reached(url)) : head;
		},
		close: () => server.close(),
	};

	function answer({ method, path, query, headers, bytes }: Seen): Answer {
		if (headers['authorization'] !== `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}`) return refusal(20003, 'Authenticate');
		const form = new URLSearchParams(bytes.toString());
		const call = `${method} ${path.replace(BASE, '')}`;
		if (call === 'GET .json') return { json: { sid: ACCOUNT_SID, auth_token: AUTH_TOKEN, ...fake.owner } };
		if (call === 'POST /Messages.json') return takeMessage(form);
		if (call === 'GET /IncomingPhoneNumbers.json') return list('incoming_phone_numbers', 'phone_number', query['PhoneNumber'], [OTHER_NUMBER, { ...fake.number, sid: NUMBER_SID, phone_number: NUMBER }]);
		if (call === 'GET /SMS/ShortCodes.json') return list('short_codes', 'short_code', query['ShortCode'], [{ ...fake.shortCode, sid: SHORT_CODE_SID, short_code: SHORT_CODE }]);
		if (call === `POST /IncomingPhoneNumbers/${NUMBER_SID}.json`) return point(form, fake.number, NUMBER_SID);
		if (call === `POST /SMS/ShortCodes/${SHORT_CODE_SID}.json`) return point(form, fake.shortCode, SHORT_CODE_SID);
		if (path === `/v1/Services/${SERVICE}`) return method === 'GET' ? service() : pointService(form);
		return path.includes('/Media/') && method === 'GET' ? media(path.split('/').at(-1) ?? '') : refusal(20404, 'The requested resource was not found');
	}

	function list(name: string, id: string, filter = '', all: readonly Record<string, unknown>[]): Answer {
		return { json: { page: 0, page_size: 50, [name]: all.filter((each) => String(each[id]).includes(filter)) } };
	}

	function point(form: URLSearchParams, entry: { sms_url: string; sms_method: string }, sid: string): Answer {
		const [url, verb] = [form.get('SmsUrl'), form.get('SmsMethod')];
		const wrong = unknownField(form, 'number') ?? (url !== null && url !== '' && !isAddress(url) ? refusal(21402, 'Invalid Url') : null);
		if (wrong) return wrong;
		if (url !== null) entry.sms_url = url;
		if (verb !== null) entry.sms_method = verb;
		return { json: { sid, ...entry } };
	}

	function service(): Answer {
		return { json: { sid: SERVICE, account_sid: ACCOUNT_SID, friendly_name: 'Support', ...fake.service } };
	}

	function pointService(form: URLSearchParams): Answer {
		const [url, verb, defers] = [form.get('InboundRequestUrl'), form.get('InboundMethod'), form.get('UseInboundWebhookOnNumber')];
		const wrong = unknownField(form, 'service') ?? (url !== null && url !== '' && !isAddress(url) ? refusal(20001, 'InboundRequestUrl is invalid') : null);
		if (wrong) return wrong;
		if (url !== null) fake.service.inbound_request_url = url === '' ? null : url;
		if (verb !== null) fake.service.inbound_method = verb;
		if (defers !== null) fake.service.use_inbound_webhook_on_number = defers === 'true';
		return service();
	}

	function takeMessage(form: URLSearchParams): Answer {
		const to = form.get('To') ?? '';
		const code = fake.refusals.get(to);
		const wrong = unknownField(form, 'message') ?? refusalOfMessage(form, [NUMBER], new Map([[SERVICE, [NUMBER]]])) ?? (code === undefined ? null : refusal(code));
		if (wrong) return wrong;
		const [from, messagingServiceSid, body, mediaUrls] = [form.get('From'), form.get('MessagingServiceSid'), form.get('Body'), form.getAll('MediaUrl')];
		const sid = nextSid(mediaUrls.length > 0 ? 'MM' : 'SM');
		fake.sent.push({ sid, to, from, messagingServiceSid, body, mediaUrls, statusCallback: form.get('StatusCallback') });
		const status = messagingServiceSid === null ? 'queued' : 'accepted';
		return {
			status: 201,
			json: { sid, account_sid: ACCOUNT_SID, status, direction: 'outbound-api', from, to, body, num_segments: '1', messaging_service_sid: messagingServiceSid, error_code: null },
		};
	}

	function media(name: string): Answer {
		const file = fake.files.get(name);
		if (!file) return refusal(20404, 'The requested resource was not found');
		if (file.store !== undefined) return { status: 307, headers: { location: file.store } };
		return { bytes: file.bytes, headers: { 'content-type': file.mime } };
	}

	return fake;
}

export { ACCOUNT_SID, ANN, AUTH_TOKEN, NUMBER, SERVICE };
