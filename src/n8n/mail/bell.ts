/** Rung once, it lets whoever waits go on; rung before, the next who waits does not. */
export class Bell {
	private isRung = false;
	private wake: (() => void) | null = null;

	readonly ring = (): void => {
		this.isRung = true;
		this.wake?.();
	};

	/** Until it is rung, `ms` at most. */
	async wait(ms: number): Promise<void> {
		if (!this.isRung) {
			await new Promise<void>((resolve) => {
				const timer = setTimeout(resolve, ms);
				this.wake = () => {
					clearTimeout(timer);
					resolve();
				};
			});
		}
		this.wake = null;
		this.isRung = false;
	}
}
