import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import type { Browser, Page } from 'playwright-core';
import { fakeMailServers, type FakeMail } from '../fakes/mail';
import { fakeSms, type FakeSms } from '../fakes/sms';
import { fakeWhatsApp, type FakeWhatsApp } from '../fakes/whatsapp';
import { Visitor, type Stream } from '../n8n/webchat/visitor';
import { until } from '../until';
import { describeInBrowser, importWorkflow, launchBrowser, openEditor } from './kit/browser';
import { ranManually, START, workflow } from './kit/flow';
import { N8n } from './kit/n8n';
import { Rest, type Execution } from './kit/rest';
import { node, ours, to } from './kit/workflows';

/** Each template of templates/, imported as it is and played through. */

jest.setTimeout(120_000);

const LIMIT_MS = 30_000;
const FOLDER = resolve(__dirname, '../../templates');
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

interface NodeJson extends IDataObject {
	name: string;
	type: string;
	parameters: IDataObject;
	webhookId?: string;
}

let n8n: N8n;
let rest: Rest;

beforeAll(async () => {
	n8n = await N8n.prepare();
	n8n.cli('import:workflow', '--separate', `--input=${FOLDER}`);
	n8n.cli('import:workflow', `--input=${join(FOLDER, 'chat-menu.json')}`);
	await n8n.start();
	rest = await Rest.signIn(n8n.url);
	const ann = node('Ann', ours('conversations'), { resource: 'agent', operation: 'createOrUpdate', email: 'ann@example.com', name: 'Ann Lee', additionalFields: { status: 'online' } });
	await rest.createWorkflow(workflow('staff', [node(START, 'n8n-nodes-base.manualTrigger', {}), ann], { [START]: { main: [to('Ann')] } }));
});

afterAll(() => n8n?.remove());

const nodesOf = async (id: string) => (await rest.workflow(id)).nodes as NodeJson[];

/** What somebody changes in the editor, parameters by the node's name, and publishes. Returns the address of its chat. */
async function change(id: string, changes: Record<string, IDataObject>): Promise<string> {
	const nodes = await nodesOf(id);
	await rest.updateWorkflow(id, { nodes: nodes.map((each) => ({ ...each, parameters: { ...each.parameters, ...changes[each.name] } })) });
	await rest.publish(id);
	await n8n.hasActivated();
	const trigger = nodes.find(({ type }) => type === ours('conversationOpenedTrigger'));
	return `${n8n.url}/webhook/${String(trigger?.webhookId)}/conversations/webchat`;
}

/** A visitor who has the page open. */
class Talk {
	private constructor(
		private readonly visitor: Visitor,
		private readonly stream: Stream,
	) {}

	static async at(chat: string): Promise<Talk> {
		const visitor = await Visitor.enter(chat);
		const stream = await visitor.listens();
		await stream.next('snapshot');
		return new Talk(visitor, stream);
	}

	/** Says it, and gives the next message of the business. */
	async says(text: string) {
		expect((await this.visitor.says(text)).status).toBe(200);
		return await this.hears();
	}

	async presses(message: { id: string }, choice: string) {
		const press = { type: 'message', id: crypto.randomUUID(), choice: { messageId: message.id, id: choice } };
		expect((await this.visitor.post(press)).status).toBe(200);
		return await this.hears();
	}

	async hears() {
		for (;;) {
			const message = await this.stream.next('message');
			if (message.from === 'business') return message;
		}
	}

	end(): Promise<void> {
		return this.stream.close();
	}
}

/** Call it before something starts the workflow, and what it gives once that has gone through. */
async function nextOf(id: string): Promise<() => Promise<Execution>> {
	const earlier = new Set((await rest.executions(id)).map((each) => each.id));
	return async () => {
		const ended = async () => (await rest.executions(id, 'success')).find((each) => !earlier.has(each.id));
		await until(async () => (await ended()) !== undefined, LIMIT_MS);
		return await rest.execution((await ended())?.id ?? '');
	};
}

