import { MIGRATIONS } from '../../../src/store/migrations';
import { aPart, aReceiver } from './channel-rows';
import { attachmentOf } from './files';
import { ALL, eachWithStore, type OpenedStore, type StoreEngine } from './harness';
import { aContact, aDelivery, aFile, aMessage, anAddress, aSubscription, NOW } from './rows';

export function versionsContract(engine: StoreEngine): void {
	const opened = eachWithStore(engine);

	test('opening thrice changes nothing', async () => {
		const contact = aContact();
		await opened().store.records.contacts.insert(contact);
		const before = await opened().rows();
		for (let time = 0; time < 3; time++) {
			const again = await opened().reopen();
			expect(await again.records.contacts.list({}, ALL)).toEqual([contact]);
			await again.close();
		}
		expect(await opened().rows()).toEqual(before);
	});

	test('twenty that open at once where nothing was all work on the same data', async () => {
		const stores = await engine.openAtOnce(20);
		try {
			await Promise.all(stores.map(({ store }) => store.records.contacts.insert(aContact())));
			for (const { store } of stores) expect(await store.records.contacts.list({}, ALL)).toHaveLength(20);
			expect((await stores[0]?.rows())?.['schema_migrations']).toHaveLength(MIGRATIONS.length);
		} finally {
			for (const { dispose } of stores) await dispose();
		}
	});

	test('data of a newer minor version is accepted, of a newer major one refused with what to do', async () => {
		await opened().run(`insert into schema_migrations (major, minor, name, applied_at) values (1, 999, 'later', 0)`);
		const again = await opened().reopen();
		await again.records.contacts.insert(aContact());
		await opened().run(`insert into schema_migrations (major, minor, name, applied_at) values (2, 1, 'other', 0)`);
		await expect(opened().reopen()).rejects.toMatchObject({
			name: 'StoreError',
			kind: 'newer',
			message: expect.stringMatching(
				/^The conversations database .+ was written by a newer version .+ Update the package n8n-nodes-conversations/,
			),
		});
		// An older build that still runs goes on until it is stopped.
		expect(await again.records.contacts.list({}, ALL)).toHaveLength(1);
	});

	test('what the first version wrote is brought up to date and readable, and its builds can go on writing', async () => {
		const old = await engine.openAfter(MIGRATIONS.slice(0, 1), firstVersionsRows('1'));
		try {
			expect((await old.rows())['schema_migrations']).toHaveLength(MIGRATIONS.length);
			await checkRows(old, '1');
			for (const statement of firstVersionsRows('2')) await old.run(statement);
			await checkRows(old, '2');
		} finally {
			await old.dispose();
		}
	});

	test('so is what the second one wrote', async () => {
		const rows = (n: string) => [...firstVersionsRows(n), ...secondVersionsRows(n)];
		const old = await engine.openAfter(MIGRATIONS.slice(0, 2), rows('1'));
		try {
			expect((await old.rows())['schema_migrations']).toHaveLength(MIGRATIONS.length);
			for (const statement of rows('2')) await old.run(statement);
			for (const n of ['1', '2']) {
				await checkSecondVersionsRows(old, n);
				await checkRows(old, n);
			}
		} finally {
			await old.dispose();
		}
	});
}

/** A contact with what it may own, as builds of data version 1.1 insert it. */
function firstVersionsRows(n: string): string[] {
	return [
		`insert into contacts (id, tags, fields, created_at, updated_at) values ('contact-${n}', '["a"]', '{}', ${NOW}, ${NOW})`,
		`insert into addresses (id, contact_id, channel, account, user_id, last_inbound_at, sent_since_inbound, last_interaction_at, created_at)
			values ('address-${n}', 'contact-${n}', 'webchat', 'page', 'visitor-${n}', ${NOW}, 0, ${NOW}, ${NOW})`,
		`insert into messages (id, contact_id, conversation_id, address_id, channel, account, direction, source, type, text,
			attachments, choices, choice, status, provider_id, failure, unfilled, idempotency_key, at, sent_at, delivered_at, read_at)
			values ('message-${n}', 'contact-${n}', null, 'address-${n}', 'webchat', 'page', 'out', 'workflow', 'choices', 'Well?',
			'[{"fileId":"file-${n}","kind":"image","name":"a.png","mime":"image/png","sizeBytes":0}]', '[{"id":"1","label":"Yes"}]',
			null, 'sent', 'provider-${n}', null, '[]', null, ${NOW}, ${NOW + 1}, null, null)`,
		`insert into files (id, name, mime, size_bytes, owner, used, created_at) values ('file-${n}', 'a.png', 'image/png', 0, null, 1, ${NOW})`,
		`insert into message_files (message_id, file_id) values ('message-${n}', 'file-${n}')`,
		`insert into subscriptions (id, instance_id, workflow_id, node_id, filter, ended_at, seen_at, created_at)
			values ('subscription-${n}', 'instance', 'workflow', 'node', '${JSON.stringify(aSubscription().filter)}', null, ${NOW}, ${NOW})`,
		`insert into deliveries (id, subscription_id, event_id, contact_id, conversation_id, state, due_at, attempt, claimed_by,
			claim_until, execution_id, watched, emitted_at, created_at)
			values ('delivery-${n}', 'subscription-${n}', 'event', 'contact-${n}', null, 'pending', ${NOW}, 0, null, null, null, 1, null, ${NOW})`,
	];
}

