import { type RawBuilder, sql } from 'kysely';

/**
 * The form in which texts are compared 'whatever the case': the same for every script and for composed and decomposed
 * letters. Made here and not in SQL, because SQLite's own `lower` knows ASCII only.
 */
export function fold(text: string): string {
	return text.normalize('NFKC').toLocaleLowerCase('en');
}

export function foldOrNull(text: string | null): string | null {
	return text === null ? null : fold(text);
}

/** Whether a column holds `part` anywhere. Both are in their folded form. */
export function contains(column: string, part: string): RawBuilder<boolean> {
	const pattern = `%${part.replace(/[\\%_]/g, '\\$&')}%`;
	return sql<boolean>`${sql.ref(column)} like ${pattern} escape '\\'`;
}
