import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import {
	MalformedPayload,
	type Channel,
	type ChannelEvent,
	type Content,
	type WebhookRequest,
} from '../../src/core/channel';
import { contentRefusal } from '../../src/core/content';
import { ConversationsError } from '../../src/core/failure';
import type { CredentialFields } from '../../src/core/provider';
import { NO_MAIL } from '../../src/n8n/mail/service';
import { callPorts, sendPorts, type TestFile } from '../fakes/ports';
import type { FakeServer } from '../fakes/server';

/** A channel's provider on this machine. */
export interface FakeProvider {
	server: FakeServer;
	/** A credential for it, as n8n keeps it. */
	fields: CredentialFields;
	/** The same with a token that the provider does not know. */
	wrongFields: CredentialFields;
}

/** Mail servers on this machine, which speak no HTTP. */
export interface FakeMailServers extends Omit<FakeProvider, 'server'> {
	/** A credential for servers that cannot be reached. */
	goneFields: CredentialFields;
	/** Cuts the connection after the next mail was read, without an answer. */
	breakNext(): void;
	close(): Promise<void>;
}

/** What a channel brings to be held to the contract: captured requests with what they say, and what it sends. */
export interface Subject<C> {
	credential: C;
	otherCredential: C;
	account: string;
	/** Where the provider hands back a word of ours. */
	receiverSecret?: string;
	otherReceiverSecret?: string;
	/** Each with its own genuine signature. */
	received: { name: string; request: WebhookRequest; events: ChannelEvent[] }[];
	/** The header (or, with `signatureIn`, the parameter of the query) that carries the signature; null: nobody posts. */
	signatureHeader: string | null;
	signatureIn?: 'headers' | 'query';
	/** The part of it that signs, e.g. what follows 'sha256='. */
	signatureOf(header: string): string;
	/** The calls that hand a message over, where others go before; any unless given. */
	sendCalls?: RegExp;
	/** At least one of each kind in `can.contents`, within the channel's limits. */
	sendable: Content[];
	/** Who is written to. */
	user: string;
	/** The files that `sendable` names. */
	files?: Record<string, TestFile>;
	/** Absent for the website chat. */
	fake?(): Promise<FakeProvider | FakeMailServers>;
}

