import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, createServer as createProxy, type AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { Visitor } from '../n8n/webchat/visitor';
import { describeInBrowser, launchBrowser, openEditor, openNode, openWorkflow } from './kit/browser';
import { N8n, type WorkflowJson } from './kit/n8n';
import { Rest } from './kit/rest';

const demo = JSON.parse(readFileSync(resolve(__dirname, '../../demo/workflow.json'), 'utf8')) as WorkflowJson;
/** The site of a business, which the trigger allows to show the chat. */
let site: Server;
let siteUrl: string;
const CHAT = '/webhook/conversations-demo/conversations/webchat';
const TEST_CHAT = CHAT.replace('/webhook/', '/webhook-test/');

let n8n: N8n;
let rest: Rest;
beforeAll(async () => {
	site = createServer((_req, res) => {
		res.writeHead(200, { 'content-type': 'text/html' });
		res.end(`<!doctype html><title>Bikes</title><h1>Our bikes</h1><script src="${n8n.url}${CHAT}/widget.js" async></script>`);
	}).listen(0, '127.0.0.1');
	await once(site, 'listening');
	siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
	n8n = await N8n.start({ workflows: [allowing(siteUrl)], readyPath: CHAT });
	rest = await Rest.signIn(n8n.url);
});
afterAll(async () => {
	site?.close();
	await n8n?.remove();
});

/** The demo workflow, whose trigger lets this site show the chat. */
function allowing(origin: string): WorkflowJson {
	const nodes = structuredClone(demo.nodes) as { name: string; parameters: { options?: Record<string, unknown> } }[];
	const trigger = nodes.find(({ name }) => name === 'Conversation Opened');
	if (trigger) trigger.parameters.options = { ...trigger.parameters.options, webchatAllowedOrigins: origin };
	return { ...demo, nodes };
}

/** Waits until the newest execution has run a node this often. */
async function executionThat(done: (execution: Awaited<ReturnType<Rest['execution']>>) => boolean) {
	for (;;) {
		const [newest] = await rest.executions(demo.id);
		const execution = newest && (await rest.execution(newest.id));
		if (execution && done(execution)) return execution;
		await new Promise((later) => setTimeout(later, 200));
	}
}

describeInBrowser('the main job, as a newcomer sees it', () => {
	let browser: Browser;
	let page: Page;
	const log = () => page.getByRole('log');
	const says = async (text: string) => {
		await page.getByRole('textbox').fill(text);
		await page.keyboard.press('Enter');
	};

	beforeAll(async () => {
		browser = await launchBrowser();
		page = await browser.newPage();
		await page.goto(n8n.url + CHAT);
	});
	afterAll(() => browser?.close());

	test('D3, D10: Hello opens a conversation and the workflow answers with a menu', async () => {
		await says('Hello');
		await log().getByText('How can we help?').waitFor();
		await page.getByRole('button', { name: 'Opening hours' }).waitFor();
	});

	test('A33, D13: the choice is answered and an agent is assigned', async () => {
		await page.getByRole('button', { name: 'Opening hours' }).click();
		await log().getByText('Monday to Friday').waitFor();
		await log().getByText('Your conversation is with Ann Lee now').waitFor();
	});

	test('B24, D15: bye closes it; one execution did all of it, with the items of the interface', async () => {
		await says('Bye!');
		await log().getByText('Goodbye!').waitFor();
		const execution = await executionThat(({ status }) => status === 'success');
		expect(await rest.executions(demo.id)).toHaveLength(1);
		const [opened] = execution.json('Conversation Opened');
		expect(opened).toMatchObject({
			event: { type: 'conversation.opened', source: 'contact' },
			conversation: { status: 'open', openedBy: 'contact', channel: 'webchat', assignee: null, closedAt: null, closingNote: null },
			contact: { isNew: true, tags: [], fields: {}, channels: [{ channel: 'webchat', account: 'conversations-demo' }] },
			message: { direction: 'in', channel: 'webchat', type: 'text', text: 'Hello', attachments: [], status: 'received' },
		});
		expect(execution.json('Send Menu')[0]).toMatchObject({ message: { direction: 'in', type: 'choice', choice: { id: 'hours' } } });
		expect(execution.json('Assign To Ann')[0]).toMatchObject({ conversation: { assignee: { name: 'Ann Lee', email: 'ann@example.com' } } });
		expect(execution.json('Close Conversation')[0]).toMatchObject({
			closed: true,
			conversation: { status: 'closed', assignee: null, closingNote: { summary: 'The contact said goodbye.' } },
		});
	});

	test('B23: the next message opens a new conversation', async () => {
		await says('One more question');
		await page.getByRole('button', { name: 'Opening hours' }).nth(1).waitFor();
		const [second, first] = await Promise.all((await rest.executions(demo.id)).map(({ id }) => rest.execution(id)));
		const conversationOf = (execution: typeof first) => execution?.json('Conversation Opened')[0]?.['conversation'] as { id: string };
		expect(conversationOf(second).id).not.toBe(conversationOf(first).id);
		expect(second?.json('Conversation Opened')[0]).toMatchObject({ contact: { isNew: false } });
	});

	test('nothing on the page was blocked, and what it shows survives a reload', async () => {
		const complaints: string[] = [];
		page.on('console', (message) => {
			if (message.type() === 'error') complaints.push(message.text());
		});
		await page.reload();
		await log().getByText('Goodbye!').waitFor();
		expect(await log().getByText('Hello', { exact: true }).count()).toBe(1);
		expect(complaints).toEqual([]);
	});

	test('promises 3 and 9: what is written while n8n is down is kept, stored once and answered', async () => {
		await n8n.kill();
		await says('Is anybody there?');
		await page.getByText("Can't reach the chat").waitFor();
		await n8n.start();
		rest = await Rest.signIn(n8n.url);
		await log().getByText('One moment').waitFor();
		await page.reload();
		await log().getByText('One moment').waitFor();
		expect(await log().getByText('Is anybody there?').count()).toBe(1);
		expect(await log().getByText('One moment').count()).toBe(1);
	});

	test('the editor shows the workflow, and the trigger says where the chat is', async () => {
		const editor = await openEditor(browser, n8n.url);
		await openWorkflow(editor, n8n.url, demo.id);
		await openNode(editor, 'Conversation Opened');
		// The panel on the left speaks of them, too.
		await editor.getByText('Webhook URLs', { exact: true }).last().click();
		await editor.getByText('Production URL', { exact: true }).last().click();
		await editor.getByText(CHAT.slice(1), { exact: false }).first().waitFor();
		await editor.close();
	});
});

