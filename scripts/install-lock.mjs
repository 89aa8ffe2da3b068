import { mkdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { say } from './terminal.mjs';

const HEARTBEAT_MS = 3_000;
/** A holder that has not touched its lock for this long was killed. Long enough for a machine busy with an install. */
const DEAD_AFTER_MS = 20_000;

/**
 * One process at a time does `work` in this folder; a second one waits for the first. The lock is a folder, because
 * making one is atomic everywhere, and its modification time is the holder's heartbeat, so a killed holder blocks
 * nobody for long (a process id would mean nothing to a container that shares the folder).
 * @template T
 * @param {string} folder
 * @param {string} busy what to say while another process has it
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function alone(folder, busy, work) {
	const lock = join(folder, '.setup-lock');
	for (let said = false; !take(lock); said = true) {
		if (!said) say(busy);
		await wait(500);
	}
	const beat = setInterval(() => touch(lock), HEARTBEAT_MS);
	const release = () => rmSync(lock, { recursive: true, force: true });
	process.once('exit', release);
	try {
		return await work();
	} finally {
		clearInterval(beat);
		process.off('exit', release);
		release();
	}
}

/** @param {string} lock */
function take(lock) {
	try {
		mkdirSync(lock);
		return true;
	} catch (error) {
		if (codeOf(error) !== 'EEXIST') throw error;
	}
	if (isDead(lock)) discard(lock);
	return false;
}

/** @param {string} lock */
function isDead(lock) {
	const stats = statSync(lock, { throwIfNoEntry: false });
	return stats !== undefined && Date.now() - stats.mtimeMs > DEAD_AFTER_MS;
}

/**
 * Of several processes that find a dead lock one succeeds in renaming it; the others see it gone or taken anew.
 * @param {string} lock
 */
function discard(lock) {
	const aside = `${lock}-${process.pid}`;
	try {
		renameSync(lock, aside);
	} catch (error) {
		if (codeOf(error) === 'ENOENT') return;
		throw error;
	}
	// Between the look and the rename somebody else may have taken the lock anew: then it is theirs.
	if (isDead(aside)) rmSync(aside, { recursive: true, force: true });
	else renameSync(aside, lock);
}

/** @param {string} lock */
function touch(lock) {
	const now = new Date();
	try {
		utimesSync(lock, now, now);
	} catch (error) {
		if (codeOf(error) !== 'ENOENT') throw error;
	}
}

/** @param {unknown} error */
function codeOf(error) {
	return error instanceof Error && 'code' in error ? error.code : undefined;
}
