import { fillIn, type AuthoredText, type Facts } from '../../core/authored';
import { libraryName } from '../../core/library';
import type { Snippet } from '../../core/records';

/** A library file that a snippet brings along. */
export interface SnippetFile {
	library: string;
	snippet: string;
}

/** Fills in the texts of one message, and remembers what there is to say of them all. */
export class Writer {
	private readonly names = new Set<string>();
	private readonly brought = new Set<string>();

	constructor(
		private readonly facts: Facts,
		private readonly snippets: readonly Snippet[],
	) {}

	text(authored: AuthoredText, format: 'plain' | 'html' = 'plain'): string {
		const { text, unfilled, files } = fillIn(authored, this.facts, this.snippets, format);
		for (const name of unfilled) this.names.add(name);
		for (const file of files) this.brought.add(file);
		return text;
	}

	html(authored: AuthoredText): string {
		return this.text(authored, 'html');
	}

	/** On one line, as labels and subjects are. */
	line(authored: AuthoredText): string {
		return this.text(authored).replace(/\s*[\r\n]+\s*/g, ' ').trim();
	}

	unfilled(): string[] {
		return [...this.names];
	}

	files(): SnippetFile[] {
		return [...this.brought].map((name) => {
			const snippet = this.snippets.find(({ attachments }) => attachments.includes(name));
			return { library: libraryName(name), snippet: snippet?.name ?? '' };
		});
	}
}