describeInBrowser('promise 8: a test run, seen from the test page', () => {
	test('Hello, a choice and bye in one run', async () => {
		const browser = await launchBrowser();
		const page = await browser.newPage();
		await rest.runManually(demo.id, 'Conversation Opened');
		await page.goto(n8n.url + TEST_CHAT);
		await page.getByText("Test chat. In n8n, click 'Execute workflow'").waitFor();
		await page.getByRole('textbox').fill('Hello');
		await page.keyboard.press('Enter');
		await page.getByRole('button', { name: 'Prices' }).click();
		await page.getByRole('log').getByText('City bikes').waitFor();
		await page.getByRole('log').getByText('Your conversation is with Ann Lee').waitFor();
		await page.getByRole('textbox').fill('bye');
		await page.keyboard.press('Enter');
		await page.getByRole('log').getByText('Goodbye!').waitFor();
		const execution = await executionThat(({ mode, status }) => mode === 'manual' && status === 'success');
		expect(execution.json('Close Conversation')[0]).toMatchObject({ closed: true });
		await browser.close();
	});
});

describe('promise 8: a test run', () => {
	test("'Execute workflow', a message on the test page, the item; production is not disturbed", async () => {
		const before = (await rest.executions(demo.id)).length;
		expect(await rest.runManually(demo.id, 'Conversation Opened')).toMatchObject({ waitingForWebhook: true });
		const visitor = await Visitor.enter(n8n.url + TEST_CHAT);
		const stream = await visitor.listens();
		await visitor.says('Trying it out');
		expect(await stream.next('snapshot')).toBeDefined();
		const earlier = new Set((await rest.executions(demo.id)).slice(-before).map(({ id }) => id));
		const execution = await executionThat(({ id, runs }) => !earlier.has(id) && runs['Send Menu'] !== undefined);
		expect(execution.mode).toBe('manual');
		expect(execution.json('Conversation Opened')[0]).toMatchObject({ test: true, message: { text: 'Trying it out' } });
		let answer = await stream.next('message');
		while (answer.from !== 'business') answer = await stream.next('message');
		expect(answer.text).toContain('How can we help?');
		await stream.close();
		expect((await visitor.says('Not listening now')).status).toBe(404);
		expect(await rest.executions(demo.id)).toHaveLength(before + 1);

		const live = await Visitor.enter(n8n.url + CHAT);
		await live.says('Hello');
		await executionThat(({ mode, runs }) => mode === 'trigger' && runs['Send Menu'] !== undefined);
	});

	test('a test run can be talked through to its end, though it waits for replies in between', async () => {
		await rest.runManually(demo.id, 'Conversation Opened');
		const visitor = await Visitor.enter(n8n.url + TEST_CHAT);
		const stream = await visitor.listens();
		await visitor.says('Hello');
		const fromBusiness = async () => {
			for (;;) {
				const message = await stream.next('message');
				if (message.from === 'business') return message;
			}
		};
		const menu = await fromBusiness();
		const { to } = await stream.next('reply');
		const press = { type: 'message', id: crypto.randomUUID(), choice: { messageId: menu.id, id: 'prices' } };
		const statuses: number[] = [];
		// As the page does: until n8n has parked the run, the address is not there yet.
		while (statuses.at(-1) !== 200) {
			await new Promise((later) => setTimeout(later, 200));
			statuses.push((await visitor.postTo(n8n.url + to, press)).status);
		}
		expect((await fromBusiness()).text).toContain('City bikes');
		const all = await rest.executions(demo.id);
		expect(all.filter(({ mode, status }) => mode === 'manual' && status === 'waiting').length).toBeGreaterThan(0);
		await stream.close();
	});

	test('stopping to listen leaves production working', async () => {
		await rest.runManually(demo.id, 'Conversation Opened');
		await rest.stopListening(demo.id);
		const before = (await rest.executions(demo.id)).length;
		await (await Visitor.enter(n8n.url + CHAT)).says('Still there?');
		await rest.endedExecutions(demo.id, before + 1);
	});
});

