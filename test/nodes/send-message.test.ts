import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { assign } from '../../src/core/assignment';
import { close } from '../../src/core/conversation';
import { saveContact } from '../../src/core/contact';
import { saveAgent } from '../../src/core/directory';
import type { Desk } from '../../src/core/desk';
import { ACCOUNT, closeWorkspace, messagesTo, openWorkspace, opens, run, writes } from './workspace';

let desk: Desk;
beforeEach(async () => {
	desk = await openWorkspace();
});
afterEach(closeWorkspace);

const text = (value: string, more: IDataObject = {}) => ({ text: value, ...more });

/** A contact of whom only the email is known: no channel leads there. */
async function unreachable(email = 'nobody@example.com'): Promise<INodeExecutionData> {
	const { contact } = await saveContact(desk, { by: 'email', email }, {}, 'api');
	return { json: { contact: { id: contact.id }, order: 7 } };
}

describe('what Send Message sends', () => {
	test('A2, A22: the default message, on the channel of the last interaction', async () => {
		const { item, contactId } = await opens(desk, 'ann', 'Hi', 'Ann Lee');
		const ran = await run('sendMessage', text('Good day'), [item]);
		expect(ran.status).toBe('success');
		expect(await messagesTo(desk, contactId)).toMatchObject([
			{ text: 'Good day', status: 'sent', channel: 'webchat', account: ACCOUNT, source: 'workflow' },
		]);
		expect(ran.out()).toMatchObject([
			{
				event: { type: 'conversation.opened', source: 'contact' },
				conversation: { status: 'open', assignee: null, closingNote: null },
				contact: { id: contactId, name: 'Ann Lee', firstName: 'Ann', lastName: 'Lee', isNew: true },
				message: { direction: 'out', status: 'sent', text: 'Good day', type: 'text', attachments: [] },
			},
		]);
		expect(ran.out()[0]).not.toHaveProperty('failure');
		expect(ran.out(1)).toEqual([]);
	});

	test('A2: of two chats of one contact the one used last', async () => {
		const first = await writes(desk, 'ann', 'Here', { account: 'page-1' });
		const { addresses } = desk.store.records;
		await addresses.insert({
			...(await addresses.get(first.addressId))!,
			id: desk.newId(),
			account: 'page-2',
			user: 'ann-2',
			lastInteractionAt: desk.now() + 1_000,
		});
		const ran = await run('sendMessage', text('Where?'), [{ json: { contact: { id: first.contactId } } }]);
		expect(ran.out()).toMatchObject([{ message: { account: 'page-2' } }]);
	});

	test('A3: one channel of the connected ones', async () => {
		const { item } = await opens(desk, 'ann');
		const ran = await run('sendMessage', text('Hi', { channel: 'webchat' }), [item]);
		expect(ran.out()).toMatchObject([{ message: { channel: 'webchat', status: 'sent' } }]);
	});

	test('A3: a channel that is not connected here is named', async () => {
		const { item, contactId } = await opens(desk, 'ann');
		const ran = await run('sendMessage', text('Hi', { channel: 'webchat', connectedChannels: ['telegram'] }), [item]);
		expect(ran.out()).toEqual([]);
		expect(ran.out(1)).toMatchObject([{ failure: { code: 'channel_not_connected', channel: 'webchat' } }]);
		expect(ran.out(1)[0]?.['failure']).toHaveProperty('reason', expect.stringContaining("'Connected Channels'"));
		expect(await messagesTo(desk, contactId)).toEqual([]);
	});

	test('A7: emojis come through unchanged', async () => {
		const { item, contactId } = await opens(desk, 'ann');
		const said = '🤖 Привет 👩‍👩‍👧‍👦 — ﷺ 👍🏽\nzwei Zeilen';
		const ran = await run('sendMessage', text(said), [item]);
		expect((await messagesTo(desk, contactId))[0]?.text).toBe(said);
		expect(ran.out()).toMatchObject([{ message: { text: said } }]);
	});

	test('A23: the response of the channel wins over the default message', async () => {
		const { item, contactId } = await opens(desk, 'ann');
		const parameters = {
			channel: 'webchat',
			text: 'Default',
			channelResponses: ['webchat'],
			webchatMessageType: 'choices',
			webchatText: 'What is it about?',
			webchatChoices: { values: [{ label: 'Opening hours', id: 'hours' }, { label: 'Something else' }] },
		};
		const ran = await run('sendMessage', parameters, [item]);
		const choices = [
			{ id: 'hours', label: 'Opening hours' },
			{ id: 'Something else', label: 'Something else' },
		];
		expect(await messagesTo(desk, contactId)).toMatchObject([{ type: 'choices', text: 'What is it about?', choices }]);
		expect(ran.out()).toMatchObject([{ message: { type: 'choices', choices } }]);
	});

	test('A24: with the last interacted channel its response is sent, without one the default', async () => {
		const { item, contactId } = await opens(desk, 'ann');
		await run('sendMessage', { text: 'Default', channelResponses: ['webchat'], webchatText: 'For the chat' }, [item]);
		await run('sendMessage', { text: 'Default', channelResponses: [] }, [item]);
		expect((await messagesTo(desk, contactId)).map((message) => message.text)).toEqual(['For the chat', 'Default']);
	});

	test('A10: 2,000 characters go, 2,001 do not', async () => {
		const { item, contactId } = await opens(desk, 'ann');
		const longest = '🙂'.repeat(2000);
		expect((await run('sendMessage', text(longest), [item])).out()).toHaveLength(1);
		const refused = await run('sendMessage', text(`${longest}x`), [item]);
		expect(refused.out()).toEqual([]);
		expect(refused.out(1)).toMatchObject([
			{ failure: { code: 'content_unsupported', retryable: false }, message: { status: 'failed' } },
		]);
		expect(refused.out(1)[0]?.['failure']).toHaveProperty('reason', expect.stringMatching(/2001 .*at most 2000/));
		expect((await messagesTo(desk, contactId)).map(({ status }) => status)).toEqual(['sent', 'failed']);
	});

	test('a contact can be named by phone or email', async () => {
		const { contactId } = await opens(desk, 'ann');
		await saveContact(desk, { by: 'id', id: contactId }, { phone: '+44 7900 000000', email: 'Ann@Example.com' }, 'api');
		const ran = await run('sendMessage', text('Hi', { contact: '={{ $json.who }}' }), [
			{ json: { who: 'phone:+447900000000' } },
			{ json: { who: 'email:ANN@example.com' } },
		]);
		expect(ran.out()).toMatchObject([{ contact: { id: contactId } }, { contact: { id: contactId } }]);
	});

	test('an expression that gives no text is refused by its name', async () => {
		const { item } = await opens(desk, 'ann');
		const ran = await run('sendMessage', text('={{ $json.contact }}'), [item]);
		expect(ran.out(1)).toMatchObject([{ failure: { code: 'configuration_invalid' } }]);
		expect(ran.out(1)[0]?.['failure']).toHaveProperty('reason', expect.stringContaining("'Text' is not text"));
	});

	test('an expression that n8n cannot work out fails its own item only', async () => {
		const { item, contactId } = await opens(desk, 'ann');
		const ran = await run('sendMessage', text("={{ $json.n === 1 ? $('Nowhere').first().json.x : 'Hi' }}"), [
			{ json: { ...item.json, n: 1 } },
			{ json: { ...item.json, n: 2 } },
		]);
		expect(ran.out()).toMatchObject([{ n: 2, message: { status: 'sent' } }]);
		expect(ran.out(1)).toMatchObject([{ n: 1, failure: { code: 'configuration_invalid' } }]);
		expect(ran.out(1)[0]?.['failure']).toHaveProperty('reason', expect.stringContaining('Check the expressions'));
		expect(await messagesTo(desk, contactId)).toHaveLength(1);
	});

	test('opens a conversation only when it is told to', async () => {
		const { item, contactId } = await opens(desk, 'ann');
		await close(desk, { contactId, category: null, summary: null, unassign: true, source: 'agent' });
		const quiet = await run('sendMessage', text('One more thing'), [item]);
		expect(quiet.out()).toMatchObject([{ conversation: { status: 'closed' } }]);
		const opened = await run('sendMessage', text('Another', { options: { openConversation: true } }), [item]);
		expect(opened.out()).toMatchObject([{ conversation: { status: 'open', openedBy: 'workflow' } }]);
	});

	test('sends nothing while a person has the conversation, when told so', async () => {
		const { item, contactId } = await opens(desk, 'ann');
		const { email } = await saveAgent(desk, { email: 'bo@example.com', name: 'Bo' });
		await assign(desk, { contactId, to: { kind: 'agent', agent: email }, source: 'agent' });
		const ran = await run('sendMessage', text('Hi', { options: { skipWhenAssigned: true } }), [item]);
		expect(ran.out()).toEqual([]);
		expect(ran.out(1)).toMatchObject([
			{ failure: { code: 'human_active' }, conversation: { assignee: { name: 'Bo', email } } },
		]);
	});
});

