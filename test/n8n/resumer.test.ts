import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { send } from '../../src/core/outbox';
import type { Question } from '../../src/core/records';
import { park } from '../../src/core/parking';
import { Activity } from '../../src/n8n/activity';
import { Resumer } from '../../src/n8n/resumer';
import { draft, testDesk, write, type TestDesk } from '../core/desk';

/** n8n's address that continues executions: answers one after the other what the test tells it. */
let n8n: Server;
let posts: string[];
let replies: { status: number; body?: string }[];
let desk: TestDesk;
let resumer: Resumer;
const portBefore = process.env['N8N_PORT'];

beforeEach(async () => {
	[posts, replies] = [[], []];
	n8n = createServer((req, res) => {
		posts.push(`${req.method} ${req.url}`);
		const { status, body } = replies.shift() ?? { status: 200, body: 'Continued' };
		res.writeHead(status).end(body ?? '');
	}).listen(0, '127.0.0.1');
	await once(n8n, 'listening');
	process.env['N8N_PORT'] = String((n8n.address() as AddressInfo).port);
	desk = await testDesk();
	resumer = new Resumer(desk, new Activity());
});
afterEach(async () => {
	await resumer.stop();
	n8n.close();
	await desk.dispose();
	if (portBefore === undefined) delete process.env['N8N_PORT'];
	else process.env['N8N_PORT'] = portBefore;
});

/** The public address of a machine that cannot reach itself by it. */
const RESUME = 'http://127.0.0.1:9/webhook-waiting/17/node-1?signature=abc';

const NUMBER: Question = { expects: { kind: 'number', min: null, max: null }, triesMax: 3, prompt: { text: '🤖 A number, please.', choices: [] } };

/** Parks a step that asked a visitor; what the visitor answers then. */
async function parkedAndAnswered(answer = 'Prices', question: Question | null = null, limitMs = 60_000): Promise<string> {
	const { contactId } = await write(desk, 'Hello');
	const sent = await send(desk, draft(contactId, 'How can we help?'));
	const { wait } = await park(desk, {
		executionId: '17', nodeId: 'node-1', workflowId: 'w', kind: 'reply', resumeUrl: RESUME, until: desk.now() + limitMs,
		items: [{ contactId, messageId: sent.message?.id ?? '', item: { json: {} }, result: null, question }],
	});
	await write(desk, answer);
	return wait?.id ?? '';
}

const state = async (id: string) => (await desk.store.records.waits.get(id))?.state;

/** Moves the clock and the loop on until the wait is in `expected`. */
async function until(id: string, expected: string): Promise<void> {
	while ((await state(id)) !== expected) {
		desk.pass(61_000);
		await desk.store.atomically((records) => Promise.resolve(records.touch('waits')));
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

test('is posted to this process, though the public address cannot be reached', async () => {
	const id = await parkedAndAnswered();
	await until(id, 'resumed');
	expect(posts).toEqual(['POST /webhook-waiting/17/node-1?signature=abc']);
});

test('is tried again while the execution is still being parked or n8n is busy', async () => {
	replies = [{ status: 409, body: 'The execution "17" is running already.' }, { status: 500 }, { status: 200, body: 'Continued' }];
	const id = await parkedAndAnswered();
	await until(id, 'resumed');
	expect(posts).toHaveLength(3);
});

test('is tried again while n8n starts, whatever it answers then', async () => {
	replies = [
		{ status: 200, body: 'n8n is starting up. Please wait' },
		{ status: 404, body: '<pre>Cannot POST /webhook-waiting/17/node-1</pre>' },
	];
	const id = await parkedAndAnswered();
	await until(id, 'resumed');
	expect(posts).toHaveLength(3);
});

test.each([
	['no longer there', { status: 404, body: '{"code":404,"message":"The execution \\"17\\" does not exist."}' }],
	['finished', { status: 409, body: 'The execution "17" has finished already.' }],
])('an execution that is %s is left alone', async (_name, reply) => {
	replies = [reply];
	const id = await parkedAndAnswered();
	await until(id, 'gone');
	expect(posts).toHaveLength(1);
});

test('promise 9: what was due when the process died is posted by the next one', async () => {
	await resumer.stop();
	const id = await parkedAndAnswered();
	desk.pass(1_000);
	expect(posts).toEqual([]);
	resumer = new Resumer(desk, new Activity());
	await until(id, 'resumed');
	expect(posts).toHaveLength(1);
});

test('the limit of a wait is posted as well', async () => {
	const { contactId } = await write(desk, 'Hello');
	const sent = await send(desk, draft(contactId, 'Hello?'));
	const { wait } = await park(desk, {
		executionId: '17', nodeId: 'node-1', workflowId: 'w', kind: 'reply', resumeUrl: RESUME, until: desk.now() + 1_000,
		items: [{ contactId, messageId: sent.message?.id ?? '', item: { json: {} }, result: null }],
	});
	await until(wait?.id ?? '', 'resumed');
	expect(posts).toHaveLength(1);
});

test('what a workflow knew of its contacts is not kept after the resume', async () => {
	const id = await parkedAndAnswered();
	expect(await desk.store.records.waits.items(id)).toHaveLength(1);
	await until(id, 'resumed');
	expect(await desk.store.records.waits.items(id)).toEqual([]);
});

const DAY_MS = 86_400_000;

/** Until n8n was posted to so often. */
async function untilPosted(times: number): Promise<void> {
	while (posts.length < times) {
		desk.pass(31_000);
		await desk.store.atomically((records) => Promise.resolve(records.touch('waits')));
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

describe('R19: an answer that did not do', () => {
	test('has n8n ask again, and the wait goes on', async () => {
		replies = [{ status: 200, body: 'Still waiting' }, { status: 200, body: 'Still waiting' }];
		const id = await parkedAndAnswered('some', NUMBER, DAY_MS);
		await untilPosted(1);
		expect(await state(id)).toBe('open');
		await write(desk, '42');
		await until(id, 'resumed');
		expect(posts.length).toBeGreaterThan(1);
	});

	test('the answer that does may come while n8n is being asked', async () => {
		replies = [{ status: 200, body: 'Continued' }];
		const id = await parkedAndAnswered('some', NUMBER, DAY_MS);
		await until(id, 'resumed');
		expect(posts).toHaveLength(1);
	});

	test('promise 9: is asked for again by the next process', async () => {
		await resumer.stop();
		replies = [{ status: 200, body: 'Still waiting' }];
		const id = await parkedAndAnswered('some', NUMBER, DAY_MS);
		desk.pass(1_000);
		resumer = new Resumer(desk, new Activity());
		await untilPosted(1);
		expect(await state(id)).toBe('open');
	});

	test('of an execution that was stopped is left alone', async () => {
		replies = [{ status: 409, body: 'The execution "17" has finished with error.' }];
		const id = await parkedAndAnswered('some', NUMBER, DAY_MS);
		await until(id, 'gone');
		expect(posts).toHaveLength(1);
	});
});
