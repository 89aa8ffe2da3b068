import { LoggerProxy } from 'n8n-workflow';
import { channels } from '../../channels';
import type { Desk } from '../../core/desk';
import type { Registered } from '../../core/provider';
import { isRefusal, type ChosenChannel } from './chosen';
import { pointTo } from './ownership';
import { Telling } from './telling';

/** How often the provider is asked whether our address still stands. */
const CHECK_MS = 10 * 60_000;
/** And while something is wrong: providers allow such questions only so often. */
const CHECK_TROUBLED_MS = 5 * 60_000;
/** An address that others set again and again is given up for a while, and the user is told. */
const REPAIRS_MAX = 3;
const REPAIRS_WITHIN_MS = 60 * 60_000;
/** What is over sooner is not told: a restart of n8n is enough for a moment without it. */
const PATIENCE_MS = 10 * 60_000;

/** A provider channel, and who is told about it. */
type Watched = ChosenChannel & { report(sentence: string): void; isPublished?: boolean };

/** Sees to it that the provider's address for one trigger is ours. */
export class Upkeep {
	/** The provider was given a word that no longer counts. */
	isStale = false;
	private readonly telling = new Telling();
	private checkedAt = 0;
	/** False: the provider does not say where it sends its webhooks. */
	private isAnswering = true;
	private repairs: number[] = [];
	/** Since when the provider says that webhooks do not arrive. */
	private problemSince: number | null = null;
	/** Since when it could not be asked. */
	private failingSince: number | null = null;

	constructor(private readonly desk: Desk) {}

	tell(sentence: string, { report }: Pick<Watched, 'report'>): void {
		this.telling.tell(sentence, report, this.desk.now());
	}

	/** What is wrong with the address and was told; null: nothing. */
	get problem(): string | null {
		return this.telling.current;
	}

	/** What was told is over. */
	well(): void {
		this.telling.over();
	}

	/** The next check is due. */
	begin(): void {
		this.checkedAt = 0;
	}

	/** Something did not work; whether for long. */
	failed(): boolean {
		this.failingSince ??= this.desk.now();
		return this.desk.now() - this.failingSince >= PATIENCE_MS;
	}

	worked(): void {
		this.failingSince = null;
	}

	/** @throws ConversationsError */
	async check(kept: Watched, url: string): Promise<void> {
		const now = this.desk.now();
		const isCalm = !this.isStale && !this.telling.isOpen && this.problemSince === null;
		if (isCalm && !this.isAnswering) return;
		if (!this.isStale && now - this.checkedAt < (isCalm ? CHECK_MS : CHECK_TROUBLED_MS)) return;
		const byHand = kept.provider.registration.byHand(kept.credential, url);
		if (byHand !== null) return this.tellOnce(byHand, kept);
		const current = this.isStale ? await this.registered(kept, url) : await this.current(kept, url);
		this.checkedAt = now;
		if (current.url !== url) return await this.repair(kept, current, url);
		this.problemSince = current.problem === null ? null : (this.problemSince ?? now);
		if (current.problem === null) this.telling.over();
		else if (now - (this.problemSince ?? now) >= PATIENCE_MS) this.tell(current.problem, kept);
	}

	/** What is left to do by hand: the user is told on publishing, not at every restart. */
	private tellOnce(sentence: string, kept: Watched): void {
		this.checkedAt = this.desk.now();
		if (kept.isPublished) this.telling.tell(sentence, kept.report, this.desk.now());
		this.telling.over();
	}

	/** Who may not ask, or asks a server that does not know the question, can still register: then there is nothing to tell. */
	private async current(kept: Watched, url: string): Promise<Registered> {
		try {
			return await kept.provider.registration.current(kept.account, kept.ports);
		} catch (error) {
			if (!isRefusal(error)) throw error;
			const registered = await this.registered(kept, url);
			this.isAnswering = false;
			return registered;
		}
	}

	private async registered(kept: Watched, url: string): Promise<Registered> {
		await pointTo(this.desk, kept, url);
		this.isStale = false;
		return { url, problem: null };
	}

	private async repair(kept: Watched, { url: found, problem }: Registered, url: string): Promise<void> {
		const now = this.desk.now();
		const { name } = channels[kept.channel];
		const earlier = this.repairs.filter((at) => now - at < REPAIRS_WITHIN_MS);
		const where = found === null ? 'nowhere' : `to ${hostOf(found)}`;
		if (earlier.length >= REPAIRS_MAX) {
			const others = `${name} sends the messages of the account ${kept.account} ${where}: something else sets that address again and again. Give each program a bot or app of its own, or stop the other one; then publish this workflow again.`;
			this.tell(problem ?? others, kept);
			return;
		}
		// Should it not work now, it is tried in a minute.
		this.checkedAt = 0;
		await pointTo(this.desk, kept, url);
		this.checkedAt = now;
		this.repairs = [...earlier, now];
		this.problemSince = null;
		this.telling.over();
		LoggerProxy.warn(`Conversations: ${name} sent the messages of the account ${kept.account} ${where}. This n8n's address was registered again.`);
	}
}

function hostOf(url: string): string {
	return URL.canParse(url) ? new URL(url).host : 'an unknown address';
}
