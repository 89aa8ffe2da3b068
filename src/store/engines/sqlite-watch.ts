import type { DatabaseSync } from 'node:sqlite';
import { isBusy } from './sqlite-errors';

/** Calls `changed` some time after another connection committed. Returns how to stop. */
export function watchDataVersion(database: DatabaseSync, everyMs: number, changed: () => void): () => void {
	const statement = database.prepare('pragma data_version');
	let seen = read();
	const timer = setInterval(() => {
		const version = read();
		if (version === undefined || version === seen) return;
		seen = version;
		changed();
	}, everyMs);
	// Watching alone must not keep a process alive.
	timer.unref();
	return () => clearInterval(timer);

	/** Undefined while another program holds the whole file: then the next look finds it. */
	function read(): number | undefined {
		try {
			return statement.get()?.['data_version'] as number | undefined;
		} catch (error) {
			if (isBusy(error)) return undefined;
			throw error;
		}
	}
}
