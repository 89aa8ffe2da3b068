import { createHash, randomUUID } from 'node:crypto';
import { ConversationsError, failure, mayPass } from '../../core/failure';
import { AnswerTooLarge, Unanswered, type Http } from '../../core/http';
import type { Provider, ProviderToken, TokenSource } from '../../core/provider';
import type { EpochMs } from '../../core/time';
import { openSealedTokens } from '../host-slot';
import type { Seal } from './sealing';
import { TokenVault } from './token-vault';

/** For so long nobody else asks for a token that one process asks for; more than one call takes at most. */
const LEASE_MS = 40_000;
/** How often whoever waits for another process looks for what it got. */
const LOOK_MS = 250;
/** More than one process may ask in vain before it is our turn. */
const PATIENCE_MS = 60_000;
/** Between attempts while the token at hand still holds. */
const PAUSE_MS = 60_000;
/** Credentials change seldom, so that what is beyond this is of earlier ones. */
const REMEMBERED_MAX = 1_000;

export interface Clock {
	now(): EpochMs;
	wait(ms: number): Promise<void>;
}

/** Whose token it is, and how one is asked for. */
export interface TokenOwner<C = unknown> extends Seal {
	source: TokenSource<C>;
	credential: C;
	/** Calls without a token. */
	http: Http;
	/** Tells apart in memory what must not be mixed: another secret, another server. */
	fingerprint: string;
}

export function tokenOwner<C>(provider: Provider<C>, source: TokenSource<C>, credential: C, http: Http): TokenOwner<C> {
	const [key, secret] = [source.key(credential), provider.secretOf(credential)];
	const parts = [provider.credentialType, key, secret, provider.bases(credential)];
	return { source, credential, http, key, secret, fingerprint: createHash('sha256').update(JSON.stringify(parts)).digest('hex') };
}

interface Known {
	token: ProviderToken | null;
	/** False: it is in memory alone and would be lost with this process. */
	isKept: boolean;
	renewal: Promise<ProviderToken> | null;
	/** What can wait is not tried before. */
	pausedUntil: EpochMs;
}

/**
 * Providers' tokens that end: in memory, in the store for other processes and the next start, and asked for anew by one
 * caller at a time, whatever process it is in.
 */
export class TokenKeeper {
	private readonly known = new Map<string, Known>();

	constructor(
		private readonly vault: TokenVault,
		private readonly clock: Clock,
	) {}

	/** One that holds, as far as is known here. @throws ConversationsError: nothing was sent. */
	async usable<C>(owner: TokenOwner<C>): Promise<string> {
		const known = this.knownOf(owner);
		const current = known.token ?? (await this.found(owner, known));
		if (current && !this.isDue(owner, current)) {
			await this.keepLate(owner, known);
			return current.token;
		}
		if (current && this.holds(current) && (known.renewal || this.isPaused(known))) return current.token;
		try {
			return (await this.replaced(owner, known, null)).token;
		} catch (error) {
			const canGoOn = current && this.holds(current) && error instanceof ConversationsError && mayPass(error.failure);
			if (!canGoOn) throw error;
			known.pausedUntil = this.clock.now() + PAUSE_MS;
			return current.token;
		}
	}

	/** Another one: the provider no longer takes this one. @throws ConversationsError: nothing was sent. */
	async insteadOf<C>(refused: string, owner: TokenOwner<C>): Promise<string> {
		const known = this.knownOf(owner);
		if (known.token && known.token.token !== refused) return await this.usable(owner);
		return (await this.replaced(owner, known, refused)).token;
	}

	private knownOf({ fingerprint }: Pick<TokenOwner, 'fingerprint'>): Known {
		const known = this.known.get(fingerprint);
		if (known) return known;
		const [oldest] = this.known.keys();
		if (oldest !== undefined && this.known.size >= REMEMBERED_MAX) this.known.delete(oldest);
		const unknown: Known = { token: null, isKept: true, renewal: null, pausedUntil: 0 };
		this.known.set(fingerprint, unknown);
		return unknown;
	}

	private async found<C>(owner: TokenOwner<C>, known: Known): Promise<ProviderToken | null> {
		const found = (await this.vault.read(owner)) ?? owner.source.given(owner.credential);
		known.token ??= found;
		return known.token;
	}

