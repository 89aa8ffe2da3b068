import type { SealedTokens } from '../core/provider-store';

/**
 * n8n updates a community package without restarting triggers, so that two builds of this code can be loaded at once.
 * Everything that lives long belongs to one host under this key: a build that was loaded later takes over the triggers
 * of the earlier one and closes it. Its shape may only grow within a major version.
 */
export const HOST_KEY = Symbol.for('n8n-nodes-conversations.host');

export interface HostEntry<Host> {
	loadedAt: number;
	host: Promise<Host>;
	/** Whose store can be used now: while a host takes over, the earlier one's. Builds of data version 1.2 leave it out. */
	open?: Host;
}

type HostSlot<Host> = { [HOST_KEY]?: HostEntry<Host> };

/** What those need who are below the host and cannot open it. */
interface StoreHolder {
	desk: { store: { records: { sealedTokens: SealedTokens } } };
}

/** The host's place in this process, whichever build it is of. */
export function hostSlot<Host extends StoreHolder>(): HostSlot<Host> {
	return globalThis as HostSlot<Host>;
}

/** Where tokens are kept for other processes and the next start; undefined while no host is open. */
export function openSealedTokens(): SealedTokens | undefined {
	return hostSlot()[HOST_KEY]?.open?.desk.store.records.sealedTokens;
}
