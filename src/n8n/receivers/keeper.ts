import { LoggerProxy } from 'n8n-workflow';
import { channels } from '../../channels';
import type { Desk } from '../../core/desk';
import type { ReceiveBy, Receiver } from '../../core/records';
import { WorkLoop } from '../work-loop';
import type { ChosenChannel } from './chosen';
import { isForUser, sentenceOf } from './chosen';
import { inTurn, livingOwner, pointTo } from './ownership';
import { Poller } from './poller';

/** A provider channel of a trigger that is served in this process. */
export interface Kept extends ChosenChannel {
	subscriptionId: string;
	by: ReceiveBy;
	/** Shows a sentence to the user, among the executions of the workflow. */
	report(sentence: string): void;
}

const TICK_MS = 60_000;
/** How often the provider is asked whether our address still stands. */
const CHECK_MS = 10 * 60_000;
/** An address that others set again and again is given up, and the user is told. */
const REPAIRS_MAX = 3;
const REPAIRS_WITHIN_MS = 60 * 60_000;
/** A provider that is away for so long is no passing matter. */
const PATIENCE_MS = 10 * 60_000;

interface State {
	checkedAt: number;
	repairs: number[];
	/** What the user was told last. */
	told: string | null;
	/** Since when the provider could not be asked. */
	failingSince: number | null;
}

/** Looks after the addresses of the triggers served here: takes over, repairs, tells. Polls where that was chosen. */
export class ReceiverKeeper {
	private readonly kept = new Map<string, Kept>();
	private readonly states = new Map<string, State>();
	private readonly pollers = new Map<string, Poller>();
	private readonly loop: WorkLoop;

	constructor(private readonly desk: Desk) {
		this.loop = new WorkLoop('looking after the channels', TICK_MS, () => this.work());
	}

	keep(kept: Kept): void {
		this.kept.set(nameOf(kept), kept);
		this.loop.wake();
	}

	/** The channel of a trigger that could register an address for a key, for hand-overs. */
	find(subscriptionId: string, channel: string): Kept | undefined {
		return this.kept.get(nameOf({ subscriptionId, channel }));
	}

	wake(): void {
		this.loop.wake();
	}

	release(subscriptionId: string): void {
		for (const [name, kept] of this.kept) {
			if (kept.subscriptionId !== subscriptionId) continue;
			this.kept.delete(name);
			this.states.delete(name);
			this.stopPolling(name);
		}
	}

	/** Ends all without touching the providers: whoever serves the triggers next looks after them. */
	async stop(): Promise<void> {
		await this.loop.stop();
		for (const name of [...this.pollers.keys()]) this.stopPolling(name);
	}

	private async work(): Promise<undefined> {
		for (const [name, kept] of [...this.kept]) {
			try {
				await inTurn(kept.key, () => this.lookAfter(name, kept));
				this.stateOf(name).failingSince = null;
			} catch (error) {
				this.failed(name, kept, error);
			}
		}
		return undefined;
	}

	private async lookAfter(name: string, kept: Kept): Promise<void> {
		const { receivers } = this.desk.store.records;
		const mine = await receivers.get(kept.key, kept.subscriptionId);
		if (!mine || !this.kept.has(name)) return;
		const owner = await livingOwner(this.desk, kept.key);
		if (owner && owner.subscriptionId !== kept.subscriptionId) {
			this.stopPolling(name);
			return;
		}
		if (!owner) await receivers.setOwner(kept.key, kept.subscriptionId);
		if (kept.by === 'polling') return await this.poll(name, kept);
		await this.check(name, kept, mine);
	}

	private async check(name: string, kept: Kept, { url }: Receiver): Promise<void> {
		const now = this.desk.now();
		const state = this.stateOf(name);
		if (now - state.checkedAt < CHECK_MS && state.told === null) return;
		const { registration } = kept.provider;
		if (registration.byHand(kept.credential, url) !== null) return;
		const current = await registration.current(kept.account, kept.ports);
		state.checkedAt = now;
		if (current.url !== url) await this.repair(kept, state, current.url, url);
		else if (current.problem === null) state.told = null;
		else this.tell(name, kept, current.problem);
	}

	private async repair(kept: Kept, state: State, found: string | null, url: string): Promise<void> {
		const now = this.desk.now();
		const { name } = channels[kept.channel];
		state.repairs = [...state.repairs.filter((at) => now - at < REPAIRS_WITHIN_MS), now];
		const where = found === null ? 'nowhere' : `to ${hostOf(found)}`;
		if (state.repairs.length > REPAIRS_MAX) {
			this.tell(
				nameOf(kept),
				kept,
				`${name} sends the messages of the account ${kept.account} ${where}: something else sets that address again and again. Give each program a bot or app of its own, or stop the other one; then publish this workflow again.`,
			);
			return;
		}
		await pointTo(this.desk, kept, url);
		state.told = null;
		LoggerProxy.warn(`Conversations: ${name} sent the messages of the account ${kept.account} ${where}. This n8n's address was registered again.`);
	}

	private async poll(name: string, kept: Kept): Promise<void> {
		if (this.pollers.has(name)) return;
		const { registration } = kept.provider;
		const { url } = await registration.current(kept.account, kept.ports);
		// A provider that has an address lets nobody ask.
		if (url !== null) await registration.remove(kept.account, kept.ports);
		this.pollers.set(name, new Poller(this.desk, kept, (sentence) => this.tell(name, kept, sentence)));
	}

	private stopPolling(name: string): void {
		const poller = this.pollers.get(name);
		this.pollers.delete(name);
		poller?.stop();
	}

	/** What may pass by itself is told when it does not pass. */
	private failed(name: string, kept: Kept, error: unknown): void {
		const state = this.stateOf(name);
		const sentence = sentenceOf(error) ?? unexpected(error);
		state.failingSince ??= this.desk.now();
		if (isForUser(error) || this.desk.now() - state.failingSince >= PATIENCE_MS) this.tell(name, kept, sentence);
		else LoggerProxy.warn(`Conversations: ${sentence}`);
	}

	private tell(name: string, kept: Kept, sentence: string): void {
		const state = this.stateOf(name);
		if (state.told === sentence) return;
		state.told = sentence;
		LoggerProxy.warn(`Conversations: ${sentence}`);
		kept.report(sentence);
	}

	private stateOf(name: string): State {
		const state = this.states.get(name) ?? { checkedAt: 0, repairs: [], told: null, failingSince: null };
		this.states.set(name, state);
		return state;
	}
}

function nameOf({ subscriptionId, channel }: { subscriptionId: string; channel: string }): string {
	return `${subscriptionId}/${channel}`;
}

function hostOf(url: string): string {
	return URL.canParse(url) ? new URL(url).host : 'an unknown address';
}

function unexpected(error: unknown): string {
	return `The channel could not be looked after (${error instanceof Error ? error.name : 'unexpected'}). It is tried again in a minute.`;
}
