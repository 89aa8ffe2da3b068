import { once } from 'node:events';
import { Agent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { ConversationsError } from '../../../src/core/failure';
import { AnswerTooLarge, Unanswered, type HttpRequest } from '../../../src/core/http';
import { httpFor, type Agents } from '../../../src/n8n/calls/http';
import { CERTIFICATE, PRIVATE_KEY } from '../../fakes/certificate';
import { plainFields, plainProvider, TOKEN } from '../../fakes/provider';
import { fakeServer, type FakeServer, type Seen } from '../../fakes/server';

const provider = plainProvider();
let server: FakeServer;
let other: FakeServer;
beforeEach(async () => {
	[server, other] = [await fakeServer(() => ({ json: { ok: true } })), await fakeServer(() => ({ text: 'other' }))];
});
afterEach(() => Promise.all([server.close(), other.close()]));

const http = (more = {}, agents?: Agents) => httpFor(provider, provider.read(plainFields(server.url, more)), agents);
/** Lets everybody in, so that a foreign server of these tests may be on this machine. */
const OPEN: Agents = { known: () => new Agent(), foreign: () => new Agent() };
const GET = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({ method: 'GET', url, ...more });
const POST = (more: Partial<HttpRequest> = {}): HttpRequest => ({ method: 'POST', url: '/send', ...more });
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
const secretOf = ({ headers }: Seen) => headers['authorization'];

async function thrown(work: Promise<unknown>): Promise<Error> {
	const error: unknown = await work.then(
		() => new Error('It was answered.'),
		(reason: unknown) => reason,
	);
	if (!(error instanceof Error)) throw new Error('something else than an error was thrown');
	return error;
}

async function when(work: Promise<unknown>): Promise<string> {
	const error = await thrown(work);
	return error instanceof Unanswered ? error.when : `${error.name}: ${error.message}`;
}

describe('where a call goes', () => {
	test('a path is below the first base URL, or the one that is named', async () => {
		const ask = http({ baseUrl: `${server.url}/bot`, filesUrl: `${other.url}/files` });
		await ask(GET('/me?x=1', { query: { 'a b': 'ä&=', x: '2' } }));
		await ask(GET('/f', { base: 'filesUrl' }));
		expect(server.requests).toMatchObject([{ method: 'GET', path: '/bot/me', query: { 'a b': 'ä&=', x: '2' } }]);
		expect(other.requests).toMatchObject([{ path: '/files/f' }]);
	});

	test('every status is an answer, with its headers in lower case', async () => {
		server.next('/send', { status: 418, text: 'no', headers: { 'Retry-After': '7' } });
		const { status, headers, bytes } = await http()(POST());
		expect([status, headers['retry-after'], text(bytes)]).toEqual([418, '7', 'no']);
	});

	test('an answer may be gzipped or empty', async () => {
		server.next('/send', { bytes: gzipSync('hello'), headers: { 'content-encoding': 'gzip' } }, { status: 204 });
		expect(text((await http()(POST())).bytes)).toBe('hello');
		expect((await http()(POST())).bytes).toHaveLength(0);
	});

	test.each(['file:///etc/passwd', 'data:text/plain,hi', 'ftp://example.com/a', 'nonsense', ''])('%j is not asked for', async (url) => {
		expect(await when(http()(GET(url)))).toBe('before');
	});

	test('one connection serves calls that follow each other', async () => {
		const connections = await listen((socket) => socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')));
		const ask = http({ baseUrl: connections.url });
		for (let count = 0; count < 3; count += 1) expect(text((await ask(POST())).bytes)).toBe('ok');
		expect(connections.count()).toBe(1);
		connections.close();
	});
});

describe('bodies', () => {
	test('JSON', async () => {
		await http()(POST({ body: { json: { text: ' ä\n👍 ', n: 1 } } }));
		const [seen] = server.requests;
		expect(text(seen?.bytes ?? Buffer.of())).toBe('{"text":" ä\\n👍 ","n":1}');
		expect(seen?.headers).toMatchObject({ 'content-type': 'application/json', 'content-length': '27' });
	});

	test('a form', async () => {
		await http()(POST({ body: { form: { to: '+44', text: 'a&b=ä c' } } }));
		expect(text(server.requests[0]?.bytes ?? Buffer.of())).toBe('to=%2B44&text=a%26b%3D%C3%A4+c');
		expect(server.requests[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
	});

	test('a form with files', async () => {
		const bytes = Uint8Array.from({ length: 300 }, (_, index) => index % 256);
		await http()(
			POST({ body: { multipart: [{ name: 'to', value: 'ann' }, { name: 'photo', filename: 'Bild "1".png', mime: 'image/png', bytes }] } }),
		);
		const [seen] = server.requests;
		const photo = seen?.form['photo'] as File;
		expect([seen?.form['to'], photo.name, photo.type]).toEqual(['ann', 'Bild "1".png', 'image/png']);
		expect(new Uint8Array(await photo.arrayBuffer())).toEqual(bytes);
		expect(seen?.headers['content-length']).toBe(String(seen?.bytes.length));
	});

	test('none', async () => {
		await http()(POST());
		expect(server.requests[0]?.bytes).toHaveLength(0);
		expect(server.requests[0]?.headers['content-type']).toBeUndefined();
	});

	test('a header of the call wins', async () => {
		await http()(POST({ body: { json: {} }, headers: { 'content-type': 'application/json; charset=utf-8' } }));
		expect(server.requests[0]?.headers['content-type']).toBe('application/json; charset=utf-8');
	});
});

describe('the secret', () => {
	test('goes to the base URLs, also when their whole address is given', async () => {
		const ask = http({ filesUrl: other.url });
		await ask(GET('/me'));
		await ask(GET(`${server.url}/x`));
		await ask(GET(`${other.url}/file`));
		expect([...server.requests, ...other.requests].map(secretOf)).toEqual(Array(3).fill(`Bearer ${TOKEN}`));
	});

	test('does not go to a foreign host, whatever its address looks like', async () => {
		const ask = http({}, OPEN);
		await ask(GET(`${other.url}/file.png`));
		await ask(GET(other.url.replace('http://', 'http://api.example.test:443@')));
		expect(other.requests).toHaveLength(2);
		for (const seen of other.requests) expect(secretOf(seen) ?? '').not.toContain(TOKEN);
	});

	test.each([
		['https://files.example.test/a', true],
		['https://cdn.files.example.test/a', true],
		['https://files.example.test.evil.test/a', false],
		['https://evilfiles.example.test/a', false],
		['http://files.example.test/a', false],
	])('with %s: %s', async (url, given) => {
		// Whoever is asked for, the server of this test answers, without TLS.
		const port = Number(new URL(server.url).port);
		const here = (agent: Agent) => Object.assign(agent, { createConnection: () => connect(port, '127.0.0.1') });
		const agent = ({ protocol }: URL) => here(protocol === 'https:' ? new HttpsAgent() : new Agent());
		await http({}, { known: agent, foreign: agent })(GET(url));
		expect(server.requests).toMatchObject([{ headers: { host: new URL(url).host } }]);
		expect(server.requests.map(secretOf)).toEqual([given ? `Bearer ${TOKEN}` : undefined]);
	});

	test('stays with the host that sends us on to another one', async () => {
		server.next('/file', { status: 302, headers: { location: `${other.url}/there` } });
		const { bytes } = await http({ filesUrl: other.url })(GET('/file', { headers: { 'x-key': 'k' } }));
		expect(text(bytes)).toBe('other');
		expect(server.requests.map(secretOf)).toEqual([`Bearer ${TOKEN}`]);
		expect(other.requests[0]?.headers).not.toHaveProperty('authorization');
		expect(other.requests[0]?.headers).not.toHaveProperty('x-key');
	});

	test('goes along to another path of its own host', async () => {
		server.next('/file', { status: 301, headers: { location: '/moved' } });
		await http()(GET('/file'));
		expect(server.requests).toMatchObject([{ path: '/file' }, { path: '/moved', headers: { authorization: `Bearer ${TOKEN}` } }]);
	});

	test('with a character that no header takes is named as the cause', async () => {
		const error = await thrown(http({ token: 'topsecret\u2028x' })(POST()));
		expect(error).toBeInstanceOf(ConversationsError);
		expect(error).toMatchObject({ failure: { code: 'credential_invalid' } });
		expect(error.message).not.toContain('topsecret');
		expect(server.requests).toEqual([]);
	});
});

describe('redirects', () => {
	test('are the answer of anything but a GET', async () => {
		server.next('/send', { status: 307, headers: { location: '/elsewhere' } });
		expect(await http()(POST())).toMatchObject({ status: 307 });
		expect(server.requests).toHaveLength(1);
	});

	test('are followed three times', async () => {
		const on = (to: string) => ({ status: 302, headers: { location: to } });
		server.next(/./, on('/1'), on('/2'), on('/3'), on('/4'));
		expect(await http()(GET('/0'))).toMatchObject({ status: 302, headers: { location: '/4' } });
		expect(server.requests.map(({ path }) => path)).toEqual(['/0', '/1', '/2', '/3']);
	});

	test.each(['http://foreign.example.test/', 'file:///etc/passwd', 'http://', 'data:,x'])('do not lead to %s', async (location) => {
		server.next('/file', { status: 302, headers: { location } });
		expect(await http({}, OPEN)(GET('/file'))).toMatchObject({ status: 302 });
	});

	test('do not lead into a private network', async () => {
		server.next('/file', { status: 302, headers: { location: 'https://169.254.169.254/latest' } });
		expect(await when(http()(GET('/file')))).toBe('before');
	});
});

test('a foreign address inside a private network is not asked, the base URL may be there', async () => {
	expect(await when(http()(GET(`${other.url}/file`)))).toBe('before');
	expect(other.requests).toEqual([]);
	expect(await http()(GET('/me'))).toMatchObject({ status: 200 });
});

describe('no answer', () => {
	test.each([
		['nobody listens', 'http://127.0.0.1:1'],
		['the name is not known', 'http://nobody.invalid'],
	])('before the request has left: %s', async (_name, baseUrl) => {
		expect(await when(http({ baseUrl })(POST({ body: { json: {} } })))).toBe('before');
	});

	test('before: the other side does not speak TLS', async () => {
		expect(await when(http({ baseUrl: server.url.replace('http:', 'https:') })(POST()))).toBe('before');
		expect(server.requests).toEqual([]);
	});

	test('before: TLS is never agreed on', async () => {
		const silent = await listen(() => undefined);
		expect(await when(http({ baseUrl: silent.url.replace('http:', 'https:') })(POST({ timeoutMs: 50 })))).toBe('before');
		silent.close();
	});

	describe('over TLS', () => {
		const secured = (ca?: string): Agents => {
			const agent = new HttpsAgent({ keepAlive: true, ...(ca !== undefined && { ca }) });
			return { known: () => agent, foreign: () => agent };
		};
		/** Answers the first call and hangs up on the next. */
		const once = () => {
			let served = 0;
			return listen((socket) =>
				socket.on('data', () => {
					served += 1;
					if (served === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
					else socket.destroy();
				}), true);
		};

		test('before: nobody vouches for the certificate', async () => {
			const secure = await once();
			expect(await when(http({ baseUrl: secure.url }, secured())(POST()))).toBe('before');
			secure.close();
		});

		test('after: the connection is cut, be it new or kept', async () => {
			const secure = await once();
			const agents = secured(CERTIFICATE);
			const ask = http({ baseUrl: secure.url }, agents);
			expect(text((await ask(POST())).bytes)).toBe('ok');
			expect(await when(ask(POST()))).toBe('after');
			expect(secure.count()).toBe(1);
			expect(await when(ask(POST()))).toBe('after');
			expect(secure.count()).toBe(2);
			secure.close();
		});
	});

	test('after: the connection is cut', async () => {
		server.next('/send', 'hang up');
		expect(await when(http()(POST({ body: { json: {} } })))).toBe('after');
	});

	test('after: it takes too long', async () => {
		server.next('/send', 'hang');
		expect(await when(http()(POST({ timeoutMs: 50 })))).toBe('after');
	});

	test('after: half an answer', async () => {
		const half = await listen((socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf')));
		expect(await when(http({ baseUrl: half.url })(POST()))).toBe('after');
		half.close();
	});

	test('after: a kept connection is closed instead of answering', async () => {
		let served = 0;
		const once = await listen((socket) =>
			socket.on('data', () => {
				served += 1;
				if (served === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
				else socket.resetAndDestroy();
			}),
		);
		const ask = http({ baseUrl: once.url });
		await ask(POST());
		expect(await when(ask(POST()))).toBe('after');
		once.close();
	});

	test('nothing of the request is in what is thrown', async () => {
		server.next(/./, 'hang up', { bytes: Buffer.alloc(10) });
		const errors = [
			await thrown(http()(POST({ body: { json: { text: 'private words' } } }))),
			await thrown(http()(POST({ body: { json: { text: 'private words' } }, maxBytes: 5 }))),
			await thrown(http({ baseUrl: 'http://127.0.0.1:1' })(POST({ url: `/${TOKEN}/x`, body: { json: { text: 'private words' } } }))),
		];
		for (const error of errors) {
			const said = `${JSON.stringify(error)} ${error.stack ?? ''} ${Object.keys(error).join()} ${String(error.cause)}`;
			expect(said).not.toMatch(/topsecret|private words|axios/i);
			expect(error.cause).toBeUndefined();
		}
	});
});

describe('the size of an answer', () => {
	test.each([
		['as it says', { bytes: Buffer.alloc(101) }],
		['once it is unpacked', { bytes: gzipSync(Buffer.alloc(100_000)), headers: { 'content-encoding': 'gzip' } }],
	])('more than was asked for, %s', async (_name, answer) => {
		server.next('/file', answer);
		const error = await thrown(http()(GET('/file', { maxBytes: 100 })));
		expect(error).toBeInstanceOf(AnswerTooLarge);
		expect(error).toMatchObject({ maxBytes: 100 });
	});

	test('exactly as much as was asked for', async () => {
		server.next('/file', { bytes: Buffer.alloc(100) });
		expect((await http()(GET('/file', { maxBytes: 100 }))).bytes).toHaveLength(100);
	});

	test('1 MiB unless more is asked for', async () => {
		server.next('/file', { bytes: Buffer.alloc(1024 * 1024 + 1) }, { bytes: Buffer.alloc(1024 * 1024 + 1) });
		expect(await thrown(http()(GET('/file')))).toBeInstanceOf(AnswerTooLarge);
		expect((await http()(GET('/file', { maxBytes: 2 * 1024 * 1024 }))).bytes).toHaveLength(1024 * 1024 + 1);
	});
});

/** A server that speaks by hand. */
async function listen(serve: (socket: Socket) => void, secure = false): Promise<{ url: string; count(): number; close(): void }> {
	const sockets: Socket[] = [];
	const accept = (socket: Socket) => {
		sockets.push(socket.on('error', () => undefined));
		serve(socket);
	};
	const listening: Server = secure ? createSecureServer({ cert: CERTIFICATE, key: PRIVATE_KEY }, accept) : createServer(accept);
	listening.listen(0, '127.0.0.1');
	await once(listening, 'listening');
	return {
		url: `${secure ? 'https' : 'http'}://127.0.0.1:${(listening.address() as AddressInfo).port}`,
		count: () => sockets.length,
		close: () => {
			for (const socket of sockets) socket.destroy();
			listening.close();
		},
	};
}