describe('A32: welcome and away messages', () => {
	const ID = 'welcome-and-away';
	const hours = (days: string, from: string, to_: string) => ({
		'Opening Hours': {
			assignments: {
				assignments: Object.entries({ days, from, to: to_ }).map(([name, value]) => ({ id: name, name: `openingHours.${name}`, value, type: 'string' })),
			},
		},
	});
	const EVERY_DAY = 'Mon, Tue, Wed, Thu, Fri, Sat, Sun';
	const answered = async (changes: Record<string, IDataObject>) => {
		const talk = await Talk.at(await change(ID, changes));
		const { text } = await talk.says('Hello');
		await talk.end();
		return text;
	};

	test('within the opening hours: a welcome', async () => {
		expect(await answered(hours(EVERY_DAY, '00:00', '24:00'))).toMatch(/^🤖 Hi there! Thank you for writing/);
	});

	test('before or after them: what they are', async () => {
		expect(await answered(hours(EVERY_DAY, '00:00', '00:00'))).toContain(`Nobody is here right now. We are open on ${EVERY_DAY}, 00:00 to 00:00.`);
	});

	test('on another day: the same', async () => {
		const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toLocaleDateString('en', { weekday: 'short', timeZone: 'UTC' });
		// Wherever n8n's clock stands.
		const others = EVERY_DAY.split(', ').filter((each) => ![day(-1), day(0), day(1)].includes(each));
		expect(await answered(hours(others.join(', '), '00:00', '24:00'))).toMatch(/^🤖 Hi there! Nobody is here right now/);
	});

	test('A29: what could not be sent is given to a person', async () => {
		await ranManually(rest, 'staff');
		const chat = await change(ID, { ...hours(EVERY_DAY, '00:00', '24:00'), 'Send Welcome': { text: `🤖 ${'x'.repeat(2_000)}` } });
		const next = await nextOf(ID);
		await (await Visitor.enter(chat)).says('Hello');
		const execution = await next();
		expect(execution.json('Send Welcome', 1)).toMatchObject([{ failure: { code: 'content_unsupported' } }]);
		expect(execution.json('Give It to a Person')).toMatchObject([{ conversation: { assignee: { name: 'Ann Lee' } } }]);
	});
});

describe('A33: a chat menu', () => {
	const ID = 'chat-menu';
	let chat = '';
	const at = () => Talk.at(chat);

	beforeAll(async () => {
		chat = await change(ID, { 'Conversation Opened': { options: { groupMessagesSeconds: 0 } } });
	});

	test('answers what is pressed or written, asks again, and says goodbye', async () => {
		const next = await nextOf(ID);
		const talk = await at();
		const menu = await talk.says('Hello');
		expect(menu.text).toBe('🤖 Hi there! What would you like to know?');
		expect(menu.choices?.map(({ label }) => label)).toEqual(['Opening hours', 'Prices', 'Talk to a person']);
		const hours = await talk.presses(menu, 'hours');
		expect(hours.text).toContain('Monday to Friday');
		expect((await talk.says('Bananas')).text).toContain('I only know these answers');
		const prices = await talk.says('prices');
		expect(prices.text).toContain('https://www.example.com/prices');
		expect((await talk.presses(prices, 'done')).text).toContain('Thank you for writing');
		await talk.end();
		const execution = await next();
		expect(execution.json('Close Conversation')).toMatchObject([{ closed: true, conversation: { status: 'closed', closingNote: { summary: 'Answered by the menu.' } } }]);
	});

	test('hands over whoever asks for a person, and says who it is', async () => {
		await ranManually(rest, 'staff');
		const talk = await at();
		const menu = await talk.says('Hello');
		expect((await talk.presses(menu, 'person')).text).toBe('🤖 Ann answers you here.');
		await talk.end();
	});

	test('and whoever chooses nothing three times', async () => {
		const next = await nextOf(ID);
		const talk = await at();
		await talk.says('Hello');
		await talk.says('What?');
		await talk.says('Why?');
		expect((await talk.says('When?')).text).toBe('🤖 Ann answers you here.');
		await talk.end();
		const execution = await next();
		expect(execution.json('Why Not?', 2)).toMatchObject([{ failure: { code: 'reply_invalid' } }]);
	});

	test('closes when nobody answers', async () => {
		await change(ID, { 'Send Menu': { waitLimit: 0.03 } });
		const next = await nextOf(ID);
		const talk = await at();
		await talk.says('Hello');
		expect((await talk.hears()).text).toContain('just write again');
		await talk.end();
		const execution = await next();
		expect(execution.json('Close Conversation')).toMatchObject([{ closed: true, conversation: { status: 'closed' } }]);
	});
});

