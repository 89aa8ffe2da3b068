import type { IDataObject } from 'n8n-workflow';
import { assign } from '../../src/core/assignment';
import type { Desk } from '../../src/core/desk';
import { fakeMailServers } from '../fakes/mail';
import { ANN as PHONE, fakeSms, NUMBER, type FakeSms } from '../fakes/sms';
import { FAKE, fakeWhatsApp, SHEENA, type FakeWhatsApp } from '../fakes/whatsapp';
import { sendWith, writesOn } from './channel-contacts';
import { closeWorkspace, messagesTo, openWorkspace, run } from './workspace';

/** Where a message goes when it cannot go as it was asked for, and to people who never wrote. */

const HOUR_MS = 3_600_000;
const SHEENA_HERE = { channel: 'whatsapp', account: FAKE.phoneNumberId, user: SHEENA.phone } as const;
const TEMPLATE = {
	name: 'order_update',
	language: 'en_US',
	status: 'APPROVED',
	category: 'UTILITY',
	parameter_format: 'POSITIONAL' as const,
	components: [{ type: 'BODY', text: 'Hello {{1}}.', example: { body_text: [['Ann']] } }],
};

let desk: Desk;
let whatsapp: FakeWhatsApp;
let sms: FakeSms;
const closing: { close(): Promise<void> }[] = [];
beforeEach(async () => {
	desk = await openWorkspace();
	[whatsapp, sms] = await Promise.all([fakeWhatsApp(), fakeSms()]);
	whatsapp.templates.push(TEMPLATE);
	closing.push(whatsapp.server, sms.server);
});
afterEach(async () => {
	await closeWorkspace();
	for (const server of closing.splice(0)) await server.close();
});

const both = (parameters: IDataObject, input: IDataObject) =>
	sendWith({ whatsapp: whatsapp.fields, sms: sms.fields }, { text: 'Your order is here', ...parameters }, [{ json: input }]);
const usingTemplate = {
	ifWindowClosed: 'template',
	whatsappTemplate: 'order_update|en_US',
	whatsappTemplateParameters: { mappingMode: 'defineBelow', value: { 'body.1': 'Sheena' }, matchingColumns: [], schema: [] },
};

describe('C11, C12: the WhatsApp window is closed', () => {
	async function sheena(): Promise<IDataObject> {
		const { item, message } = await writesOn(desk, SHEENA_HERE, 'Hi', 25 * HOUR_MS);
		await desk.store.records.contacts.update(message.contactId, { phone: `+${SHEENA.phone}` });
		return item.json;
	}

	test('an approved template goes instead, and the item says why', async () => {
		const ran = await both(usingTemplate, await sheena());
		expect(whatsapp.sent).toMatchObject([{ type: 'template', template: { name: 'order_update', components: [{ type: 'body', parameters: [{ text: 'Sheena' }] }] } }]);
		expect(ran.out()).toMatchObject([
			{ message: { type: 'template', status: 'sent', attempts: [{ channel: 'whatsapp', code: 'window_closed', at: expect.stringMatching(/^20.*Z$/) as string }] } },
		]);
	});

	test('within the window the message itself goes', async () => {
		const { item } = await writesOn(desk, SHEENA_HERE, 'Hi');
		await both(usingTemplate, item.json);
		expect(whatsapp.sent).toMatchObject([{ type: 'text' }]);
	});

	test('without a template chosen it fails as a closed window', async () => {
		const ran = await both({ ...usingTemplate, whatsappTemplate: '' }, await sheena());
		expect(ran.out(1)).toMatchObject([{ failure: { code: 'window_closed' } }]);
	});

	test('the next channel takes it: the phone number reaches by SMS', async () => {
		const json = await sheena();
		const ran = await both({ ifWindowClosed: 'nextChannel', options: { fallbackChannels: ['sms'] } }, json);
		expect(whatsapp.sent).toEqual([]);
		expect(sms.sent).toMatchObject([{ to: `+${SHEENA.phone}` }]);
		expect(ran.out()).toMatchObject([{ message: { channel: 'sms', status: 'sent', attempts: [{ channel: 'whatsapp', code: 'window_closed' }] } }]);
	});

	test('each channel gets its own response', async () => {
		const parameters = { ifWindowClosed: 'nextChannel', options: { fallbackChannels: ['sms'] }, channelResponses: ['sms'], smsText: 'Short' };
		const ran = await both(parameters, await sheena());
		expect(ran.out()).toMatchObject([{ message: { channel: 'sms', text: 'Short' } }]);
	});
});

describe('fallback channels', () => {
	test('A26, A29: an expired key leads to the next channel', async () => {
		const { item, message } = await writesOn(desk, SHEENA_HERE);
		await desk.store.records.contacts.update(message.contactId, { phone: `+${SHEENA.phone}` });
		whatsapp.server.next(/messages$/, { status: 401, json: { error: { message: 'Session has expired', code: 190, fbtrace_id: 'T1' } } });
		const ran = await both({ options: { fallbackChannels: ['sms'] } }, item.json);
		expect(ran.out()).toMatchObject([{ message: { channel: 'sms', attempts: [{ channel: 'whatsapp', code: 'credential_invalid', providerCode: '190' }] } }]);
	});

	test('a word that is no channel is refused by its name', async () => {
		const { item } = await writesOn(desk, SHEENA_HERE);
		const ran = await both({ options: { fallbackChannels: ['fax'] } }, item.json);
		expect(ran.out(1)).toMatchObject([{ failure: { code: 'configuration_invalid', reason: expect.stringContaining("'fax'") as string } }]);
	});
});

