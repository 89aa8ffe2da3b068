import { isDeepStrictEqual } from 'node:util';
import { LoggerProxy } from 'n8n-workflow';
import { channels } from '../../channels';
import type { ChannelId } from '../../core/channel';
import type { Desk } from '../../core/desk';
import { InputError } from '../../core/failure';
import type { ReceiveBy, Receiver } from '../../core/records';
import { WorkLoop } from '../work-loop';
import type { ChosenChannel } from './chosen';
import { isForUser, isRefusal, sentenceOf } from './chosen';
import { inTurn, livingOwner } from './ownership';
import { Condition } from './condition';
import { Poller, type PollerWatch } from './poller';
import { Upkeep } from './upkeep';

/** A provider channel of a trigger that is served in this process. */
export interface Kept extends ChosenChannel {
	subscriptionId: string;
	by: ReceiveBy;
	/** Reads the credential anew. Absent: it was served by a build that could not. */
	choose?(): Promise<ChosenChannel>;
	/** Its workflow was published just now, rather than served again after a restart. */
	isPublished?: boolean;
	/** It could not be read when the trigger was published. */
	isLate?: true;
	/** Shows a sentence to the user, among the executions of the workflow. */
	report(sentence: string): void;
}

/** A trigger with channels whose provider could not be asked for the account. */
export interface Awaited {
	subscriptionId: string;
	/** Tries again. @throws what does not work still. */
	serve(): Promise<void>;
}

const TICK_MS = 60_000;

/** Looks after the addresses of the triggers served here: takes over, repairs, tells. Polls where that was chosen. */
export class ReceiverKeeper {
	private readonly kept = new Map<string, Kept>();
	private readonly upkeeps = new Map<string, Upkeep>();
	private readonly pollers = new Map<string, Poller>();
	private readonly awaited = new Set<Awaited>();
	private readonly condition: Condition;
	private readonly loop: WorkLoop;

	constructor(private readonly desk: Desk) {
		this.condition = new Condition(desk);
		this.loop = new WorkLoop('looking after the channels', TICK_MS, () => this.work());
	}

	keep(kept: Kept): void {
		this.kept.set(nameOf(kept), kept);
		this.loop.wake();
	}

	/** Once in every round. */
	awaits(awaited: Awaited): void {
		this.awaited.add(awaited);
	}

	/** A channel of a trigger cannot be looked after now: whoever asks how it goes hears why. */
	async missed(subscriptionId: string, channel: ChannelId, problem: string): Promise<void> {
		for (const row of await this.desk.store.records.receivers.ofSubscription(subscriptionId)) {
			if (row.channel === channel && row.owner) await this.condition.note(row.key, problem);
		}
	}

	/** The channel of a trigger that could register an address for a key, for hand-overs. */
	find(subscriptionId: string, channel: string): Kept | undefined {
		return this.kept.get(nameOf({ subscriptionId, channel }));
	}

	wake(): void {
		this.loop.wake();
	}

