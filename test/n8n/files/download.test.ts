import { Agent, createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConversationsError, type Failure } from '../../../src/core/failure';
import { downloadFile, type DownloadLimits } from '../../../src/n8n/files/download';

let server: Server;
let base = '';
let answer: RequestListener;

beforeAll(async () => {
	server = createServer((request, response) => answer(request, response));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
});

const LIMITS: DownloadLimits = { maxBytes: 2 * 1024 * 1024, channel: { id: 'webchat', name: 'Website Chat' } };
/** The servers of these tests are on this machine, where the guard lets nobody in. */
const OPEN: DownloadLimits = { ...LIMITS, agentFor: () => new Agent() };

async function refusal(work: Promise<unknown>): Promise<Failure> {
	const thrown: unknown = await work.then(
		() => null,
		(error: unknown) => error,
	);
	if (thrown instanceof ConversationsError) return thrown.failure;
	throw new Error('It was not refused.', { cause: thrown });
}

describe('a file from an address', () => {
	test('comes with its bytes, name and type', async () => {
		answer = (_request, response) => response.setHeader('content-type', 'Image/PNG; x=y').end(Buffer.from([1, 2, 255]));
		const file = await downloadFile(`${base}/a/price%20list.png?size=2`, OPEN);
		expect({ ...file, bytes: [...file.bytes] }).toEqual({ name: 'price list.png', mime: 'image/png', bytes: [1, 2, 255] });
	});

	test.each([
		['attachment; filename="report 1.pdf"', 'report 1.pdf'],
		["attachment; filename=x; filename*=UTF-8''%C3%BCbersicht.pdf", 'übersicht.pdf'],
		['attachment; filename="../../etc/passwd"', '.._.._etc_passwd'],
		["attachment; filename*=UTF-8''%E0%A4%A", '%E0%A4%A'],
	])('is called what the server calls it: %s', async (header, name) => {
		answer = (_request, response) => response.setHeader('content-disposition', header).end('x');
		expect((await downloadFile(`${base}/download`, OPEN)).name).toBe(name);
	});

	test('is followed to where it has moved, five times at most', async () => {
		answer = ({ url }, response) => {
			const step = Number(url?.slice(1));
			if (step === 0) response.end('there');
			else response.writeHead(302, { location: `/${step - 1}` }).end();
		};
		expect(Buffer.from((await downloadFile(`${base}/5`, OPEN)).bytes).toString()).toBe('there');
		expect(await refusal(downloadFile(`${base}/6`, OPEN))).toMatchObject({ code: 'content_unsupported' });
	});
});

describe('what is not fetched', () => {
	test.each([
		'http://127.0.0.1/',
		'http://localhost/',
		'http://2130706433/',
		'http://[::1]/',
		'http://[::ffff:127.0.0.1]/',
		'http://0.0.0.0/',
		'http://10.0.0.7/',
		'http://192.168.1.1/',
		'http://172.16.0.1/',
		'http://169.254.169.254/latest/meta-data/',
		'http://[fd00::1]/',
		'http://[fe80::1]/',
	])('a private address: %s', async (url) => {
		const failure = await refusal(downloadFile(url, LIMITS));
		expect(failure).toMatchObject({ code: 'content_unsupported', channel: 'webchat', retryable: false });
		expect(failure.reason).toMatch(/private network.*'Attachment URLs'/);
	});

	test('a private address behind a redirect', async () => {
		answer = (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/secret' }).end();
		const guarded = (await import('request-filtering-agent')).useAgent;
		const first = base;
		const agentFor = (url: string) => (url.startsWith(`${first}/`) ? new Agent() : guarded(url));
		expect((await refusal(downloadFile(`${base}/`, { ...LIMITS, agentFor }))).reason).toContain('private network');
	});

	test.each(['file:///etc/passwd', 'ftp://example.com/a', 'data:text/plain,hi', 'gopher://example.com', 'nonsense', ''])(
		'what is not of the web: %s',
		async (url) => {
			expect((await refusal(downloadFile(url, OPEN))).reason).toContain('https://');
		},
	);

	test('what is larger than the limit, also when it says nothing of its size', async () => {
		answer = (_request, response) => {
			const chunk = Buffer.alloc(512 * 1024);
			for (let i = 0; i < 5; i++) response.write(chunk);
			response.end();
		};
		const failure = await refusal(downloadFile(`${base}/big`, OPEN));
		expect(failure).toMatchObject({ code: 'content_unsupported' });
		expect(failure.reason).toContain('larger than the 2 MB');
	});

	test.each([
		[404, 'content_unsupported', false],
		[403, 'content_unsupported', false],
		[429, 'provider_unavailable', true],
		[503, 'provider_unavailable', true],
	])('an answer %d: %s', async (status, code, retryable) => {
		answer = (_request, response) => response.writeHead(status).end('secret words');
		const failure = await refusal(downloadFile(`${base}/x?token=secret`, OPEN));
		expect(failure).toMatchObject({ code, retryable });
		expect(failure.reason).toContain(String(status));
		expect(failure.reason).not.toContain('secret');
	});

	test('a server that is not there, or says nothing', async () => {
		expect(await refusal(downloadFile('http://127.0.0.1:1/', OPEN))).toMatchObject({ code: 'provider_unavailable' });
		answer = () => undefined;
		const failure = await refusal(downloadFile(`${base}/slow`, { ...OPEN, timeoutMs: 50 }));
		expect(failure).toMatchObject({ code: 'provider_unavailable' });
		expect(failure.reason).toContain('too long');
	});
});
