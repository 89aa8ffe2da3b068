import type { FailureCode } from '../../core/failure';
import type { MailRefused } from '../../core/mail';

/** What a mail server said when it refused, at once or in a report. */
export type Refusal = Pick<MailRefused, 'server' | 'about' | 'status' | 'enhanced' | 'response'>;

/** One line of the table. The first line that fits counts. */
export interface MailFailureRow {
	server?: Refusal['server'];
	about?: Refusal['about'];
	status?: readonly number[];
	/** 4: for now; 5: for good, also where nothing is said about it. */
	kind?: 4 | 5;
	/** Looked for in the enhanced status code (RFC 3463). With `words` one of the two must fit. */
	enhanced?: RegExp;
	/** Looked for in the server's words, for servers that give no enhanced code; from memory. */
	words?: RegExp;
	/** Codes and words that `enhanced` and `words` find, as servers write them; for docs/failures.md. */
	says?: readonly string[];
	/** What else tells it apart, in our words; for docs/failures.md. */
	when?: string;
	is: FailureCode;
	reason: string;
	retryable?: boolean;
	retryAfterMs?: number;
}
