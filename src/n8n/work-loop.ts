import { LoggerProxy } from 'n8n-workflow';

/**
 * Runs `work` again and again, never twice at once: soon after `wake()`, after the time that `work` answered,
 * and at the latest after `pollMs`. What `work` throws is logged and tried again; nothing escapes.
 */
export class WorkLoop {
	private timer: NodeJS.Timeout | undefined;
	private running: Promise<void> | undefined;
	private again = false;
	private stopped = false;

	constructor(
		private readonly name: string,
		private readonly pollMs: number,
		/** Resolves to how many ms from now it wants to run again, if it knows. */
		private readonly work: () => Promise<number | undefined>,
	) {}

	wake(): void {
		if (this.stopped) return;
		if (this.running) {
			this.again = true;
			return;
		}
		clearTimeout(this.timer);
		this.running = this.run().finally(() => {
			this.running = undefined;
			if (this.again) {
				this.again = false;
				this.wake();
			}
		});
	}

	/** Resolves when the work under way has ended. */
	async stop(): Promise<void> {
		this.stopped = true;
		clearTimeout(this.timer);
		await this.running;
	}

	private async run(): Promise<void> {
		let againInMs: number | undefined;
		try {
			againInMs = await this.work();
		} catch (error) {
			LoggerProxy.error(`Conversations: ${this.name} did not work and is tried again. ${(error as Error).message}`);
		}
		if (this.stopped) return;
		this.timer = setTimeout(() => this.wake(), Math.min(this.pollMs, Math.max(0, againInMs ?? this.pollMs)));
		this.timer.unref();
	}
}