describe('D17: writing first', () => {
	test('phone: makes the contact and reaches it by SMS; the second message finds it', async () => {
		const first = await both({ contact: `phone:${PHONE}`, channel: 'sms' }, {});
		const [contact] = first.out().map((json) => json['contact'] as { id: string; phone: string });
		expect(contact).toMatchObject({ phone: PHONE });
		const second = await both({ contact: `phone:${PHONE}`, channel: 'sms', text: 'And again' }, {});
		expect(second.out()).toMatchObject([{ contact: { id: contact?.id } }]);
		expect(sms.sent).toHaveLength(2);
		expect(await messagesTo(desk, contact?.id ?? '')).toHaveLength(2);
	});

	test('several items to one new number make one contact', async () => {
		const { out } = await sendWith({ sms: sms.fields }, { contact: `=phone:{{ $json.to }}`, text: '={{ $json.text }}' }, [
			{ json: { to: PHONE, text: 'one' } },
			{ json: { to: PHONE, text: 'two' } },
		]);
		expect(new Set(out().map((json) => (json['contact'] as { id: string }).id)).size).toBe(1);
		expect(sms.sent).toMatchObject([{ body: 'one' }, { body: 'two' }]);
	});

	test('with the last interacted channel the only channel that can write first is taken', async () => {
		const ran = await sendWith({ sms: sms.fields }, { contact: `phone:${PHONE}`, text: 'Hi' }, [{ json: {} }]);
		expect(ran.out()).toMatchObject([{ message: { channel: 'sms', account: NUMBER } }]);
	});

	test('A25: with two of them the reason asks for a choice, and no contact is made', async () => {
		const ran = await both({ contact: `phone:${PHONE}` }, {});
		expect(ran.out(1)).toMatchObject([{ failure: { code: 'no_channel', reason: expect.stringContaining('WhatsApp or SMS') as string } }]);
		expect(await desk.store.records.contacts.byPhone(PHONE)).toBeUndefined();
	});

	test('C12: on WhatsApp a template begins the conversation', async () => {
		const ran = await both({ ...usingTemplate, contact: `phone:+${SHEENA.phone}`, channel: 'whatsapp' }, {});
		expect(ran.out()).toMatchObject([{ message: { channel: 'whatsapp', type: 'template', status: 'sent' } }]);
		expect(whatsapp.sent).toMatchObject([{ to: `+${SHEENA.phone}` }]);
	});

	test('email: reaches by mail', async () => {
		const mail = await fakeMailServers();
		closing.push(mail);
		const ran = await sendWith({ email: mail.fields }, { contact: 'email:Ann@Example.test', channel: 'email', text: 'Hi' }, [{ json: {} }]);
		expect(ran.out()).toMatchObject([{ contact: { email: 'ann@example.test' }, message: { channel: 'email', status: 'sent' } }]);
		expect(mail.mails).toMatchObject([{ to: ['ann@example.test'] }]);
	});

	test('A25: a channel that people must write on first is named, and no contact is made', async () => {
		const ran = await run('sendMessage', { contact: `phone:${PHONE}`, text: 'Hi' }, [{ json: {} }]);
		expect(ran.out(1)).toMatchObject([{ failure: { code: 'no_channel', reason: expect.stringMatching(/WhatsApp or SMS/) as string } }]);
		expect(await desk.store.records.contacts.byPhone(PHONE)).toBeUndefined();
	});
});

test("an option that an expression gives as the text 'true' is on", async () => {
	const { item, message } = await writesOn(desk, SHEENA_HERE);
	await desk.store.records.agents.insert({ id: 'bo', name: 'Bo', email: 'bo@example.com', status: 'online', lastAssignedAt: null, createdAt: 0 });
	await assign(desk, { contactId: message.contactId, to: { kind: 'agent', agent: 'bo' }, source: 'agent' });
	const ran = await both({ options: { skipWhenAssigned: '={{ "true" }}' } }, item.json);
	expect([whatsapp.sent, ran.out(1)]).toMatchObject([[], [{ failure: { code: 'human_active' } }]]);
});

test('a template that is chosen for a closed window goes though the file of the message is missing', async () => {
	const { item } = await writesOn(desk, SHEENA_HERE, 'Hi', 25 * HOUR_MS);
	await both({ ...usingTemplate, messageType: 'media', attachments: 'nothing_here' }, item.json);
	expect(whatsapp.sent).toMatchObject([{ type: 'template' }]);
});

test('the message remembers which step sent it', async () => {
	const ran = await sendWith({ sms: sms.fields }, { contact: `phone:${PHONE}`, text: 'Hi' }, [{ json: {} }]);
	const id = (ran.out()[0]?.['contact'] as { id: string }).id;
	expect(await messagesTo(desk, id)).toMatchObject([{ execution: { id: 'execution-1', node: 'Step', workflowId: expect.any(String) as string } }]);
});