	release(subscriptionId: string): void {
		for (const each of this.awaited) if (each.subscriptionId === subscriptionId) this.awaited.delete(each);
		for (const [name, kept] of this.kept) {
			if (kept.subscriptionId !== subscriptionId) continue;
			this.kept.delete(name);
			this.upkeeps.delete(name);
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
				const renewed = await this.renewed(name, kept);
				await inTurn(kept.key, () => this.lookAfter(name, renewed));
				this.upkeepOf(name).worked();
				// A poller tells for itself.
				if (kept.by === 'webhook') await this.note(kept, this.upkeepOf(name).problem);
			} catch (error) {
				await this.failed(name, kept, error);
			}
		}
		for (const each of [...this.awaited]) await this.tryAgain(each);
		return undefined;
	}

	/** With the credential as it is now: n8n does not start triggers again when somebody saves it. */
	private async renewed(name: string, kept: Kept): Promise<Kept> {
		const chosen = await kept.choose?.();
		if (!chosen || !this.kept.has(name)) return kept;
		if (chosen.key !== kept.key || chosen.account !== kept.account) throw otherAccount(kept);
		const renewed = { ...kept, ...chosen };
		this.kept.set(name, renewed);
		// The next poller has the credential as it is now.
		if (!isDeepStrictEqual(chosen.credential, kept.credential)) this.stopPolling(name);
		if (chosen.secret !== kept.secret) this.upkeepOf(name).isStale = true;
		return renewed;
	}

	private async tryAgain(awaited: Awaited): Promise<void> {
		try {
			await awaited.serve();
			this.awaited.delete(awaited);
		} catch (error) {
			LoggerProxy.warn(`Conversations: ${sentenceOf(error) ?? unexpected(error)}`);
		}
	}

	private async lookAfter(name: string, kept: Kept): Promise<void> {
		const { receivers } = this.desk.store.records;
		const mine = (await receivers.get(kept.key, kept.subscriptionId)) ?? (await this.enter(kept));
		if (!mine || !this.kept.has(name)) return;
		const owner = await livingOwner(this.desk, kept.key);
		if (owner && owner.subscriptionId !== kept.subscriptionId) {
			this.stopPolling(name);
			return;
		}
		if (!owner) {
			await receivers.setOwner(kept.key, kept.subscriptionId);
			this.upkeepOf(name).begin();
		}
		if (kept.by === 'polling') return await this.poll(name, kept);
		await this.upkeepOf(name).check(kept, mine.url);
	}

	/** Its account could not be learned when it was published, so that it was not entered then. */
	private async enter({ isLate, key, subscriptionId, channel, account, by }: Kept): Promise<Receiver | undefined> {
		const { receivers, subscriptions } = this.desk.store.records;
		const baseUrl = isLate ? (await subscriptions.get(subscriptionId))?.baseUrl : null;
		if (!baseUrl) return undefined;
		await receivers.upsert({ key, subscriptionId, channel, account, url: `${baseUrl}/${channel}`, by, owner: false, createdAt: this.desk.now() });
		return await receivers.get(key, subscriptionId);
	}

	private async poll(name: string, kept: Kept): Promise<void> {
		if (this.pollers.has(name)) return;
		// A provider that has an address lets nobody ask.
		if (await this.hasAddress(kept)) await kept.provider.registration.remove(kept.account, kept.ports);
		this.pollers.set(name, new Poller(this.desk, kept, this.watchOf(name, kept)));
	}

	private watchOf(name: string, kept: Kept): PollerWatch {
		return { troubled: (sentence) => this.upkeepOf(name).tell(sentence, kept), well: () => this.upkeepOf(name).well() };
	}

	private async hasAddress({ provider, account, ports }: Kept): Promise<boolean> {
		try {
			return (await provider.registration.current(account, ports)).url !== null;
		} catch (error) {
			if (!isRefusal(error)) throw error;
			return true;
		}
	}

	private stopPolling(name: string): void {
		const poller = this.pollers.get(name);
		this.pollers.delete(name);
		poller?.stop();
	}

	/** What may pass by itself is told when it does not pass. */
	private async failed(name: string, kept: Kept, error: unknown): Promise<void> {
		const sentence = sentenceOf(error) ?? unexpected(error);
		const isLasting = this.upkeepOf(name).failed();
		if (isForUser(error) || isLasting) this.upkeepOf(name).tell(sentence, kept);
		else LoggerProxy.warn(`Conversations: ${sentence}`);
		await this.note(kept, sentence);
	}

	/** One key has one condition, which is what its owner finds. */
	private async note({ key, subscriptionId }: Kept, problem: string | null): Promise<void> {
		const owner = await livingOwner(this.desk, key);
		if (!owner || owner.subscriptionId === subscriptionId) await this.condition.note(key, problem);
	}

	private upkeepOf(name: string): Upkeep {
		const upkeep = this.upkeeps.get(name) ?? new Upkeep(this.desk);
		this.upkeeps.set(name, upkeep);
		return upkeep;
	}
}

function nameOf({ subscriptionId, channel }: { subscriptionId: string; channel: string }): string {
	return `${subscriptionId}/${channel}`;
}

function otherAccount({ channel }: Kept): InputError {
	const { name } = channels[channel];
	return new InputError('Credential', `The credential for ${name} belongs to another account now. Publish this workflow again, so that its messages come here.`);
}

function unexpected(error: unknown): string {
	return `The channel could not be looked after (${error instanceof Error ? error.name : 'unexpected'}). It is tried again in a minute.`;
}
