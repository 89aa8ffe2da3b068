import { assign } from '../../src/core/assignment';
import { requireContactBy } from '../../src/core/contact';
import { saveAgent, saveCategory } from '../../src/core/directory';
import type { Desk } from '../../src/core/desk';
import { closeWorkspace, endedBy, openWorkspace, opens, run, writes } from './workspace';

let desk: Desk;
beforeEach(async () => {
	desk = await openWorkspace();
});
afterEach(closeWorkspace);

async function assigned(user: string) {
	const opened = await opens(desk, user);
	const bo = await saveAgent(desk, { name: 'Bo', email: 'bo@example.com' });
	await assign(desk, { contactId: opened.contactId, to: { kind: 'agent', agent: bo.id }, source: 'agent' });
	return { ...opened, bo };
}

describe('Close Conversation', () => {
	test('B22, B24: the conversation is closed and the contact unassigned; B26: with a closing note', async () => {
		const { item, contactId } = await assigned('ann');
		await saveCategory(desk, { name: 'Solved' });
		const category = { __rl: true, mode: 'name', value: 'solved' };
		const ran = await run('closeConversation', { category, summary: 'Asked for the hours' }, [item]);
		expect(ran.out()).toMatchObject([
			{
				closed: true,
				event: { type: 'conversation.opened' },
				conversation: {
					status: 'closed',
					assignee: null,
					closingNote: { category: 'Solved', summary: 'Asked for the hours' },
				},
				contact: { id: contactId },
			},
		]);
		const { records } = desk.store;
		expect(await records.conversations.openOf(contactId)).toBeUndefined();
		// B25: the contact is still there.
		expect(await requireContactBy(records, contactId)).toMatchObject({ assigneeId: null });
	});

	test('C29: the contact may stay with its agent, who has the next conversation', async () => {
		const { item, contactId, bo } = await assigned('ann');
		const ran = await run('closeConversation', { unassign: false }, [item]);
		expect(ran.out()).toMatchObject([{ closed: true, conversation: { status: 'closed', closingNote: null } }]);
		await writes(desk, 'ann', 'Me again');
		expect(await desk.store.records.conversations.openOf(contactId)).toMatchObject({ assigneeId: bo.id });
	});

	test('B23, D15: the next message opens another conversation', async () => {
		const { item, contactId } = await opens(desk, 'ann');
		await run('closeConversation', {}, [item]);
		await writes(desk, 'ann', 'Me again');
		const open = await desk.store.records.conversations.openOf(contactId);
		expect(open?.id).not.toBe((item.json['conversation'] as { id: string }).id);
	});

	test('closing what is not open changes nothing and says so', async () => {
		const { item } = await opens(desk, 'ann');
		const binary = { data: { data: 'aGk=', mimeType: 'text/plain' } };
		const first = await run('closeConversation', { summary: 'Done' }, [item]);
		const again = await run('closeConversation', { summary: 'Again' }, [{ ...item, binary }]);
		expect(again.items()).toMatchObject([
			{ json: { closed: false, conversation: { closingNote: { summary: 'Done' } } }, binary, pairedItem: { item: 0 } },
		]);
		expect(first.out()).toMatchObject([{ closed: true }]);
	});

	test.each([
		['Contact', { contact: 'nobody' }],
		['Category', { category: { __rl: true, mode: 'name', value: 'Nonsense' } }],
	])('an unknown %s stops the workflow with a sentence', async (parameter, parameters) => {
		const { item, contactId } = await opens(desk, 'ann');
		const ran = await run('closeConversation', parameters, [item]);
		expect(endedBy(ran).message).toMatch(new RegExp(`'${parameter}'.*\\[item 0\\]$`));
		expect(await desk.store.records.conversations.openOf(contactId)).toBeDefined();
	});

	test("told to go on, n8n's Error output has the item", async () => {
		const { item } = await opens(desk, 'ann');
		const ran = await run(
			'closeConversation',
			{ contact: '={{ $json.who ?? $json.contact.id }}' },
			[{ json: { who: 'nobody' } }, item],
			{ node: { onError: 'continueErrorOutput' } },
		);
		expect(ran.out()).toMatchObject([{ closed: true }]);
		expect(ran.reached(1)).toMatchObject([{ who: 'nobody', error: expect.stringContaining("'Contact'") }]);
	});
});