describe('A29: an order update on whichever channel takes it', () => {
	const ID = 'fallback-channels';
	const PHONE = '+447700900123';
	let whatsApp: FakeWhatsApp;
	let sms: FakeSms;
	let mail: FakeMail;

	beforeAll(async () => {
		[whatsApp, sms, mail] = await Promise.all([fakeWhatsApp(), fakeSms(), fakeMailServers()]);
		whatsApp.templates.push({
			name: 'order_update',
			language: 'en_US',
			status: 'APPROVED',
			category: 'UTILITY',
			components: [{ type: 'BODY', text: 'Hi {{1}}! Your order {{2}} is {{3}}.' }],
		});
		const accounts = { conversationsWhatsAppApi: whatsApp.fields, conversationsTwilioApi: sms.fields, conversationsEmailApi: mail.sendOnlyFields };
		const credentials: IDataObject = {};
		for (const [type, fields] of Object.entries(accounts)) credentials[type] = { id: await rest.createCredential(type, type, fields), name: type };
		await rest.updateWorkflow(ID, { nodes: (await nodesOf(ID)).map((each) => (each.name === 'Send Order Update' ? { ...each, credentials } : each)) });
	});

	afterAll(async () => {
		await Promise.all([whatsApp.server, sms, mail].map((each) => each.close()));
	});

	const told = async () => await ranManually(rest, ID, "When Clicking 'Execute Workflow'");
	const attempts = (execution: Execution) => {
		const [item] = execution.json('Send Order Update');
		const message = item?.['message'] as { channel: string; attempts?: { channel: string; code: string }[] };
		return [...(message.attempts ?? []).map(({ channel, code }) => `${channel}: ${code}`), message.channel];
	};

	test('WhatsApp: the template, since the contact has not written', async () => {
		const execution = await told();
		expect(execution.status).toBe('success');
		expect(attempts(execution)).toEqual(['whatsapp: window_closed', 'whatsapp']);
		const texts = ['Ann Lee', '1042', 'on its way'].map((text) => ({ type: 'text', text }));
		expect(whatsApp.sent).toMatchObject([{ to: PHONE, type: 'template', template: { name: 'order_update', language: { code: 'en_US' }, components: [{ type: 'body', parameters: texts }] } }]);
		expect([sms.sent, mail.mails]).toEqual([[], []]);
	});

	test('SMS when WhatsApp refuses', async () => {
		whatsApp.unregistered.add(PHONE.slice(1));
		expect(attempts(await told())).toEqual(['whatsapp: window_closed', 'whatsapp: recipient_unreachable', 'sms']);
		expect(sms.sent.map(({ to: number, body }) => [number, body])).toEqual([[PHONE, '🤖 Hi Ann! Your order 1042 is on its way.']]);
	});

	test('email when SMS refuses as well', async () => {
		sms.refusals.set(PHONE, 21_211);
		const execution = await told();
		expect(attempts(execution).slice(-1)).toEqual(['email']);
		expect(mail.mails.map((each) => [each.to, each.mail.subject, each.mail.text?.trim()])).toEqual([
			[['ann@example.com'], 'Your order 1042 is on its way', expect.stringMatching(/^🤖 Dear Ann Lee,\n\nyour order 1042 is on its way\./)],
		]);
	});

	test('and when nothing took it, the execution fails with the reason', async () => {
		mail.smtp.refuse('rcpt', '550 5.1.1 No such user here', 'ann@example.com');
		const execution = await told();
		expect(execution.status).toBe('error');
		expect(execution.error).toMatch(/^Nobody could be told that order 1042 is on its way\. No mail can be delivered/);
		expect(execution.json('Send Order Update')).toEqual([]);
	});
});

describeInBrowser('in the editor', () => {
	let browser: Browser;
	let page: Page;

	beforeAll(async () => {
		browser = await launchBrowser();
		page = await openEditor(browser, n8n.url);
	});
	afterAll(() => browser?.close());

	test.each(FILES)('%s is imported from its file, with every node known and nothing missing but accounts', async (file) => {
		const { nodes } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as { nodes: NodeJson[] };
		const expected = nodes.filter(({ type }) => type !== 'n8n-nodes-base.stickyNote').map(({ name }) => name);
		await importWorkflow(page, n8n.url, join(FOLDER, file));
		const names = await page.locator('[data-test-id="canvas-node"]').evaluateAll((all) => all.map((each) => each.getAttribute('data-node-name')));
		expect(names.filter((name) => expected.includes(name ?? '')).sort()).toEqual([...expected].sort());
		expect(await page.locator('[data-test-id="node-issues"]').count()).toBe(file === 'fallback-channels.json' ? 1 : 0);
	});
});
