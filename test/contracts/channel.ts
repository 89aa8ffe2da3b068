import fc from 'fast-check';
import {
	MalformedPayload,
	type Channel,
	type ChannelEvent,
	type Content,
	type WebhookRequest,
} from '../../src/core/channel';
import { contentRefusal } from '../../src/core/content';

/** What a channel brings to be held to the contract: captured requests with what they say, and what it sends. */
export interface Subject<S> {
	secrets: S;
	otherSecrets: S;
	account: string;
	/** Each with its own genuine signature. */
	received: { name: string; request: WebhookRequest; events: ChannelEvent[] }[];
	/** The header that carries the signature. */
	signatureHeader: string;
	/** The part of that header that signs, e.g. what follows 'sha256='. */
	signatureOf(header: string): string;
	/** One of each kind in `can.contents`, within the channel's limits. */
	sendable: Content[];
}

/** Every channel keeps these promises; a channel without a subject does not compile. */
export function describeChannel<S>(channel: Channel<S>, subject: Subject<S>): void {
	const { secrets, otherSecrets, account, received, signatureHeader, signatureOf, sendable } = subject;
	const { isAuthentic, parse } = channel.webhook;
	const [sample] = received;
	if (!sample) throw new Error(`no captured request of ${channel.id}`);
	const withHeader = (value: string | undefined): WebhookRequest => ({
		...sample.request,
		headers: { ...sample.request.headers, [signatureHeader]: value },
	});
	const header = sample.request.headers[signatureHeader] ?? '';

	describe('promise 7: signatures', () => {
		test.each(received)('$name is genuine', ({ request }) => {
			expect(isAuthentic(request, secrets, account)).toBe(true);
		});

		test('another secret, no header and an empty one are not', () => {
			expect(isAuthentic(sample.request, otherSecrets, account)).toBe(false);
			expect(isAuthentic(withHeader(undefined), secrets, account)).toBe(false);
			expect(isAuthentic(withHeader(''), secrets, account)).toBe(false);
		});

		test('one changed, missing or additional character is not', () => {
			const signature = signatureOf(header);
			const start = header.lastIndexOf(signature);
			for (let index = 0; index < signature.length - 1; index += 1) {
				const other = signature[index] === 'A' ? 'B' : 'A';
				const changed = signature.slice(0, index) + other + signature.slice(index + 1);
				expect(isAuthentic(withHeader(header.slice(0, start) + changed), secrets, account)).toBe(false);
			}
			expect(isAuthentic(withHeader(header.slice(0, -1)), secrets, account)).toBe(false);
			expect(isAuthentic(withHeader(`${header}A`), secrets, account)).toBe(false);
		});

		test('whatever stands in the header, it does not throw', () => {
			fc.assert(
				fc.property(fc.string({ unit: 'binary' }), (value) => !isAuthentic(withHeader(value), secrets, account)),
			);
		});
	});

	describe('reading', () => {
		test.each(received)('$name', ({ request, events }) => {
			expect(parse(request, secrets, account)).toEqual(events);
		});

		test('the same bytes twice give the same keys', () => {
			for (const { request } of received) {
				const keys = () => parse(request, secrets, account).map(({ key }) => key);
				expect(keys()).toEqual(keys());
			}
		});

		test('any other body is read or refused with a sentence, and nothing else happens', () => {
			const bodies = fc.oneof(
				fc.uint8Array({ maxLength: 200 }),
				fc.json().map((text) => Buffer.from(text)),
				fc.constantFrom(...received).chain(({ request }) =>
					fc.nat({ max: Math.max(0, request.body.length - 1) }).map((end) => request.body.slice(0, end)),
				),
			);
			fc.assert(
				fc.property(bodies, (body) => {
					try {
						return Array.isArray(parse({ ...sample.request, body }, secrets, account));
					} catch (error) {
						return error instanceof MalformedPayload && /\S/.test(error.message);
					}
				}),
			);
		});
	});

	describe('sending', () => {
		test('there is a sample of each kind it can send', () => {
			expect(sendable.map(({ kind }) => kind).sort()).toEqual([...channel.can.contents].sort());
		});

		test.each(sendable)('$kind is within the limits and gets an id', async (content) => {
			expect(contentRefusal(content, channel)).toBeNull();
			const to = { channel: channel.id, account, user: 'user-1' };
			const ids = await channel.send(content, to, { now: () => sample.request.receivedAt }, 'message-1');
			expect(ids.length).toBeGreaterThan(0);
		});

		test('a text at its limit goes, one more does not', () => {
			const text = (length: number): Content => ({ kind: 'text', text: 'a'.repeat(length) });
			const max = Math.min(2000, channel.can.text.max);
			expect(contentRefusal(text(max), channel)).toBeNull();
			expect(contentRefusal(text(max + 1), channel)).toMatchObject({ code: 'content_unsupported' });
		});
	});

	test('its limits say where they come from and when that was read', () => {
		expect(channel.can.sources.length).toBeGreaterThan(0);
		for (const { url, readOn } of channel.can.sources) {
			expect(url).toMatch(/^https:\/\//);
			expect(readOn).toMatch(/^\d{4}-\d{2}-\d{2}$/);
		}
	});
}
