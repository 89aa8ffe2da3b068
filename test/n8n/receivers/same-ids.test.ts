import { channels } from '../../../src/channels';
import type { Content } from '../../../src/core/channel';
import { send } from '../../../src/core/outbox';
import { accountOf } from '../../../src/n8n/calls/accounts';
import { sendPorts } from '../../../src/n8n/calls/connections';
import { body, events, fakeCustom, TOKEN } from '../../fakes/custom';
import { PUBLIC, testN8n } from './n8n';

/** Integration servers count ids as they like. */
test('an id that a provider gives twice costs no message: of another contact, of an echo, of one that was sent', async () => {
	const [n8n, fake] = [await testN8n(), await fakeCustom()];
	try {
		const trigger = n8n.trigger({ workflowId: 'w1', channels: ['custom'], credentials: { conversationsCustomApi: fake.fields as never } });
		await trigger.publish();
		const post = (text: string) =>
			fetch(trigger.address('custom').replace(PUBLIC, n8n.origin), { method: 'POST', headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }, body: text });
		const twice = async (text: string) => [await post(text), await post(text)];
		await twice(body([events.text('1', 'Ann')]));
		await twice(body([events.text('1', 'Bob')], { contactId: 'bob' }));
		await twice(body([events.echo('1', { type: 'text', text: 'From the app' })]));
		const all = () => n8n.desk.store.records.messages.list({}, { limit: 20, offset: 0 });
		const contactId = (await all()).find(({ text }) => text === 'Ann')?.contactId ?? '';
		const { provider } = channels.custom;
		if (!provider) throw new Error('no provider');
		const { account, ports } = await accountOf(provider, fake.fields);
		const connection = { accounts: [account], ports: sendPorts(n8n.desk, channels.custom, ports), monthlyQuota: null, messagesPerWindow: null };
		for (const text of ['one', 'two']) {
			fake.server.next('/message', { json: { mId: '1' } });
			const content: Content = { kind: 'text', text };
			const rest = { openConversation: true, skipWhenAssigned: false, humanAgent: false, replyTo: null, retries: 0, tryAgain: false, unfilled: [], notes: [], execution: null, attempts: [], goesOn: () => false, signal: null };
			expect(await send(n8n.desk, { ...rest, contactId, source: 'workflow', content, idempotencyKey: text, channel: 'custom', connections: { custom: connection } })).toMatchObject({ ok: true });
		}
		expect((await all()).map(({ text }) => text).sort()).toEqual(['Ann', 'Bob', 'From the app', 'one', 'two']);
	} finally {
		await n8n.close();
		await fake.close();
	}
});