/** Every channel keeps these promises; a channel without a subject does not compile. */
export function describeChannel<C>(channel: Channel<C>, subject: Subject<C>): void {
	const { credential, otherCredential, account, received, signatureHeader, signatureOf, sendable, receiverSecret = '', sendCalls = /./ } = subject;
	const { signatureIn = 'headers' } = subject;
	const { otherReceiverSecret = receiverSecret } = subject;
	const { parse } = channel.webhook;
	const isAuthentic = (request: WebhookRequest) => channel.webhook.isAuthentic(request, credential, account, receiverSecret);
	const [sample] = received;
	if (!sample) throw new Error(`no captured request of ${channel.id}`);
	const withHeader = (value: string | undefined): WebhookRequest => ({
		...sample.request,
		[signatureIn]: { ...sample.request[signatureIn], [signatureHeader ?? '']: value },
	});
	const header = sample.request[signatureIn][signatureHeader ?? ''] ?? '';

	if (signatureHeader === null) {
		test('promise 7: nobody posts, so that nothing that is posted is genuine', () => {
			for (const { request } of received) expect(isAuthentic(request)).toBe(false);
		});
	} else describe('promise 7: signatures', () => {
		test.each(received)('$name is genuine', ({ request }) => {
			expect(isAuthentic(request)).toBe(true);
		});

		test('another secret, no header and an empty one are not', () => {
			expect(channel.webhook.isAuthentic(sample.request, otherCredential, account, otherReceiverSecret)).toBe(false);
			expect(isAuthentic(withHeader(undefined))).toBe(false);
			expect(isAuthentic(withHeader(''))).toBe(false);
		});

		test('one changed, missing or additional character is not', () => {
			const signature = signatureOf(header);
			const start = header.lastIndexOf(signature);
			for (let index = 0; index < signature.length - 1; index += 1) {
				const other = signature[index] === 'A' ? 'B' : 'A';
				const changed = signature.slice(0, index) + other + signature.slice(index + 1);
				expect(isAuthentic(withHeader(header.slice(0, start) + changed))).toBe(false);
			}
			expect(isAuthentic(withHeader(header.slice(0, -1)))).toBe(false);
			expect(isAuthentic(withHeader(`${header}A`))).toBe(false);
		});

		test('whatever stands in the header, it does not throw', () => {
			fc.assert(
				fc.property(fc.string({ unit: 'binary' }), (value) => !isAuthentic(withHeader(value))),
			);
		});
	});

	describe('reading', () => {
		test.each(received)('$name', ({ request, events }) => {
			expect(parse(request, credential, account)).toEqual(events);
		});

		test('the same bytes twice give the same keys', () => {
			for (const { request } of received) {
				const keys = () => parse(request, credential, account).map(({ key }) => key);
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
						return Array.isArray(parse({ ...sample.request, body }, credential, account));
					} catch (error) {
						return error instanceof MalformedPayload && /\S/.test(error.message);
					}
				}),
			);
		});
	});

	if (channel.reach) test('D8: who is written to first is the person whose messages come in', () => {
		expect(channel.reach?.({ phone: null, email: null })).toBeNull();
		const people = received.flatMap(({ events }) => events).flatMap((event) => (event.kind === 'message' && event.profile ? [{ ...event.profile, ...event.from }] : []));
		const known = people.filter(({ phone, email }) => channel.reach?.({ phone: phone ?? null, email: email ?? null }));
		expect(known.length).toBeGreaterThan(0);
		for (const { phone = null, email = null, user } of known) expect(channel.reach?.({ phone, email })).toBe(user);
	});

	describe('sending', () => {
		let fake: FakeProvider | FakeMailServers | undefined;
		const server = () => (fake && 'server' in fake ? fake.server : undefined);
		beforeAll(async () => {
			fake = await subject.fake?.();
		});
		afterAll(async () => {
			if (fake && 'close' in fake) await fake.close();
			else await server()?.close();
		});

		const ports = (fields: CredentialFields = fake?.fields ?? {}) =>
			channel.provider
				? sendPorts(channel.provider, fields, { now: sample.request.receivedAt, files: subject.files ?? {} })
				: { ...NO_PROVIDER, credential };
		const send = (content: Content, fields?: CredentialFields) =>
			channel.send(content, { channel: channel.id, account, user: subject.user }, ports(fields), {
				messageId: randomUUID(),
				quote: null,
				reply: null,
				humanAgent: false,
			});

		test('there is a sample of each kind it can send', () => {
			expect([...new Set(sendable.map(({ kind }) => kind))].sort()).toEqual([...channel.can.contents].sort());
		});

		test.each(sendable.map((content, index) => ({ content, name: `${content.kind} (sample ${index})` })))(
			'$name is within the limits and gets an id',
			async ({ content }) => {
				expect(contentRefusal(content, channel)).toBeNull();
				const ids = await send(content);
				expect(ids.length).toBeGreaterThan(0);
				expect(new Set(ids).size).toBe(ids.length);
				for (const id of ids) expect(typeof id === 'string' && id !== '').toBe(true);
			},
		);

		test('a text at its limit goes, one more does not', () => {
			const text = (length: number): Content => ({ kind: 'text', text: 'a'.repeat(length) });
			const max = Math.min(2000, channel.can.text.max);
			expect(contentRefusal(text(max), channel)).toBeNull();
			expect(contentRefusal(text(max + 1), channel)).toMatchObject({ code: 'content_unsupported' });
		});

		const { provider } = channel;
		if (!provider || !subject.fake) return;

		const failureOf = async (work: Promise<unknown>) => {
			const error: unknown = await work.then(
				() => undefined,
				(thrown: unknown) => thrown,
			);
			if (!(error instanceof ConversationsError)) throw new Error(`expected a ConversationsError, got ${String(error)}`);
			return error.failure;
		};
		const hello: Content = { kind: 'text', text: 'Hello' };

		test('the test of its credential says that all is well, and whose account it is', async () => {
			expect(await provider.test(callPorts(provider, fake?.fields ?? {}))).toMatch(/\S/);
			expect(await provider.account(callPorts(provider, fake?.fields ?? {}))).toBe(account);
		});

		test('a token that the provider does not know is named by the test and by a message', async () => {
			const wrong = fake?.wrongFields ?? {};
			expect(await failureOf(provider.test(callPorts(provider, wrong)))).toMatchObject({ code: 'credential_invalid', retryable: false });
			expect(await failureOf(send(hello, wrong))).toMatchObject({ code: 'credential_invalid', channel: channel.id, retryable: false });
		});

		test('a provider that cannot be reached has surely got nothing: it may be tried again', async () => {
			const gone = fake && 'goneFields' in fake ? fake.goneFields : { ...fake?.fields, ...Object.fromEntries(Object.keys(provider.bases(provider.read(fake?.fields ?? {}))).map((name) => [name, 'http://127.0.0.1:1'])) };
			expect(await failureOf(send(hello, gone))).toMatchObject({ code: 'provider_unavailable', retryable: true, channel: channel.id });
		});

		test('promise 4: a connection that breaks after the request is not known to have failed', async () => {
			if (fake && 'breakNext' in fake) fake.breakNext();
			else server()?.next(sendCalls, 'hang up');
			expect(await failureOf(send(hello))).toMatchObject({ code: 'outcome_unknown', channel: channel.id });
		});

		if (signatureHeader !== null) test('an answer that is not in its format never counts as sent', async () => {
			server()?.next(sendCalls, { status: 200, text: 'n8n is starting up' });
			expect(['outcome_unknown', 'rejected', 'provider_unavailable']).toContain((await failureOf(send(hello))).code);
		});

		test('its secret is in no sentence of a failure', async () => {
			const secret = provider.secretOf(provider.read(fake?.wrongFields ?? {}));
			const said = await failureOf(send(hello, fake?.wrongFields));
			expect(JSON.stringify(said)).not.toContain(secret);
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

/** What the website chat is given: it calls nobody. */
const NO_PROVIDER = {
	http: () => Promise.reject(new Error('there is no provider')),
	mail: NO_MAIL,
	now: () => 0,
	file: () => Promise.reject(new Error('not asked for')),
	publicUrl: () => Promise.reject(new Error('not asked for')),
	durationMs: () => Promise.resolve(null),
	receiverUrl: () => Promise.resolve(null),
};
