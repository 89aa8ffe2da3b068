import { LoggerProxy } from 'n8n-workflow';
import { StoreError } from '../../../src/core/store';
import { chatServer, type ChatServer } from './server';
import { postJson, refusal, Visitor } from './visitor';

let server: ChatServer;
beforeEach(async () => {
	server = await chatServer();
});
afterEach(() => server.close());

/** A page somewhere else: a proxy that n8n is told to trust says where. */
async function hello(network: string): Promise<{ status: number; token?: string }> {
	const response = await fetch(`${server.base()}/messages`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', 'x-forwarded-for': network },
		body: JSON.stringify({ type: 'hello' }),
	});
	return { status: response.status, ...((await response.json()) as { token?: string }) };
}

test('one network address cannot make visitors without end, and others are not held up by it', async () => {
	const statuses: number[] = [];
	for (let count = 0; count < 301; count += 1) statuses.push((await hello('198.51.100.7')).status);
	expect(statuses.filter((status) => status === 200)).toHaveLength(300);
	expect(statuses.at(-1)).toBe(429);
	expect((await hello('198.51.100.8')).status).toBe(200);
});

test('a known visitor is welcome from there all the same', async () => {
	const { token } = await hello('198.51.100.9');
	for (let count = 0; count < 300; count += 1) await hello('198.51.100.9');
	const response = await fetch(`${server.base()}/messages`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', 'x-forwarded-for': '198.51.100.9', authorization: `Bearer ${token ?? ''}` },
		body: JSON.stringify({ type: 'hello' }),
	});
	expect(response.status).toBe(200);
});

test('a trigger opens so many conversations a minute; open ones go on, and the rest is told when to come back', async () => {
	const base = server.base('production', 'flooded-page');
	const enter = async (count: number) => {
		const response = await fetch(`${base}/messages`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', 'x-forwarded-for': `203.0.113.${count % 100}` },
			body: JSON.stringify({ type: 'hello' }),
		});
		return ((await response.json()) as { token: string }).token;
	};
	const write = async (token: string) =>
		await postJson(base, { type: 'message', id: crypto.randomUUID(), text: 'Hello' }, token);
	const first = await enter(0);
	expect((await write(first)).status).toBe(200);
	for (let count = 1; count < 300; count += 1) await write(await enter(count));
	const refused = await write(await enter(300));
	expect(await refusal(refused)).toMatchObject({ status: 429, code: 'too_many' });
	expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
	expect((await write(first)).status).toBe(200);
	expect((await (await Visitor.enter(server.base())).says('Hello')).status).toBe(200);
}, 60_000);

test('a full disk: the message is not acknowledged, the log says what to do, and the same message is taken later', async () => {
	const lines: string[] = [];
	const keep = (line: string) => void lines.push(line);
	LoggerProxy.init({ error: keep, warn: keep, info: keep, debug: keep });
	const visitor = await Visitor.enter(server.base());
	const full = new StoreError('full', 'The disk of /data/conversations.sqlite is full. Make room; nothing was lost.');
	const broken = jest.spyOn(server.desk.store, 'atomically').mockRejectedValueOnce(full);
	const same = { type: 'message', id: 'kept-by-the-page', text: 'A secret recipe' };
	expect(await refusal(await visitor.post(same))).toEqual({
		status: 503,
		code: 'unavailable',
		message: 'Messages cannot be taken at the moment.',
	});
	broken.mockRestore();
	expect(lines.join('\n')).toContain('Make room');
	expect(lines.join('\n')).not.toContain('recipe');
	expect((await visitor.post(same)).status).toBe(200);
	expect(await visitor.sees()).toMatchObject([{ text: 'A secret recipe' }]);
});

test('what goes wrong unexpectedly is not told to strangers, nor written with what they wrote', async () => {
	const lines: string[] = [];
	const keep = (line: string) => void lines.push(line);
	LoggerProxy.init({ error: keep, warn: keep, info: keep, debug: keep });
	const visitor = await Visitor.enter(server.base());
	jest.spyOn(server.desk.store, 'atomically').mockRejectedValueOnce(new Error('constraint failed: A secret recipe'));
	const response = await visitor.post({ type: 'message', id: 'unexpected-1', text: 'A secret recipe' });
	expect(response.status).toBe(503);
	expect(await response.text()).not.toMatch(/constraint|recipe/);
	expect(lines.join('\n')).toMatch(/was not taken/);
	expect(lines.join('\n')).not.toMatch(/recipe/);
});
