import { EventEmitter } from 'node:events';

/** Tells open chat pages in this process that a workflow is at work for a person. */
export class Activity {
	private readonly emitter = new EventEmitter().setMaxListeners(0);

	working(addressKey: string, on: boolean): void {
		this.emitter.emit(addressKey, on);
	}

	onWorking(addressKey: string, listener: (on: boolean) => void): () => void {
		this.emitter.on(addressKey, listener);
		return () => this.emitter.off(addressKey, listener);
	}
}