/** What builds of data version 1.2 insert besides. */
function secondVersionsRows(n: string): string[] {
	return [
		`update addresses set blocked_at = null, reply_token = 'token', reply_until = ${NOW + 1} where id = 'address-${n}'`,
		`insert into receivers (key, subscription_id, channel, account, url, receive_by, owner, created_at)
			values ('telegram/${n}', 'subscription-${n}', 'telegram', 'bot-${n}', 'https://n8n.example', 'webhook', 1, ${NOW})`,
		`insert into quotas (channel, account, period, used) values ('viber', 'bot-${n}', '2026-11', 3)`,
	];
}

async function checkSecondVersionsRows({ store: { records } }: OpenedStore, n: string): Promise<void> {
	const receiver = { subscriptionId: `subscription-${n}`, account: `bot-${n}`, url: 'https://n8n.example', owner: true };
	expect(await records.receivers.ofAccount('telegram', `bot-${n}`)).toEqual([aReceiver(`telegram/${n}`, receiver)]);
	expect(await records.quotas.used('viber', `bot-${n}`, '2026-11')).toBe(3);
	expect(await records.addresses.takeReply(`address-${n}`, NOW)).toEqual({ token: 'token', until: NOW + 1 });

	await records.receiverStates.worked(`telegram/${n}`, NOW);
	expect(await records.receiverStates.get(`telegram/${n}`)).toMatchObject({ okAt: NOW });
	expect(await records.sealedTokens.claim(`wechat/${n}`, 'one', NOW, NOW + 1)).toBe(true);
	await records.sealedTokens.put(`wechat/${n}`, Uint8Array.of(1), NOW);
	expect(await records.sealedTokens.get(`wechat/${n}`)).toEqual(Uint8Array.of(1));
	expect(await records.addresses.reserve(`address-${n}`, 1, 1)).toBe(true);
	await records.addresses.release(`address-${n}`, 1, NOW);
}

async function checkRows({ store: { records } }: OpenedStore, n: string): Promise<void> {
	const contactId = `contact-${n}`;
	const address = anAddress(contactId, { id: `address-${n}`, user: `visitor-${n}`, lastInboundAt: NOW });
	const message = aMessage(contactId, {
		id: `message-${n}`,
		addressId: address.id,
		direction: 'out',
		source: 'workflow',
		type: 'choices',
		text: 'Well?',
		attachments: [attachmentOf(aFile({ id: `file-${n}` }))],
		choices: [{ id: '1', label: 'Yes' }],
		status: 'sent',
		providerId: `provider-${n}`,
		sentAt: NOW + 1,
	});
	const subscription = aSubscription({ id: `subscription-${n}` });
	expect(await records.contacts.get(contactId)).toEqual(aContact({ id: contactId, tags: ['a'] }));
	expect(await records.addresses.find(address)).toEqual(address);
	expect(await records.messages.list({ contactId }, ALL)).toEqual([message]);
	expect(await records.messages.outgoing(address.id, ['sent'], NOW + 1, 1)).toEqual([message]);
	expect(await records.messages.latestChoices(address.id)).toEqual(message);
	expect(await records.subscriptions.get(subscription.id)).toEqual(subscription);
	expect(await records.deliveries.get(`delivery-${n}`)).toEqual(
		aDelivery(contactId, subscription.id, { id: `delivery-${n}`, eventId: 'event' }),
	);

	// What came with later versions works on them too.
	await records.addresses.addAliases(address.id, [`alias-${n}`]);
	expect(await records.addresses.find({ ...address, user: `alias-${n}` })).toEqual(address);
	await records.messages.insertParts([aPart(message, 0, { providerId: `part-${n}` })]);
	expect(await records.messages.byProviderId('webchat', 'page', `part-${n}`)).toEqual(message);
	expect(await records.contacts.delete(contactId)).toBe(true);
	expect(await records.files.get(`file-${n}`)).toBeUndefined();
}
