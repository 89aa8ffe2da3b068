import { custom } from '../../../src/channels/custom';
import { provider } from '../../../src/channels/custom/provider';
import { ConversationsError, InputError } from '../../../src/core/failure';
import { AnswerTooLarge, Unanswered, type HttpRequest } from '../../../src/core/http';
import { CHANNEL_ID, TOKEN, error, fakeCustom, type FakeCustom } from '../../fakes/custom';
import { callPorts } from '../../fakes/ports';
import { fakeServer, type Answer } from '../../fakes/server';

const ADDRESS = 'https://n8n.example.test/webhook/trigger-1/conversations/custom';

let fake: FakeCustom;
beforeEach(async () => {
	fake = await fakeCustom();
});
afterEach(() => fake.close());

const ports = (fields: Record<string, unknown> = fake.fields) => callPorts(provider, fields);
const failureOf = async (work: Promise<unknown>) => {
	const thrown: unknown = await work.then(() => undefined, (each: unknown) => each);
	if (!(thrown instanceof ConversationsError)) throw new Error(`expected a ConversationsError, got ${String(thrown)}`);
	return thrown.failure;
};

describe('the credential', () => {
	const given = { channelId: CHANNEL_ID, token: TOKEN, url: 'https://integration.example.com/' };

	test('is trimmed, and its address is the same with and without the path for messages', () => {
		const read = { channelId: CHANNEL_ID, token: TOKEN, url: 'https://integration.example.com', query: {} };
		expect(provider.read({ channelId: ` ${CHANNEL_ID} `, token: ` ${TOKEN}\n`, url: ' https://integration.example.com/message/ ' })).toEqual(read);
		expect(provider.read(given)).toEqual(read);
		expect(provider.read({ ...given, token: `Bearer ${TOKEN}` })).toEqual(read);
		expect(provider.read({ ...given, url: 'HTTP://10.0.0.5:3030/ch_1//message?a=1&b=2#x' })).toEqual({ ...read, url: 'http://10.0.0.5:3030/ch_1', query: { a: '1', b: '2' } });
		expect(provider.bases(provider.read(given))).toEqual({ url: 'https://integration.example.com' });
	});

	test.each([
		['Channel ID', { channelId: ' ' }],
		['Token', { token: '' }],
		['URL', { url: '' }],
		['URL', { url: 'integration.example.com' }],
		['URL', { url: 'ftp://integration.example.com' }],
		['URL', { url: 'https://' }],
		['URL', { url: 'https://ann:secret@integration.example.com' }],
	])("'%s' is named when it is not right: %j", (parameter, change) => {
		const read = () => provider.read({ ...given, ...change });
		expect(read).toThrow(InputError);
		expect(read).toThrow(`'${parameter}'`);
		expect(read).not.toThrow(/secret/);
	});

	test('the account is the channel, without a call', async () => {
		expect(await provider.account(ports())).toBe(CHANNEL_ID);
		expect(fake.server.requests).toEqual([]);
		expect(provider.secretOf(ports().credential)).toBe(TOKEN);
	});

	test('nothing is held back: any time, at any pace', () => {
		expect(custom.can).toMatchObject({ window: null, rates: { account: null, recipient: null } });
	});
});

describe('the token', () => {
	const posted: HttpRequest = { method: 'POST', url: '/message', headers: { 'cache-control': 'no-cache' } };

	test('goes with messages, in a header', () => {
		expect(provider.authorize(posted, ports().credential)).toEqual({ ...posted, headers: { 'cache-control': 'no-cache', authorization: `Bearer ${TOKEN}` } });
	});

	test('goes with no file and to no other host', async () => {
		const file: HttpRequest = { method: 'GET', url: 'https://integration.example.com/f.pdf' };
		expect(provider.authorize(file, ports().credential)).toEqual(file);
		expect(provider.secretHosts).toEqual([]);
		const stranger = await fakeServer(() => ({ status: 200 }));
		await ports().http({ method: 'POST', url: `${stranger.url}/message`, body: { json: {} } }).catch((thrown: unknown) => expect(thrown).toBeInstanceOf(Unanswered));
		expect(stranger.requests).toEqual([]);
		await stranger.close();
	});
});

