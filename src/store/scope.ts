import { type Kysely, sql } from 'kysely';
import type { Page } from '../core/store';
import type { Tables } from './schema';

/** What an aggregate's queries run in: a transaction, or each on its own. */
export interface Scope {
	readonly db: Kysely<Tables>;
	/** All the queries of `work` or none: in the transaction at hand, else in one of their own. */
	whole<T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T>;
	/** Within `whole`: one caller of this name at a time, until the transaction ends. */
	lock(db: Kysely<Tables>, name: string): Promise<void>;
}

const MAX_PAGE = 500;

export function bounds({ limit, offset }: Page): Page {
	return { limit: Math.min(Math.max(Math.trunc(limit), 0), MAX_PAGE), offset: Math.max(Math.trunc(offset), 0) };
}

/**
 * A word of our own as part of the query's text, never what a caller gave: partial indexes serve only queries whose
 * condition repeats theirs word by word.
 */
export const word = <Word extends string>(value: Word) => sql.lit(value);
