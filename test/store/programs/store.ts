import type { Contact, ContactAddress, Conversation, ConversationEvent } from '../../../src/core/records';
import type { Store } from '../../../src/core/store';
import type { Deliveries } from '../../../src/core/workflow-store';
import { openStore } from '../../../src/store';

export type Job =
	| { job: 'open' }
	| { job: 'insertOpen'; conversation: Conversation }
	| { job: 'appendEvent'; event: ConversationEvent; topic: string }
	| { job: 'claimAll'; claim: Parameters<Deliveries['claimDue']>[0] }
	| { job: 'reserveAll'; period: string; limit: number }
	| { job: 'reserveAddress'; address: string; limit: number }
	| { job: 'claimTurn'; key: string; by: string; now: number }
	| { job: 'writeForEver'; contact: Contact; address: ContactAddress };

let store: Store | undefined;

/** Another process with a store of its own on the file (its argument); does the jobs that its parent sends. */
async function work(asked: Job): Promise<unknown> {
	store ??= await openStore({ kind: 'sqlite', file: process.argv[2] ?? '' });
	switch (asked.job) {
		case 'open':
			return 'open';
		case 'insertOpen':
			return await store.records.conversations.insertOpen(asked.conversation);
		case 'appendEvent':
			return await store.atomically(async (records) => {
				await records.events.append(asked.event);
				records.touch(asked.topic);
			});
		case 'claimAll':
			return await claimAll(store, asked.claim);
		case 'reserveAll':
			return await reserveAll(store, asked.period, asked.limit);
		case 'reserveAddress':
			return await reserveAddress(store, asked.address, asked.limit);
		case 'claimTurn':
			return await store.records.sealedTokens.claim(asked.key, asked.by, asked.now, asked.now + 1);
		case 'writeForEver':
			return await writeForEver(store, asked.contact, asked.address);
	}
}

/** Until nothing is left, in small bites so that another process gets its share. */
async function claimAll({ records }: Store, claim: Parameters<Deliveries['claimDue']>[0]): Promise<string[]> {
	const ids: string[] = [];
	for (;;) {
		const claimed = await records.deliveries.claimDue(claim);
		if (claimed.length === 0) return ids;
		ids.push(...claimed.map(({ id }) => id));
	}
}

/** Until it is refused; says how often it was not. */
async function reserveAll({ records }: Store, period: string, limit: number): Promise<number> {
	for (let count = 0; ; count++) if (!(await records.quotas.reserve('viber', 'bot', period, limit))) return count;
}

async function reserveAddress({ records }: Store, address: string, limit: number): Promise<number> {
	for (let count = 0; ; count++) if (!(await records.addresses.reserve(address, 1, limit))) return count;
}

/** Contacts with an address each, both in one transaction; says which are committed until it is killed. */
async function writeForEver(to: Store, contact: Contact, address: ContactAddress): Promise<never> {
	for (let n = 1; ; n++) {
		const id = `${process.pid}-${n}`;
		await to.atomically(async (records) => {
			await records.contacts.insert({ ...contact, id });
			await records.addresses.insert({ ...address, id, contactId: id, user: id });
		});
		process.send?.({ committed: id });
	}
}

process.on('message', (asked) => {
	work(asked as Job).then(
		(value) => process.send?.({ value }),
		(error: Error) => process.send?.({ error: `${error.name}: ${error.message}` }),
	);
});
process.send?.('ready');
