import type { ChannelId } from '../../src/core/channel';
import { requireContactBy, saveContact } from '../../src/core/contact';
import { sendInTurn } from '../../src/core/in-turn';
import type { Plan } from '../../src/core/plan';
import { contactToReach } from '../../src/core/reach';
import { CONNECTED, START, testDesk, write, type TestDesk } from './desk';
import { codeOf, plan as planFor } from './planned';

/** D17: people who never wrote, named by their number or email. */

let desk: TestDesk;
let contactId: string;
/** What was called, in order: the channel and the kind of content. */
let calls: string[];
/** The same with account and user. */
let called: string[];

beforeEach(async () => {
	desk = await testDesk();
	[calls, called] = [[], []];
	desk.sendWith((content, { channel, account, user }) => {
		calls.push(`${channel} ${content.kind}`);
		called.push(`${channel} ${account} ${user}`);
		return Promise.resolve([`id-${calls.length}`]);
	});
});
afterEach(() => desk.dispose());

const plan = (more: Partial<Plan> = {}) => planFor(contactId, more);
const only = (...ids: ChannelId[]): Plan['connections'] => Object.fromEntries(ids.map((id) => [id, { ...CONNECTED, accounts: [`${id}-1`] }]));
const contactBy = async (phone: string) => (await saveContact(desk, { by: 'phone', phone }, {}, 'workflow')).contact.id;

describe('somebody with a number and an email', () => {
	const [PHONE, EMAIL] = ['+447900000009', 'ann@example.com'];
	beforeEach(async () => {
		contactId = desk.newId();
		await desk.store.records.contacts.insert({
			id: contactId, name: null, firstName: null, lastName: null, phone: PHONE, email: EMAIL, language: null,
			tags: [], fields: {}, assigneeId: null, createdAt: START, updatedAt: START,
		});
	});

	test('D8: a phone number is reached by SMS, and the address is kept for the answer', async () => {
		const sent = await sendInTurn(desk, plan({ channel: 'sms', connections: only('sms', 'email') }));
		expect([codeOf(sent), calls]).toEqual(['sent', ['sms text']]);
		expect(await desk.store.records.addresses.ofContact(contactId)).toMatchObject([{ channel: 'sms', account: 'sms-1', user: PHONE }]);
		const { contactId: who } = await write(desk, 'Hi back', { channel: 'sms', account: 'sms-1', user: PHONE });
		expect(who).toBe(contactId);
	});

	test('an email address by mail', async () => {
		expect(codeOf(await sendInTurn(desk, plan({ channel: 'email', connections: only('email') })))).toBe('sent');
		expect(await desk.store.records.addresses.ofContact(contactId)).toMatchObject([{ user: EMAIL }]);
	});

	test('C12: on WhatsApp only a template goes', async () => {
		const connections = only('whatsapp');
		expect(codeOf(await sendInTurn(desk, plan({ channel: 'whatsapp', connections })))).toBe('window_closed');
		const sent = await sendInTurn(desk, plan({ channel: 'whatsapp', connections, ifWindowClosed: 'template', templates: ['whatsapp'], idempotencyKey: 'second' }));
		expect([codeOf(sent), calls]).toEqual(['sent', ['whatsapp template']]);
	});

	test('the last interacted channel of somebody who never wrote is the only one that reaches them', async () => {
		expect(codeOf(await sendInTurn(desk, plan({ connections: only('sms', 'telegram') })))).toBe('sent');
		const unclear = await sendInTurn(desk, plan({ connections: only('whatsapp', 'sms'), idempotencyKey: 'second', contactId: (await other()).id }));
		expect(unclear).toMatchObject({ ok: false, failure: { code: 'no_channel', reason: expect.stringContaining('WhatsApp or SMS') } });
	});

	async function other() {
		const contact = { id: desk.newId(), name: null, firstName: null, lastName: null, phone: '+447900000010', email: null, language: null, tags: [], fields: {}, assigneeId: null, createdAt: START, updatedAt: START };
		await desk.store.records.contacts.insert(contact);
		return contact;
	}

	test('a number that another contact writes from is that contact, and the item says so', async () => {
		const { contactId: writer } = await write(desk, 'Hi', { channel: 'sms', account: 'sms-1', user: PHONE });
		const sent = await sendInTurn(desk, plan({ channel: 'sms', connections: only('sms') }));
		expect(sent.message).toMatchObject({ contactId: writer, status: 'sent', details: { notes: [expect.stringContaining(writer)] } });
	});

	test('A25: without a number the reason says what is needed', async () => {
		await desk.store.records.contacts.update(contactId, { phone: null });
		const sent = await sendInTurn(desk, plan({ channel: 'sms', connections: only('sms') }));
		expect(sent).toMatchObject({ ok: false, failure: { code: 'no_channel', reason: expect.stringContaining('a phone number') } });
	});
});

