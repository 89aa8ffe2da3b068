import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';
import { receive } from '../../src/core/inbox';
import { saveContact } from '../../src/core/contact';
import type { Desk } from '../../src/core/desk';
import { closeHost } from '../../src/n8n/host';
import { closeWorkspace, endedBy, messagesTo, openWorkspace, opens, run } from './workspace';

let desk: Desk;
beforeEach(async () => {
	desk = await openWorkspace();
});
afterEach(closeWorkspace);

async function unreachable(): Promise<INodeExecutionData> {
	const { contact } = await saveContact(desk, { by: 'email', email: 'nobody@example.com' }, {}, 'api');
	return { json: { contact: { id: contact.id }, order: 7 } };
}

const ON_ERROR: (INode['onError'] | undefined)[] = [undefined, 'stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'];
const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

describe('promise 5: an unsent item is never on Sent, whatever is set under On Error', () => {
	test.each(ON_ERROR)('with the failure branch, %s', async (onError) => {
		const ann = await opens(desk, 'ann');
		const input = [await unreachable(), ann.item, { json: {} }];
		const ran = await run('sendMessage', { text: 'Hi' }, input, { node: { onError, ...RETRY } });
		expect(ran.status).toBe('success');
		expect(ran.out()).toMatchObject([{ message: { status: 'sent' }, contact: { id: ann.contactId } }]);
		expect(ran.out(1)).toMatchObject([
			{ order: 7, failure: { code: 'no_channel' } },
			{ failure: { code: 'no_channel' } },
		]);
		expect(ran.items(1).map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 2 }]);
		// n8n's own third output stays empty.
		expect(ran.reached(2)).toEqual([]);
		expect(await messagesTo(desk, ann.contactId)).toHaveLength(1);
	});

	test.each(ON_ERROR)('with the failure branch and no store, %s', async (onError) => {
		const { item } = await opens(desk, 'ann');
		await closeHost();
		const before = process.env['CONVERSATIONS_DATABASE_URL'];
		process.env['CONVERSATIONS_DATABASE_URL'] = 'mysql://elsewhere';
		const ran = await run('sendMessage', { text: 'Hi' }, [item], { node: { onError } });
		if (before === undefined) delete process.env['CONVERSATIONS_DATABASE_URL'];
		else process.env['CONVERSATIONS_DATABASE_URL'] = before;
		expect(ran.reached(0)).toEqual([]);
		if (onError?.startsWith('continue')) {
			expect(ran.out(1)).toMatchObject([{ failure: { code: 'configuration_invalid' } }]);
		} else {
			expect(ran.status).toBe('error');
			expect(endedBy(ran).message).toMatch(/CONVERSATIONS_DATABASE_URL .*\[item 0\]$/);
		}
	});

	test('nor when the wait limit cannot be worked out: then nothing is sent', async () => {
		const ann = await opens(desk, 'ann');
		const parameters = { text: 'Hi', waitFor: 'reply', waitLimit: "={{ $('Nowhere').first().json.limit }}" };
		const node = { onError: 'continueRegularOutput' as const };
		const ran = await run('sendMessage', parameters, [ann.item], { node });
		expect(ran.out()).toEqual([]);
		expect(ran.out(1)).toMatchObject([{ failure: { code: 'configuration_invalid' } }]);
		expect(await messagesTo(desk, ann.contactId)).toEqual([]);
	});

	const OFF: IDataObject = { text: 'Hi', addFailureBranch: false };

	test.each([undefined, 'stopWorkflow'] as const)('without the branch the workflow stops, %s, after the rest was sent', async (onError) => {
		const [ann, bob] = [await opens(desk, 'ann'), await opens(desk, 'bob')];
		const ran = await run('sendMessage', OFF, [ann.item, await unreachable(), bob.item], { node: { onError } });
		expect(ran.status).toBe('error');
		expect(ran.reached(0)).toEqual([]);
		const { message, description } = endedBy(ran);
		expect(message).toBe('The contact has no channel to send on: it has not written on any connected channel yet [item 1]');
		expect(description).toContain('1 of 3 messages were not sent');
		expect(await messagesTo(desk, ann.contactId)).toMatchObject([{ status: 'sent' }]);
		expect(await messagesTo(desk, bob.contactId)).toMatchObject([{ status: 'sent' }]);
	});

	test("without the branch, n8n's Error output gets the unsent items", async () => {
		const ann = await opens(desk, 'ann');
		const node = { onError: 'continueErrorOutput' as const };
		const ran = await run('sendMessage', OFF, [await unreachable(), ann.item], { node });
		expect(ran.out()).toMatchObject([{ message: { status: 'sent' } }]);
		expect(ran.out(1)).toMatchObject([
			{ order: 7, error: expect.stringContaining('no channel') as string, details: { code: 'no_channel' } },
		]);
	});

	test('without the branch and told to go on, n8n gets the items with their error', async () => {
		const ann = await opens(desk, 'ann');
		const node = { onError: 'continueRegularOutput' as const };
		const ran = await run('sendMessage', OFF, [await unreachable(), ann.item], { node });
		expect(ran.out()).toMatchObject([
			{ order: 7, error: expect.stringContaining('no channel') as string, failure: { code: 'no_channel' } },
			{ message: { status: 'sent' } },
		]);
	});

	test('without the branch and without failures there is one output', async () => {
		const ann = await opens(desk, 'ann');
		const ran = await run('sendMessage', OFF, [ann.item]);
		expect(ran.out()).toHaveLength(1);
		expect(ran.run.data.resultData.runData['Step']?.[0]?.data?.['main']).toHaveLength(1);
	});
});

