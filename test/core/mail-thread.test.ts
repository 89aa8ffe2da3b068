import type { ChannelEvent, SendOptions } from '../../src/core/channel';
import { saveContact } from '../../src/core/contact';
import { close } from '../../src/core/conversation';
import { receive } from '../../src/core/inbox';
import { send } from '../../src/core/outbox';
import { CONNECTED, draft, says, testDesk, type TestDesk } from './desk';

/** R32: all mails of one conversation are one thread. */

const ANN = { channel: 'email', account: 'support@shop.test', user: 'ann@example.test' } as const;

let desk: TestDesk;
let sent: SendOptions[];

beforeEach(async () => {
	desk = await testDesk();
	sent = [];
	desk.sendWith((_content, _to, _ports, options) => {
		sent.push(options);
		return Promise.resolve([`<${sent.length}@shop.test>`]);
	});
});
afterEach(() => desk.dispose());

async function writes(id: string, mail: { subject?: string; references?: string[] } = {}): Promise<string> {
	desk.pass(1000);
	const fact: ChannelEvent = says('Hello', { from: ANN, channel: 'email', account: ANN.account, key: id, externalId: id, at: desk.now(), details: { mail: { references: [id], ...mail } } });
	const [received] = await receive(desk, [fact]);
	if (received?.kind !== 'message') throw new Error('not received');
	return received.message.contactId;
}

async function answers(contactId: string, more: Parameters<typeof draft>[2] = {}) {
	desk.pass(1000);
	await send(desk, draft(contactId, 'Hi', more));
	return sent.at(-1);
}

test('an answer names the mail it answers and all before it', async () => {
	const contactId = await writes('<in-2@a.test>', { subject: 'Order 7', references: ['<in-1@a.test>', '<in-2@a.test>'] });
	expect((await answers(contactId))?.thread).toEqual({ inReplyTo: '<in-2@a.test>', references: ['<in-1@a.test>', '<in-2@a.test>'], subject: 'Order 7' });
});

test('a second mail of ours belongs to the same thread, and so does an answer to the answer', async () => {
	const contactId = await writes('<in-1@a.test>', { subject: 'Order 7' });
	await answers(contactId);
	expect((await answers(contactId))?.thread).toEqual({ inReplyTo: '<in-1@a.test>', references: ['<in-1@a.test>'], subject: 'Order 7' });
	await writes('<in-2@a.test>', { subject: 'Re: Order 7', references: ['<in-1@a.test>', '<1@shop.test>', '<in-2@a.test>'] });
	expect((await answers(contactId))?.thread).toMatchObject({ inReplyTo: '<in-2@a.test>', references: ['<in-1@a.test>', '<1@shop.test>', '<in-2@a.test>'] });
});

test('a mail that names nothing before it: what is known of the conversation does not change its own thread', async () => {
	const contactId = await writes('<in-1@a.test>', { subject: 'One' });
	await writes('<in-2@a.test>', { subject: 'Two' });
	expect((await answers(contactId))?.thread).toEqual({ inReplyTo: '<in-2@a.test>', references: ['<in-2@a.test>'], subject: 'Two' });
	expect((await answers(contactId, { replyTo: '<in-1@a.test>' }))?.thread).toMatchObject({ inReplyTo: '<in-1@a.test>', subject: 'One' });
});

test('what we begin is a thread from our second mail on, under the subject of the first', async () => {
	const contactId = await writes('<in-1@a.test>');
	await close(desk, { contactId, source: 'workflow', category: null, summary: null, unassign: true });
	const subject = { kind: 'text', text: 'Hi', mail: { subject: 'News' } } as const;
	desk.pass(1000);
	await send(desk, draft(contactId, subject, { openConversation: true }));
	expect(sent.at(-1)?.thread).toBeUndefined();
	expect((await answers(contactId))?.thread).toEqual({ inReplyTo: '<1@shop.test>', references: ['<1@shop.test>'], subject: 'News' });
	expect((await answers(contactId))?.thread).toEqual({ inReplyTo: '<2@shop.test>', references: ['<1@shop.test>', '<2@shop.test>'], subject: 'News' });
});

test('whom nobody has talked to yet: the mails of one execution are a thread, another one begins anew', async () => {
	const { contact } = await saveContact(desk, { by: 'email', email: ANN.user }, {}, 'workflow');
	const connections = { email: { ...CONNECTED, accounts: [ANN.account] } };
	const from = (id: string) => ({ execution: { id, workflowId: 'workflow-1', node: 'Send' }, channel: 'email' as const, connections });
	expect((await answers(contact.id, from('execution-1')))?.thread).toBeUndefined();
	expect((await answers(contact.id, from('execution-1')))?.thread).toMatchObject({ inReplyTo: '<1@shop.test>', references: ['<1@shop.test>'] });
	expect((await answers(contact.id, from('execution-2')))?.thread).toBeUndefined();
});

test('what a person wrote is no automatic answer, what a workflow says is', async () => {
	const contactId = await writes('<in-1@a.test>');
	expect((await answers(contactId))?.isAutomatic).toBe(true);
	expect((await answers(contactId, { humanAgent: true }))?.isAutomatic).toBeUndefined();
});

test('what the channel did differently stands in the notes of the message', async () => {
	const contactId = await writes('<in-1@a.test>');
	desk.sendWith((_content, _to, _ports, { note, messageId }) => {
		note?.('A copy to bob@example.test was refused.');
		return Promise.resolve([messageId]);
	});
	const outcome = await send(desk, draft(contactId, 'Hi'));
	expect(outcome).toMatchObject({ ok: true, message: { details: { notes: ['A copy to bob@example.test was refused.'] } } });
});