describe('a message', () => {
	test('to a number that has changed goes to the new one, as long as nobody has answered from the old one', async () => {
		const contactId = await contactBy('+447900000001');
		const sms = (idempotencyKey: string) => sendInTurn(desk, planFor(contactId, { channel: 'sms', connections: only('sms'), idempotencyKey }));
		await sms('one');
		await desk.store.records.contacts.update(contactId, { phone: '+447900000002' });
		await sms('two');
		await write(desk, 'It is me', { channel: 'sms', account: 'sms-1', user: '+447900000002' });
		await desk.store.records.contacts.update(contactId, { phone: '+442070000000' });
		await sms('three');
		expect(called).toEqual(['sms sms-1 +447900000001', 'sms sms-1 +447900000002', 'sms sms-1 +447900000002']);
	});

	test('from another number than the one the contact wrote to', async () => {
		const { contactId } = await write(desk, 'Hello', { channel: 'sms', account: 'sms-2', user: '+447900000001' });
		await desk.store.records.contacts.update(contactId, { phone: '+447900000001' });
		const answer = await sendInTurn(desk, planFor(contactId, { connections: only('sms') }));
		expect([codeOf(answer), called]).toEqual(['channel_not_connected', []]);
		await sendInTurn(desk, planFor(contactId, { channel: 'sms', connections: only('sms') }));
		expect(called).toEqual(['sms sms-1 +447900000001']);
	});

	test('by several sends while the person writes, too: one address, one contact each, all go', async () => {
		const contactId = await contactBy('+447900000001');
		const one = { channel: 'sms', account: 'sms-1', user: '+447900000001' } as const;
		const send = () => sendInTurn(desk, planFor(contactId, { channel: 'sms', connections: only('sms') }));
		const [first, , second, third] = await Promise.all([send(), write(desk, 'Hi', one), send(), send()]);
		expect([codeOf(first), codeOf(second), codeOf(third)]).toEqual(['sent', 'sent', 'sent']);
		const address = await desk.store.records.addresses.find(one);
		expect(new Set([first, second, third].map(({ message }) => message?.addressId))).toEqual(new Set([address?.id]));
	});

	test.each([
		'phone:+447900000001', ' Phone: +44 7900 000001 ', 'PHONE:+44 (0)7900 000001', 'phone:\u202a+44\u00a07900\u2011000001\u202c', 'phone:＋４４７９００００００01',
		'email:ann@example.com', 'Email: ANN@Example.com',
	])('%j is the contact', async (reference) => {
		const { contact } = await saveContact(desk, { by: 'phone', phone: '+447900000001' }, { email: 'ann@example.com' }, 'workflow');
		expect((await requireContactBy(desk.store.records, reference)).id).toBe(contact.id);
	});

	test.each([
		['phone:', 'is not a phone number'], ['phone:447900000001', 'Start it with +'], ['phone:undefined', 'is not a phone number'],
		['email:Ann <ann@example.com>', 'is not an email address'], ['email:', 'is not an email address'], ['nobody', "the id 'nobody'"], ['', "'Contact' is empty"],
	])('%j makes nobody, and the sentence says why', async (reference, sentence) => {
		expect(await contactToReach(desk, reference, ['sms', 'email'], only('sms', 'email'))).toMatchObject({ code: 'no_channel', reason: expect.stringContaining(sentence) });
		expect(await desk.store.records.contacts.list({}, { limit: 9, offset: 0 })).toEqual([]);
	});
});