	/** Shares what is under way, unless it brings the very token that was refused. */
	private async replaced<C>(owner: TokenOwner<C>, known: Known, refused: string | null): Promise<ProviderToken> {
		const underWay = known.renewal && (await known.renewal);
		if (underWay && underWay.token !== refused) return underWay;
		known.renewal ??= this.renewal(owner, known, refused).finally(() => (known.renewal = null));
		return await known.renewal;
	}

	private async renewal<C>(owner: TokenOwner<C>, known: Known, refused: string | null): Promise<ProviderToken> {
		const turn = randomUUID();
		const patienceEnds = this.clock.now() + PATIENCE_MS;
		while (!(await this.vault.claim(owner.key, turn, this.clock.now(), this.clock.now() + LEASE_MS))) {
			const theirs = await this.vault.read(owner);
			if (theirs && this.serves(owner, theirs, refused)) return this.adopt(known, theirs);
			if (refused === null && known.token && this.holds(known.token)) return known.token;
			if (this.clock.now() >= patienceEnds) throw unavailable('Another process of n8n has been asking the provider for a new token for a minute. Try again later.');
			await this.clock.wait(LOOK_MS);
		}
		try {
			const stored = await this.vault.read(owner);
			// Somebody was faster.
			if (stored && this.serves(owner, stored, refused)) return this.adopt(known, stored);
			const latest = known.isKept ? (stored ?? known.token) : known.token;
			return await this.ask(owner, known, latest ?? owner.source.given(owner.credential), refused);
		} finally {
			await this.vault.release(owner.key, turn);
		}
	}

	private async ask<C>(owner: TokenOwner<C>, known: Known, before: ProviderToken | null, refused: string | null): Promise<ProviderToken> {
		const { source, http, credential } = owner;
		const ports = { http, credential, now: () => this.clock.now() };
		const fresh = await harmlessly(() => source.renew(before, before !== null && before.token === refused, ports));
		known.token = fresh;
		known.isKept = await this.vault.keep(fresh, owner, this.clock.now());
		const couldNotBeKept = this.vault.isOpen && !known.isKept;
		known.pausedUntil = couldNotBeKept || this.isDue(owner, fresh) ? this.clock.now() + PAUSE_MS : 0;
		return fresh;
	}

	private adopt(known: Known, stored: ProviderToken): ProviderToken {
		known.token = stored;
		known.isKept = true;
		known.pausedUntil = 0;
		return stored;
	}

	private async keepLate<C>(owner: TokenOwner<C>, known: Known): Promise<void> {
		if (known.isKept || !known.token || !this.vault.isOpen || this.isPaused(known)) return;
		known.pausedUntil = this.clock.now() + PAUSE_MS;
		if (!(await this.vault.keep(known.token, owner, this.clock.now()))) return;
		known.isKept = true;
		known.pausedUntil = 0;
	}

	private isPaused({ pausedUntil }: Known): boolean {
		return this.clock.now() < pausedUntil;
	}

	private isDue<C>({ source }: TokenOwner<C>, { until }: ProviderToken): boolean {
		return until !== null && this.clock.now() >= until - source.marginMs;
	}

	private holds({ until }: ProviderToken): boolean {
		return until === null || this.clock.now() < until;
	}

	private serves<C>(owner: TokenOwner<C>, stored: ProviderToken, refused: string | null): boolean {
		return stored.token !== refused && !this.isDue(owner, stored);
	}
}

const unavailable = (reason: string) => new ConversationsError(failure('provider_unavailable', reason));

/** Asking for a token sends nothing to anybody: what would be in doubt for a message may be asked again. */
async function harmlessly<T>(work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		const isDoubt = error instanceof ConversationsError && error.failure.code === 'outcome_unknown';
		if (!isDoubt && !(error instanceof Unanswered) && !(error instanceof AnswerTooLarge)) throw error;
		throw unavailable("The provider gave no usable answer when it was asked for a new token. Check the credential's base URL and any proxy on the way; if they are right, try again later.");
	}
}

/** The one of this process. */
export const tokenKeeper = new TokenKeeper(new TokenVault(openSealedTokens), {
	now: () => Date.now(),
	wait: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)),
});
