import { dirname } from 'node:path';
import { StoreError } from '../../core/store';
import { duplicate } from '../duplicates';

/** Primary result codes: https://sqlite.org/rescode.html */
const PERM = 3;
const BUSY = 5;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const CONSTRAINT = 19;
const NOTADB = 26;
/** Extended ones. */
const CONSTRAINT_FOREIGNKEY = 787;

interface SqliteError {
	code: 'ERR_SQLITE_ERROR';
	/** Extended result code: the primary one is its low byte. */
	errcode: number;
	message: string;
}

/** By its looks: where modules are loaded in a realm of their own, Node's errors are not instances of their `Error`. */
function isSqliteError(error: unknown): error is SqliteError {
	return hasCode(error, 'ERR_SQLITE_ERROR') && 'errcode' in error;
}

export function hasCode(error: unknown, ...codes: string[]): error is { code: string } {
	return typeof error === 'object' && error !== null && 'code' in error && codes.includes(String(error.code));
}

const primary = (error: SqliteError): number => error.errcode & 0xff;

export function isBusy(error: unknown): boolean {
	return isSqliteError(error) && primary(error) === BUSY;
}

/** What SQLite said as a sentence for people; errors that are none of SQLite's or of our own making stay as they are. */
export function asStoreError(error: unknown, file: string): unknown {
	if (!isSqliteError(error)) return error;
	switch (primary(error)) {
		case CONSTRAINT:
			return error.errcode === CONSTRAINT_FOREIGNKEY ? ownerGone(error) : notUnique(error);
		case FULL:
			return new StoreError(
				'full',
				`There is no room left for the conversations database ${file}. Nothing of this step was saved. Free some disk space: the database goes on by itself.`,
				{ cause: error },
			);
		case CORRUPT:
		case NOTADB:
			return new StoreError(
				'damaged',
				`The conversations database ${file} is damaged or is not a SQLite database. Stop n8n and put a backup in its place, or move the file and its -wal and -shm files away to start with an empty one.`,
				{ cause: error },
			);
		case PERM:
		case READONLY:
		case CANTOPEN:
			return notWritable(file, error);
		case IOERR:
			return new StoreError(
				'failed',
				`The conversations database ${file} could not be read or written (${error.message}). Nothing of this step was saved. Check the disk that holds it, and that it is not full.`,
				{ cause: error },
			);
		default:
			return error;
	}
}

export function locked(file: string, ms: number, cause: unknown): StoreError {
	return new StoreError(
		'locked',
		`The conversations database ${file} is locked by another program for more than ${Math.round(ms / 1000)} seconds. Nothing of this step was saved. Close the program that holds it (a backup, a database browser, a second n8n) and try again.`,
		{ cause },
	);
}

export function notWritable(file: string, cause: unknown): StoreError {
	return new StoreError(
		'not_writable',
		`The conversations database ${file} cannot be opened for writing. Give the user that runs n8n the right to write to this file and to its folder ${dirname(file)}.`,
		{ cause },
	);
}

/** 'UNIQUE constraint failed: contacts.phone' names table and columns, never a value. */
function notUnique(error: SqliteError): unknown {
	const named = /^UNIQUE constraint failed: (.+)$/.exec(error.message)?.[1];
	return named === undefined ? error : duplicate(named.split(', '), error);
}

function ownerGone(error: SqliteError): StoreError {
	return new StoreError(
		'missing',
		'What this belongs to (a contact, a message, a file, an agent or a team) is no longer there. Nothing of this step was saved.',
		{ cause: error },
	);
}
