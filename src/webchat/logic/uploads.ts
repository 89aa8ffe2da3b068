import type { PageConfig, WireAttachment } from '../../channels/webchat/wire';
import type { LaterCause, Settled } from './answers';
import { Pause, type RetryPolicy } from './retry';
import { limitText } from './text';

/** A file the visitor has picked for the message being written. */
export interface Upload {
	key: string;
	name: string;
	mime: string;
	sizeBytes: number;
	state: 'uploading' | 'held' | 'done' | 'refused';
	/** 0 to 1. */
	progress: number;
	/** Why it is refused or held. */
	sentence: string | null;
	/** What holds it up, so that the page can say what to do. */
	cause: LaterCause | null;
	attachment: WireAttachment | null;
	/** For a preview; null when it was uploaded before the page was reloaded. */
	file: File | null;
}

export interface UploadPorts {
	limits: PageConfig['limits'];
	put(file: File, onProgress: (part: number) => void, signal: AbortSignal): Promise<Settled<WireAttachment>>;
	newId(): string;
	retryAfter: RetryPolicy;
	onChange(uploads: readonly Upload[]): void;
}

/** The files of the message being written: each is uploaded when it is picked, one at a time, before the message can go. */
export class Uploads {
	private list: Upload[] = [];
	private readonly files = new Map<string, { file: File; stop: AbortController }>();
	private readonly pause = new Pause();
	private running = false;

	constructor(private readonly ports: UploadPorts) {}

	get all(): readonly Upload[] {
		return this.list;
	}

	/** Takes up files of a draft that were uploaded before the page was reloaded. */
	restore(attachments: readonly WireAttachment[]): void {
		this.change([...this.list, ...attachments.map(doneUpload)]);
	}

	/** @returns sentences about files that were not taken */
	add(files: readonly File[]): string[] {
		const { fileMaxBytes, attachmentsMax } = this.ports.limits;
		const refused: string[] = [];
		const taken: Upload[] = [];
		for (const file of files) {
			if (file.size > fileMaxBytes) {
				refused.push(`“${file.name}” is too large. Files can have up to ${limitText(fileMaxBytes)}.`);
				continue;
			}
			if (this.list.length + taken.length >= attachmentsMax) {
				refused.push(`One message can have up to ${attachmentsMax} ${attachmentsMax === 1 ? 'file' : 'files'}.`);
				break;
			}
			const key = this.ports.newId();
			this.files.set(key, { file, stop: new AbortController() });
			taken.push({ key, name: file.name || 'file', mime: file.type, sizeBytes: file.size, state: 'uploading', progress: 0, sentence: null, cause: null, attachment: null, file });
		}
		if (taken.length > 0) this.change([...this.list, ...taken]);
		void this.run();
		return refused;
	}

	remove(key: string): void {
		this.files.get(key)?.stop.abort();
		this.files.delete(key);
		this.change(this.list.filter((one) => one.key !== key));
		this.pause.wake();
	}

	/** Gives the uploaded files to the message that is sent now; the others stay. */
	take(): WireAttachment[] {
		const done = this.list.filter((one) => one.state === 'done');
		for (const one of done) this.files.delete(one.key);
		this.change(this.list.filter((one) => one.state !== 'done'));
		return done.map((one) => one.attachment).filter((one) => one !== null);
	}

	nudge(): void {
		this.pause.wake();
	}

	private async run(): Promise<void> {
		if (this.running) return;
		this.running = true;
		let failures = 0;
		for (let next = this.next(); next; next = this.next()) {
			const { key } = next;
			const entry = this.files.get(key);
			if (!entry) break;
			const outcome = await this.ports.put(entry.file, (progress) => this.patch(key, { progress }), entry.stop.signal);
			if (!this.files.has(key)) continue;
			if (outcome.kind === 'done') this.patch(key, { state: 'done', progress: 1, attachment: outcome.value, sentence: null, cause: null });
			else if (outcome.kind === 'refused') this.patch(key, { state: 'refused', sentence: outcome.sentence, cause: null });
			else {
				failures++;
				this.patch(key, { state: 'held', progress: 0, sentence: outcome.sentence, cause: outcome.cause });
				await this.pause.for(this.ports.retryAfter(outcome, failures));
				continue;
			}
			failures = 0;
		}
		this.running = false;
	}

	private next(): Upload | undefined {
		return this.list.find((one) => one.state === 'uploading' || one.state === 'held');
	}

	private patch(key: string, change: Partial<Upload>): void {
		this.change(this.list.map((one) => (one.key === key ? { ...one, ...change } : one)));
	}

	private change(list: Upload[]): void {
		this.list = list;
		this.ports.onChange(list);
	}
}

function doneUpload(attachment: WireAttachment): Upload {
	const { fileId, name, mime, sizeBytes } = attachment;
	return { key: fileId, name, mime, sizeBytes, state: 'done', progress: 1, sentence: null, cause: null, attachment, file: null };
}
