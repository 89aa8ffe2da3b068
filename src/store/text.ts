import { type RawBuilder, sql } from 'kysely';
import { foldName } from '../core/names';

// Made here and not in SQL, because SQLite's own `lower` knows ASCII only.
export { foldName as fold };

export function foldOrNull(text: string | null): string | null {
	return text === null ? null : foldName(text);
}

/** Whether a column holds `part` anywhere. Both are in their folded form. */
export function contains(column: string, part: string): RawBuilder<boolean> {
	const pattern = `%${part.replace(/[\\%_]/g, '\\$&')}%`;
	return sql<boolean>`${sql.ref(column)} like ${pattern} escape '\\'`;
}