describe('promise 4: no message is sent twice', () => {
	const OFF: IDataObject = { text: 'Hi', addFailureBranch: false };

	test('by Retry On Fail, which runs all items again', async () => {
		const ann = await opens(desk, 'ann');
		const ran = await run('sendMessage', OFF, [ann.item, await unreachable()], { node: RETRY });
		expect(ran.status).toBe('error');
		expect(await messagesTo(desk, ann.contactId)).toHaveLength(1);
	});

	test("by n8n's Retry of a failed execution, which has an id of its own", async () => {
		const ann = await opens(desk, 'ann');
		const lost = await unreachable();
		const begin = (executionId: string, mode: 'trigger' | 'retry', items: INodeExecutionData[]) =>
			run('sendMessage', OFF, items, { triggered: true, workflow: { executionId, mode } });
		expect((await begin('execution-1', 'trigger', [ann.item, lost])).status).toBe('error');
		expect((await begin('execution-2', 'retry', [ann.item, lost])).status).toBe('error');
		expect(await messagesTo(desk, ann.contactId)).toHaveLength(1);
		// Another event is another message.
		const { item } = await opens(desk, 'bob');
		const other = { json: { ...ann.item.json, event: item.json['event'] } };
		await begin('execution-3', 'trigger', [other]);
		expect(await messagesTo(desk, ann.contactId)).toHaveLength(2);
	});

	test.each(['={{ $now.toMillis() }}', '=Order {{ Math.random() }}'])('by Retry On Fail, when the text %s is another one on every try', async (text) => {
		const ann = await opens(desk, 'ann');
		await run('sendMessage', { text, addFailureBranch: false }, [ann.item, await unreachable()], { node: RETRY });
		expect(await messagesTo(desk, ann.contactId)).toHaveLength(1);
	});

	test('but another item in the same place of the same execution is another message', async () => {
		const { item, contactId } = await opens(desk, 'ann');
		for (const order of [1, 2]) await run('sendMessage', { text: '=Order {{ $json.order }}' }, [{ json: { ...item.json, order } }], { workflow: { executionId: '9', mode: 'trigger' } });
		expect((await messagesTo(desk, contactId)).map(({ text }) => text)).toEqual(['Order 1', 'Order 2']);
	});

	test('but every execution, test, item and text has its own', async () => {
		const { item, contactId } = await opens(desk, 'ann');
		const send = async (text: string, items: INodeExecutionData[], executionId: string, mode: 'manual' | 'trigger') =>
			await run('sendMessage', { text }, items, { workflow: { executionId, mode } });
		await send('Hi', [item, item], '1', 'trigger');
		expect(await messagesTo(desk, contactId)).toHaveLength(2);
		await send('Hi', [item], '2', 'trigger');
		expect(await messagesTo(desk, contactId)).toHaveLength(3);
		await send('Hi', [item], '3', 'manual');
		await send('Hi', [item], '4', 'manual');
		expect(await messagesTo(desk, contactId)).toHaveLength(5);
	});
});

describe('waiting', () => {
	test('parks until the contact replies, and says what became of it on both outputs', async () => {
		const ann = await opens(desk, 'ann');
		const parameters = { text: 'Anything else?', waitFor: 'reply', waitLimit: 2, waitLimitUnit: 'hours' };
		const ran = await run('sendMessage', parameters, [ann.item, await unreachable()]);
		expect(ran.status).toBe('waiting');
		expect((ran.waitTill?.getTime() ?? 0) - Date.now()).toBeGreaterThan(2 * 3_600_000 - 60_000);
		expect(await messagesTo(desk, ann.contactId)).toMatchObject([{ text: 'Anything else?', status: 'sent' }]);
	});

	test('goes on at once when nothing was sent', async () => {
		const ran = await run('sendMessage', { text: 'Hi', waitFor: 'reply' }, [await unreachable()]);
		expect(ran.status).toBe('success');
		expect(ran.out(1)).toMatchObject([{ order: 7, failure: { code: 'no_channel' } }]);
	});
});

describe('as a tool of an agent', () => {
	test('failures are where the agent sees them, and nothing waits', async () => {
		const ann = await opens(desk, 'ann');
		const parameters = { text: 'Hi', waitFor: 'reply', waitLimit: 5 };
		const ran = await run('sendMessage', parameters, [ann.item, await unreachable()], { typeName: 'sendMessageTool' });
		expect(ran.status).toBe('success');
		expect(ran.out()).toEqual([
			{ sent: true, contact: { id: ann.contactId, name: null }, message: expect.objectContaining({ status: 'sent', text: 'Hi' }) as object },
			{ sent: false, contact: expect.anything() as object, failure: expect.objectContaining({ code: 'no_channel', reason: expect.any(String) as string }) as object },
		]);
	});
});

test('a receipt that comes later is found on the message', async () => {
	const ann = await opens(desk, 'ann');
	await run('sendMessage', { text: 'Hi' }, [ann.item]);
	const [sent] = await messagesTo(desk, ann.contactId);
	await receive(desk, [
		{
			kind: 'receipt',
			key: 'r1',
			channel: 'webchat',
			account: sent!.account,
			at: desk.now(),
			externalId: sent!.providerId!,
			state: 'delivered',
		},
	]);
	const found = await run('conversations', { resource: 'message', operation: 'getMany' }, [{ json: {} }]);
	expect(found.out()).toMatchObject([{ message: { direction: 'out', status: 'delivered' } }, { message: { direction: 'in' } }]);
});
