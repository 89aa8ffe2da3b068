import { appendFileSync, existsSync, renameSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * One line of n8n's log in its JSON format.
 * @typedef {{ level: string, message: string, metadata?: { timestamp?: string, file?: string, function?: string, scopes?: string[] } }} Entry
 */

/**
 * Keeps n8n's output in a file, as text; the file of the run before stays beside it.
 * @param {string} file
 * @param {(entry: Entry) => void} heard is told every entry
 */
export function keepLog(file, heard) {
	if (existsSync(file)) renameSync(file, `${file}.1`);
	writeFileSync(file, '');
	/** @param {import('node:stream').Readable} stream */
	return (stream) => {
		createInterface({ input: stream }).on('line', (line) => {
			const entry = entryOf(line);
			// At once: after a crash the last lines are the ones that count.
			appendFileSync(file, entry ? `${asText(entry)}\n` : `${line}\n`);
			if (entry) heard(entry);
		});
	};
}

/**
 * @param {string} line
 * @returns {Entry | undefined} undefined: the line was printed past n8n's logger
 */
function entryOf(line) {
	if (!line.startsWith('{"level":')) return undefined;
	try {
		return JSON.parse(line);
	} catch (error) {
		if (error instanceof SyntaxError) return undefined;
		throw error;
	}
}

/** @param {Entry} entry */
function asText({ level, message, metadata = {} }) {
	const { timestamp, file: _file, function: _function, scopes: _scopes, ...rest } = metadata;
	const details = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : '';
	return `${timestamp ?? ''} ${level.padEnd(5)} ${message.trim()}${details}`;
}