describe('the test of the credential', () => {
	const answered = (answer: Answer) => {
		fake.server.next('/message', answer);
		return provider.test(ports());
	};

	test('posts what nobody can get, and says who answered', async () => {
		expect(await provider.test(ports())).toBe(`The integration server at ${new URL(fake.server.url).host} answers and did not refuse the token.`);
		expect(fake.server.requests).toMatchObject([{ method: 'POST', path: '/message', json: { channelId: CHANNEL_ID }, headers: { authorization: `Bearer ${TOKEN}` } }]);
		expect(fake.taken).toEqual([]);
	});

	test.each([
		[{ status: 200, json: {} }],
		[{ status: 200, text: 'Ignored' }],
		[error(400, 'contactId is missing')],
		[{ status: 422, text: 'no' }],
		[{ status: 429 }],
		[{ status: 500, text: '<!DOCTYPE html><pre>TypeError: Cannot read properties of undefined</pre>' }],
	])('%j: it is there', async (answer) => {
		expect(await answered(answer)).toMatch(/answers/);
	});

	test.each([
		[401, 'credential_invalid'],
		[403, 'credential_invalid'],
		[404, 'configuration_invalid'],
		[405, 'configuration_invalid'],
		[410, 'configuration_invalid'],
		[301, 'configuration_invalid'],
		[502, 'provider_unavailable'],
		[503, 'provider_unavailable'],
		[504, 'provider_unavailable'],
	])('%i is %s', async (status, code) => {
		expect(await failureOf(answered({ status }))).toMatchObject({ code, channel: 'custom' });
	});

	test.each([[{ text: '\n<html>Welcome</html>' }], [{ bytes: Buffer.alloc(1024 * 1024 + 1) }]])('a web page is no integration server', async (answer) => {
		const failure = await failureOf(answered(answer));
		expect(failure).toMatchObject({ code: 'configuration_invalid', channel: 'custom' });
		expect(failure.reason).toMatch(/web page.*'URL'/);
	});

	test('nobody there', async () => {
		const gone = { ...fake.fields, url: 'http://127.0.0.1:1' };
		expect((await failureOf(provider.test(ports(gone)))).reason).toMatch(/cannot be reached.*'URL'/);
	});

	test('no answer: the sentence says how long it waited, and that the token may be wrong', async () => {
		const asked: HttpRequest[] = [];
		const http = (request: HttpRequest) => (asked.push(request), Promise.reject(new Unanswered('after')));
		const failure = await failureOf(provider.test({ ...ports(), http }));
		expect(failure).toMatchObject({ code: 'provider_unavailable', channel: 'custom' });
		expect(failure.reason).toMatch(/10 seconds.*'Token'/);
		expect(asked).toMatchObject([{ timeoutMs: 10_000 }]);
	});
});

describe('registration', () => {
	const { registration } = provider;

	test('is by hand: the sentence says what to enter in the server, and not the token', () => {
		const sentence = registration.byHand(ports().credential, ADDRESS) ?? '';
		expect(sentence).toContain(ADDRESS);
		expect(sentence).toContain(`'${CHANNEL_ID}'`);
		expect(sentence).not.toContain(TOKEN);
		expect(registration.key(ports().credential, CHANNEL_ID)).toBe(`custom/${CHANNEL_ID}`);
	});

	test('nobody is asked or told', async () => {
		expect(await registration.current(CHANNEL_ID, ports())).toEqual({ url: null, problem: null });
		await registration.register({ url: ADDRESS, secret: '' }, CHANNEL_ID, ports());
		await registration.remove(CHANNEL_ID, ports());
		expect(fake.server.requests).toEqual([]);
	});
});

describe('a file of a received message', () => {
	const fetchFile = (url: string, maxBytes = 1000) => {
		if (!provider.fetchMedia) throw new Error('no fetchMedia');
		return provider.fetchMedia({ url }, maxBytes, ports());
	};

	test.each([
		['attachment; filename="in voice.pdf"', 'in voice.pdf'],
		['inline; FILENAME=invoice.pdf; size=4', 'invoice.pdf'],
		['attachment', null],
		[undefined, null],
	])("is fetched from the server's own host, which may be a private one, without the token (%s)", async (disposition, name) => {
		const headers = { 'content-type': 'application/pdf', ...(disposition !== undefined && { 'content-disposition': disposition }) };
		fake.files.set('a b.pdf', { bytes: Buffer.from('%PDF'), headers });
		const file = await fetchFile(fake.mediaUrl('a b.pdf'));
		expect({ ...file, bytes: Buffer.from(file.bytes).toString() }).toEqual({ bytes: '%PDF', mime: 'application/pdf', name });
	});

	test('is not fetched from anywhere else within a private network', async () => {
		const other = await fakeServer(() => ({ text: 'secret' }));
		expect(await failureOf(fetchFile(`${other.url}/x`))).toMatchObject({ code: 'provider_unavailable' });
		expect(other.requests).toEqual([]);
		await other.close();
	});

	test('may not be larger than asked for', async () => {
		fake.files.set('large', { bytes: Buffer.alloc(1001), headers: {} });
		await expect(fetchFile(fake.mediaUrl('large'))).rejects.toThrow(AnswerTooLarge);
	});

	test('is not there', async () => {
		expect(await failureOf(fetchFile(fake.mediaUrl('gone')))).toMatchObject({ code: 'rejected', retryable: false, providerCode: '404' });
	});

	test('may be asked for again when the server has trouble', async () => {
		fake.server.next(/^\/media/, { status: 503 }, { status: 429 }, 'hang up');
		for (let count = 0; count < 3; count += 1) {
			expect(await failureOf(fetchFile(fake.mediaUrl('x')))).toMatchObject({ code: 'provider_unavailable', retryable: true });
		}
	});
});
