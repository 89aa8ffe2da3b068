import { ACCOUNT_ID, fakeInstagram, IGSID, type FakeInstagram } from '../../fakes/instagram';
import { fakeMessenger, PAGE_ID, type FakeMessenger } from '../../fakes/messenger';
import { until } from '../../until';
import { testN8n, type TestN8n } from './n8n';

/** Meta: what the credential does not suffice for is told; one app has one address for all its accounts. */

let n8n: TestN8n;
let messenger: FakeMessenger;
let instagram: FakeInstagram;

beforeEach(async () => {
	n8n = await testN8n();
	messenger = await fakeMessenger({ receiverOrigin: n8n.origin });
	instagram = await fakeInstagram({ receiverOrigin: n8n.origin, loginType: 'facebook' });
});

afterEach(async () => {
	await n8n.close();
	await messenger.close();
	await instagram.close();
});

test('a second account of an app is added at the address of the first, and each starts its own workflow', async () => {
	const [first, other] = [ACCOUNT_ID, '17841499999999999'].map((accountId, index) =>
		n8n.trigger({
			workflowId: `w${index}`,
			channels: ['instagram'],
			credentials: { conversationsInstagramApi: { ...instagram.fields, accountId } },
			options: { groupMessagesSeconds: 0 },
		}),
	);
	await first?.publish();
	const before = instagram.server.requests.length;
	await other?.publish();
	const told = instagram.server.requests.slice(before).flatMap(({ form }) => (form['callback_url'] === undefined ? [] : [form['callback_url']]));
	expect(told).toEqual([first?.address('instagram')]);

	const message = instagram.item(IGSID, { message: { mid: 'aWdf1', text: 'Hello' } });
	expect(await instagram.tell({ ...message, recipient: { id: '17841499999999999' } })).toBe(200);
	await until(() => other?.started.length === 1);
	expect(first?.started).toEqual([]);
});

test('what is left to do by hand is told on publishing, with the address to enter, and not again at every restart of n8n', async () => {
	const fields = { ...messenger.fields, appId: '' };
	const trigger = n8n.trigger({ workflowId: 'w1', channels: ['messenger'], credentials: { conversationsMessengerApi: fields } });
	await trigger.publish();
	await until(() => trigger.reports.length > 0);
	expect(trigger.reports).toEqual([expect.stringMatching(/'App ID'/)]);
	expect(trigger.reports[0]).toContain(trigger.address('messenger'));
	expect(messenger.subscriptions.size).toBe(0);

	await n8n.restart();
	const asked = messenger.server.requests.length;
	await trigger.publish('init');
	const receiver = await n8n.desk.store.records.receivers.get(`messenger/${PAGE_ID}`, (await n8n.desk.store.records.subscriptions.active())[0]?.id ?? '');
	expect(receiver).toMatchObject({ owner: true, url: trigger.address('messenger') });
	expect(messenger.server.requests.slice(asked).filter(({ method }) => method !== 'GET')).toEqual([]);
	expect(trigger.reports).toHaveLength(1);
});