describe('A20, A21: the failure branch', () => {
	test('A25, A29: a contact without a channel leaves on Failed, where another flow goes on', async () => {
		const ran = await run('sendMessage', text('Hi'), [await unreachable()]);
		expect(ran.status).toBe('success');
		expect(ran.reached(0)).toEqual([]);
		expect(ran.reached(1)).toMatchObject([
			{
				order: 7,
				contact: { email: 'nobody@example.com', channels: [] },
				failure: {
					code: 'no_channel',
					channel: null,
					retryable: false,
					retryAfterMs: null,
					providerCode: null,
					providerMessage: null,
				},
			},
		]);
		expect(ran.out(1)[0]).not.toHaveProperty('error');
	});

	test('an unknown contact leaves on Failed as well, with what to do', async () => {
		const ran = await run('sendMessage', text('Hi', { contact: '={{ $json.id }}' }), [{ json: { id: 'nobody' } }, { json: {} }]);
		expect(ran.out()).toEqual([]);
		expect(ran.out(1)).toMatchObject([
			{ id: 'nobody', failure: { code: 'no_channel', reason: expect.stringContaining("'nobody'") as string } },
			{ failure: { code: 'no_channel', reason: expect.stringContaining("'Contact' is empty") as string } },
		]);
	});

	test('several items: each on its output, with its pair and its files, and the input untouched', async () => {
		const ann = await opens(desk, 'ann');
		const bob = await opens(desk, 'bob');
		const binary = { data: { data: 'aGk=', mimeType: 'text/plain', fileName: 'hi.txt' } };
		const input = [
			{ json: { ...ann.item.json, n: 0 }, binary },
			{ ...(await unreachable()), binary },
			{ json: { ...bob.item.json, n: 2, failure: { code: 'old' } }, binary },
		];
		const copy = structuredClone(input);
		const ran = await run('sendMessage', text('Hi'), input);
		expect(ran.items()).toMatchObject([
			{ json: { n: 0, contact: { id: ann.contactId } }, binary, pairedItem: { item: 0 } },
			{ json: { n: 2, contact: { id: bob.contactId } }, binary, pairedItem: { item: 2 } },
		]);
		expect(ran.items(1)).toMatchObject([{ json: { order: 7 }, binary, pairedItem: { item: 1 } }]);
		expect(ran.items()[1]?.json).not.toHaveProperty('failure');
		expect(input).toEqual(copy);
	});

	test('messages to one contact go in the order of the items', async () => {
		const { contactId } = await opens(desk, 'ann');
		const other = await opens(desk, 'bob');
		const input = Array.from({ length: 25 }, (_, n) => ({
			json: { contact: { id: n % 5 === 4 ? other.contactId : contactId }, n },
		}));
		await run('sendMessage', text('=number {{ $json.n }}'), input);
		const numbers = (await messagesTo(desk, contactId)).map((message) => Number(message.text?.slice('number '.length)));
		expect(numbers).toHaveLength(20);
		expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
		expect(await messagesTo(desk, other.contactId)).toHaveLength(5);
	});
});
