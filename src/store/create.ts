import type { Kysely } from 'kysely';
import type { Records, Store } from '../core/store';
import { addresses } from './addresses';
import { agents } from './agents';
import { categories } from './categories';
import { Changes } from './changes';
import { contacts } from './contacts';
import { conversations } from './conversations';
import { deliveries } from './deliveries';
import { earlyReceipts } from './early-receipts';
import type { Engine } from './engines/engine';
import { events } from './events';
import { fetches } from './fetches';
import { files } from './files';
import { keys } from './keys';
import { messages } from './messages';
import { migrate } from './migrations/migrate';
import { quotas } from './quotas';
import { rates } from './rates';
import { receiverStates } from './receiver-states';
import { receivers } from './receivers';
import type { Tables } from './schema';
import type { Scope } from './scope';
import { sealedTokens } from './sealed-tokens';
import { snippets } from './snippets';
import { subscriptions } from './subscriptions';
import { teams } from './teams';
import { testListeners } from './test-listeners';
import { waits } from './waits';

/** Takes the engine over: it is closed with the store, and when its tables cannot be brought up to date. */
export async function createStore(engine: Engine): Promise<Store> {
	try {
		await migrate(engine);
	} catch (error) {
		await engine.close();
		throw error;
	}
	const changes = new Changes(engine);
	const outside: Scope = { db: engine.db, whole: (work) => engine.transaction(work), lock: engine.lock };
	return {
		records: {
			...aggregates(outside),
			touch: (topic) => changes.committed(new Set([topic])),
			lock: () =>
				Promise.reject(new Error('A lock is held until a transaction ends: take it within atomically().')),
		},
		async atomically(work) {
			const touched = new Set<string>();
			const result = await engine.transaction(async (db) => {
				// The work may run again from its start.
				touched.clear();
				const value = await work(inside(engine, db, touched));
				if (touched.size > 0) await engine.announce(db, touched);
				return value;
			});
			changes.committed(touched);
			return result;
		},
		onChange: (topic, listener) => changes.on(topic, listener),
		async close() {
			changes.close();
			await engine.close();
		},
	};
}

function inside(engine: Engine, db: Kysely<Tables>, touched: Set<string>): Records {
	return {
		...aggregates({ db, whole: (work) => work(db), lock: engine.lock }),
		touch: (topic) => void touched.add(topic),
		lock: (name) => engine.lock(db, name),
	};
}

function aggregates(scope: Scope): Omit<Records, 'touch' | 'lock'> {
	return {
		contacts: contacts(scope),
		addresses: addresses(scope),
		conversations: conversations(scope),
		messages: messages(scope),
		events: events(scope),
		subscriptions: subscriptions(scope),
		deliveries: deliveries(scope),
		waits: waits(scope),
		agents: agents(scope),
		teams: teams(scope),
		categories: categories(scope),
		snippets: snippets(scope),
		files: files(scope),
		keys: keys(scope),
		receivers: receivers(scope),
		receiverStates: receiverStates(scope),
		sealedTokens: sealedTokens(scope),
		testListeners: testListeners(scope),
		fetches: fetches(scope),
		earlyReceipts: earlyReceipts(scope),
		quotas: quotas(scope),
		rates: rates(scope),
	};
}
