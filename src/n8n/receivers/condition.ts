import { LoggerProxy } from 'n8n-workflow';
import type { Desk } from '../../core/desk';

/** That all is well is written down only so often. */
const AGAIN_MS = 5 * 60_000;

/** Writes down how receiving goes, for whoever asks (Conversations node, 'Health'). */
export class Condition {
	private readonly noted = new Map<string, { problem: string | null; at: number }>();

	constructor(private readonly desk: Desk) {}

	/** `problem`: a sentence; null: all is well. Never rejects: what it is about goes on without it. */
	async note(key: string, problem: string | null): Promise<void> {
		const at = this.desk.now();
		const before = this.noted.get(key);
		if (before?.problem === problem && at - before.at < AGAIN_MS) return;
		try {
			const { receiverStates } = this.desk.store.records;
			if (problem === null) await receiverStates.worked(key, at);
			else await receiverStates.failed(key, problem, at);
			this.noted.set(key, { problem, at });
		} catch (error) {
			LoggerProxy.warn(`Conversations: the condition of a channel was not noted. ${error instanceof Error ? error.message : ''}`);
		}
	}
}
