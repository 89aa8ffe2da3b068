import { ConversationsError, failure } from '../../core/failure';
import type { ProviderToken } from '../../core/provider';
import type { SealedTokens } from '../../core/provider-store';
import { StoreError } from '../../core/store';
import type { EpochMs } from '../../core/time';
import { seal, unseal, type Seal } from './sealing';

/**
 * Where tokens outlive this process and other processes find them. While no store is open it is empty, nothing can be
 * kept and nobody else is there. Only the sealing of a token knows what is in it.
 */
export class TokenVault {
	constructor(private readonly store: () => SealedTokens | undefined) {}

	get isOpen(): boolean {
		return this.store() !== undefined;
	}

	/** Null: there is none that this secret opens. @throws ConversationsError `provider_unavailable`: the store did not answer. */
	async read(by: Seal): Promise<ProviderToken | null> {
		const sealed = await answered(this.store()?.get(by.key));
		return sealed ? unseal(sealed, by) : null;
	}

	/** False: it is not kept. The token serves all the same, and whoever looks after the store says what is wrong with it. */
	async keep(token: ProviderToken, by: Seal, at: EpochMs): Promise<boolean> {
		const store = this.store();
		if (!store) return false;
		try {
			await store.put(by.key, seal(token, by), at);
			return true;
		} catch (error) {
			if (!(error instanceof StoreError)) throw error;
			return false;
		}
	}

	/** @throws ConversationsError as `read` */
	async claim(key: string, by: string, now: EpochMs, until: EpochMs): Promise<boolean> {
		return (await answered(this.store()?.claim(key, by, now, until))) ?? true;
	}

	async release(key: string, by: string): Promise<void> {
		// What is not given back ends by itself.
		await this.store()?.release(key, by).catch(() => undefined);
	}
}

async function answered<T>(work: Promise<T> | undefined): Promise<T | undefined> {
	try {
		return await work;
	} catch (error) {
		if (!(error instanceof StoreError)) throw error;
		const reason = `The token that calls to the provider need could not be looked up. ${error.message}`;
		throw new ConversationsError(failure('provider_unavailable', reason));
	}
}
