import { LoggerProxy } from 'n8n-workflow';

/** What was told and passed is not told again before. */
const AGAIN_MS = 60 * 60_000;

/** Tells the user what is wrong with a channel: each thing once, however often it is seen and whatever numbers stand in it. */
export class Telling {
	private readonly toldAt = new Map<string, number>();
	private now: string | null = null;

	private sentence: string | null = null;

	/** Something was told and is not over. */
	get isOpen(): boolean {
		return this.now !== null;
	}

	/** What was told and is not over, as it was said last. */
	get current(): string | null {
		return this.sentence;
	}

	/** `report` shows a sentence to the user. */
	tell(sentence: string, report: (sentence: string) => void, at: number): void {
		const what = sentence.replace(/\d+/g, '#');
		this.sentence = sentence;
		if (this.now === what) return;
		this.now = what;
		const before = this.toldAt.get(what);
		if (before !== undefined && at - before < AGAIN_MS) return;
		this.toldAt.set(what, at);
		LoggerProxy.warn(`Conversations: ${sentence}`);
		report(sentence);
	}

	over(): void {
		this.now = null;
		this.sentence = null;
	}
}