describeInBrowser('on the site of a business', () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launchBrowser();
	});
	afterAll(() => browser?.close());

	test('one script tag brings the chat, and the visitor is known after a reload', async () => {
		const page = await browser.newPage();
		await page.goto(siteUrl);
		await page.getByRole('button', { name: 'Blue Bottle Bikes' }).click();
		const chat = page.frameLocator('iframe');
		await chat.getByRole('textbox').fill('Hello from the shop');
		await chat.getByRole('textbox').press('Enter');
		await chat.getByRole('button', { name: 'Prices' }).waitFor();
		await page.reload();
		await chat.getByText('Hello from the shop').waitFor();
		await page.close();
	});

	test('a site that is not allowed cannot show it', async () => {
		const page = await browser.newPage();
		const blocked = page.waitForEvent('console', (message) => /frame-ancestors/.test(message.text()));
		// The same server under another name is another origin.
		await page.goto(siteUrl.replace('127.0.0.1', 'localhost'));
		await page.getByRole('button', { name: 'Blue Bottle Bikes' }).click();
		await blocked;
		await page.close();
	});
});

test('an answer reaches the page through a proxy that closes idle connections', async () => {
	let closed = 0;
	const proxy = createProxy((socket) => {
		const upstream = connect(n8n.port, '127.0.0.1');
		socket.setTimeout(25_000, () => {
			closed += 1;
			socket.destroy();
		});
		upstream.on('error', () => socket.destroy());
		socket.on('error', () => upstream.destroy());
		socket.pipe(upstream);
		upstream.pipe(socket);
	}).listen(0, '127.0.0.1');
	await once(proxy, 'listening');
	const visitor = await Visitor.enter(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}${CHAT}`);
	const stream = await visitor.listens();
	await stream.next('snapshot');
	await new Promise((later) => setTimeout(later, 60_000));
	const before = closed;
	await (await Visitor.enter(n8n.url + CHAT)).says('somebody else');
	await visitor.says('Hello');
	expect(await stream.next('message')).toMatchObject({ text: 'Hello' });
	expect(closed).toBe(before);
	await stream.close();
	proxy.close();
});

test('a workflow that is switched off keeps nothing for its trigger, and works again when it is switched on', async () => {
	await rest.unpublish(demo.id);
	const gone = async () => (await fetch(n8n.url + CHAT)).status === 404;
	while (!(await gone())) await new Promise((later) => setTimeout(later, 100));
	await rest.publish(demo.id);
	while (await gone()) await new Promise((later) => setTimeout(later, 100));
	const before = (await rest.executions(demo.id)).length;
	await (await Visitor.enter(n8n.url + CHAT)).says('Are you back?');
	await rest.endedExecutions(demo.id, before + 1);
});

test('no message text in the log', () => {
	expect(n8n.log).not.toMatch(/Trying it out|Still there\?|One more question/);
});
