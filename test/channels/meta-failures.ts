import type { Channel } from '../../src/core/channel';
import { ConversationsError, type Failure } from '../../src/core/failure';
import type { CredentialFields } from '../../src/core/provider';
import type { FailureRow } from '../../src/channels/kit/call';
import type { MetaFake } from '../fakes/meta-messaging';
import { META_REFUSALS } from '../fakes/meta-refusals';
import { sendPorts } from '../fakes/ports';
import type { Answer } from '../fakes/server';

interface Fields {
	fields: CredentialFields;
	wrongFields: CredentialFields;
}

interface Refused<C> {
	channel: Channel<C>;
	failures: readonly FailureRow[];
	account: string;
	user: string;
	/** Of the credential. */
	tokenField: string;
	start(): Promise<MetaFake & Fields>;
}

/** Messenger and Instagram refuse in the same words. */
export function describeMetaFailures<C>({ channel, failures, account, user, tokenField, start }: Refused<C>): void {
	let fake: MetaFake & Fields;
	beforeAll(async () => {
		fake = await start();
	});
	afterAll(() => fake.close());

	const { provider } = channel;
	if (!provider) throw new Error('there is no provider');
	const portsWith = (fields: CredentialFields) => sendPorts(provider, fields);

	async function refused(fields = fake.fields, text = 'Hello'): Promise<Failure> {
		const to = { channel: channel.id, account, user };
		const options = { messageId: '019aa7d2-5c1e-7cc3-9b0a-6f1d2c3b4a5e', quote: null, reply: null, humanAgent: false };
		const error: unknown = await channel.send({ kind: 'text', text }, to, portsWith(fields), options).catch((thrown: unknown) => thrown);
		if (!(error instanceof ConversationsError)) throw new Error(`expected a ConversationsError, got ${String(error)}`);
		return error.failure;
	}

	const answers = (answer: Answer) => {
		fake.server.next(/messages$/, answer);
		return refused();
	};

	test.each(META_REFUSALS.map((refusal) => ({ ...refusal, name: [refusal.code, refusal.subcode].filter(Boolean).join('/') })))(
		'$name is $is',
		async ({ is, says, ...error }) => {
			fake.refuse(error);
			const failure = await refused();
			expect(failure).toMatchObject({
				code: is,
				channel: channel.id,
				providerCode: error.subcode === undefined ? String(error.code) : `${error.code}/${error.subcode}`,
				providerMessage: `(#${error.code}) refused (trace AFakeTrace)`,
				retryable: is === 'rate_limited' || is === 'provider_unavailable',
			});
			expect(failure.reason).toMatch(says);
			expect(failure.reason).not.toMatch(/error|problem|failure|mistake/i);
		},
	);

	test('every line of the table is met by one of these', async () => {
		const said = new Set<string>();
		for (const { is: _is, says: _says, ...error } of META_REFUSALS) {
			fake.refuse(error);
			said.add((await refused()).reason);
		}
		for (const { reason } of failures) expect([...said]).toContain(reason);
	});

	test('a code that is not known is rejected, a status alone says what it can', async () => {
		fake.refuse({ code: 4242 });
		expect(await refused()).toMatchObject({ code: 'rejected', providerCode: '4242', retryable: false });
		expect(await answers({ status: 503, text: 'Service Unavailable' })).toMatchObject({ code: 'provider_unavailable', retryable: true });
		expect(await answers({ status: 504, text: 'Gateway Timeout' })).toMatchObject({ code: 'outcome_unknown', retryable: false });
		expect(await answers({ status: 429, headers: { 'retry-after': '7' } })).toMatchObject({ code: 'rate_limited', retryAfterMs: 7000 });
	});

	test('how long to wait, as Meta estimates it', async () => {
		const usage = JSON.stringify({ '1': [{ type: channel.id, call_count: 100, estimated_time_to_regain_access: 3 }] });
		fake.refuse({ code: 80006, headers: { 'x-business-use-case-usage': usage } });
		expect(await refused()).toMatchObject({ code: 'rate_limited', retryable: true, retryAfterMs: 180_000 });
		fake.refuse({ code: 613 });
		expect(await refused()).toMatchObject({ code: 'rate_limited', retryAfterMs: null });
	});

	test('of several limits the longest counts', async () => {
		const usage = (...minutes: number[]) => JSON.stringify({ '1': minutes.map((estimated_time_to_regain_access) => ({ type: channel.id, estimated_time_to_regain_access })) });
		fake.refuse({ code: 80006, headers: { 'x-business-use-case-usage': usage(0, 19, 4) } });
		expect(await refused()).toMatchObject({ code: 'rate_limited', retryAfterMs: 19 * 60_000 });
		fake.refuse({ code: 80006, headers: { 'x-business-use-case-usage': usage(0, 0) } });
		expect(await refused()).toMatchObject({ code: 'rate_limited', retryAfterMs: null });
	});

	test('no answer: before the request left, and after', async () => {
		expect(await refused({ ...fake.fields, baseUrl: 'http://127.0.0.1:1' })).toMatchObject({ code: 'provider_unavailable', retryable: true });
		fake.server.next(/messages$/, 'hang up');
		expect(await refused()).toMatchObject({ code: 'outcome_unknown', retryable: false });
	});

	test.each<[string, Answer]>([
		['no id', { json: { recipient_id: '1' } }],
		['another page', { text: '<html>n8n is starting up</html>' }],
		['a redirect', { status: 302, headers: { location: 'https://example.test/' } }],
		['more than was asked for', { bytes: Buffer.alloc(2 * 1024 * 1024, 0x20) }],
	])('an answer with %s does not tell whether it was sent', async (_name, answer) => {
		expect(await answers(answer)).toMatchObject({ code: 'outcome_unknown', retryable: false });
	});

	test('a token that Meta repeats in its words goes no further', async () => {
		const failure = await refused(fake.wrongFields);
		expect(failure).toMatchObject({ code: 'credential_invalid', providerMessage: 'Malformed access token … (trace AFakeTrace)' });
		expect(JSON.stringify(failure)).not.toContain(String(fake.wrongFields[tokenField]));
	});
}
