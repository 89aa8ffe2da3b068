import { randomBytes } from 'node:crypto';
import type { Store } from '../../core/store';

const keys = new WeakMap<Store, Promise<Uint8Array>>();

/** The key that visitors' tokens and files' addresses are signed with: made once, kept in the store. */
export function webchatKey(store: Store): Promise<Uint8Array> {
	let key = keys.get(store);
	if (!key) {
		key = store.records.keys.secret('webchat', () => randomBytes(32));
		keys.set(store, key);
		// A store that could not be read is asked again by the next request.
		key.catch(() => keys.delete(store));
	}
	return key;
}
