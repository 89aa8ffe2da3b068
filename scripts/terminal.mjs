import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, readFileSync } from 'node:fs';

/** Everything the scripts say goes to stderr, so that stdout holds only what a command was asked for. */
export function say(/** @type {string} */ line) {
	process.stderr.write(`${line}\n`);
}

/** Ends the command with a sentence instead of a stack trace. */
export class Stop extends Error {
	/** @param {string} message @param {number} [exitCode] */
	constructor(message, exitCode = 1) {
		super(message);
		this.exitCode = exitCode;
	}
}

/**
 * The body of a command: its number is the exit code, and a `Stop` ends it with a sentence.
 * @param {() => Promise<number>} body
 */
export async function command(body) {
	try {
		process.exitCode = await body();
	} catch (error) {
		if (!(error instanceof Stop)) throw error;
		say(`\n${error.message}\n`);
		process.exitCode = error.exitCode;
	}
}

/** @param {number} ms */
export function elapsed(ms) {
	const seconds = Math.round(ms / 1000);
	return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

const TICK_MS = 15_000;

/**
 * Says that a long step is still going on, every 15 seconds.
 * @param {string} what
 */
export function ticking(what) {
	const startedAt = Date.now();
	const timer = setInterval(() => say(`  … still ${what} (${elapsed(Date.now() - startedAt)})`), TICK_MS);
	return { stop: () => clearInterval(timer), elapsed: () => elapsed(Date.now() - startedAt) };
}

/**
 * @typedef {{ cwd?: string, env?: NodeJS.ProcessEnv }} Where
 * @typedef {{ code: number | null, signal: NodeJS.Signals | null }} Ended
 */

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<Ended>}
 */
export function ended(child) {
	return new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code, signal) => resolve({ code, signal }));
	});
}

const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
const PARENT_CHECK_MS = 2_000;

/**
 * Passes requests to end on to a child, so that it ends first and we can clean up after it. A parent that is gone is
 * such a request too: a killed `npm run` leaves nothing running. In a terminal the child hears Ctrl-C by itself as well.
 * @param {import('node:child_process').ChildProcess} child
 * @param {{ signal?: NodeJS.Signals, limitMs?: number }} [how] `signal`: what the child is told instead of what we
 * heard; `limitMs`: after this long it is killed
 */
export function endWithUs(child, { signal: told, limitMs } = {}) {
	/** @type {NodeJS.Signals | null} */
	let asked = null;
	/** @type {NodeJS.Timeout | undefined} */
	let limit;
	/** @param {NodeJS.Signals} signal */
	const pass = (signal) => {
		asked ??= signal;
		child.kill(told ?? (signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM'));
		if (limitMs !== undefined) limit ??= setTimeout(() => child.kill('SIGKILL'), limitMs);
	};
	for (const signal of SIGNALS) process.on(signal, pass);
	const parents = ancestors();
	const watch = setInterval(() => {
		if (asked === null && !parents.every(isAlive)) pass('SIGHUP');
	}, PARENT_CHECK_MS);
	return {
		/** @returns {NodeJS.Signals | null} */
		asked: () => asked,
		over: () => {
			clearInterval(watch);
			clearTimeout(limit);
			for (const signal of SIGNALS) process.off(signal, pass);
		},
	};
}

/** Our parent and, where the system tells it, the parent of that: npm starts us through a shell that outlives it. */
function ancestors() {
	const stat = `/proc/${process.ppid}/stat`;
	// "pid (name) state parent …"; a name may hold spaces and brackets.
	const grandparent = existsSync(stat) ? readFileSync(stat, 'utf8').split(') ').at(-1)?.split(' ')[1] : undefined;
	return [process.ppid, Number(grandparent)].filter((pid) => pid > 1);
}

/** @param {number} pid */
function isAlive(pid) {
	try {
		return process.kill(pid, 0);
	} catch (error) {
		// EPERM: it is there, and somebody else's.
		return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
	}
}

/**
 * Runs a command in this terminal and resolves with its exit code.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {Where} [where]
 */
export async function inTerminal(file, args, where = {}) {
	const child = spawn(file, args, { stdio: 'inherit', ...where });
	const bond = endWithUs(child);
	const { code } = await ended(child).finally(() => bond.over());
	return code ?? (bond.asked() === 'SIGINT' ? 130 : 143);
}

/**
 * Runs a command whose output is wanted as a whole, when it has ended.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {Where} [where]
 */
export async function captured(file, args, where = {}) {
	const startedAt = Date.now();
	const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], ...where });
	const bond = endWithUs(child);
	let output = '';
	child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text));
	child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text));
	const { code } = await ended(child).finally(() => bond.over());
	if (bond.asked()) throw new Stop('Stopped.', 130);
	return { ok: code === 0, output: output.trimEnd(), took: elapsed(Date.now() - startedAt) };
}

/**
 * Runs a command whose output nobody needs unless it goes wrong: it is added to `log`, and its end is shown on failure.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {Where & { log: string, doing: string, failed: string }} options `doing`: "installing …", said while it lasts;
 * `failed`: the sentence for the user.
 * @returns {Promise<string>} how long it took
 */
export async function quietly(file, args, { log, doing, failed, ...where }) {
	const out = createWriteStream(log, { flags: 'a' });
	out.write(`\n$ ${[file, ...args].join(' ')}\n`);
	const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], ...where });
	const bond = endWithUs(child);
	child.stdout.pipe(out, { end: false });
	child.stderr.pipe(out, { end: false });
	const tick = ticking(doing);
	const { code } = await ended(child).finally(() => {
		tick.stop();
		bond.over();
	});
	await new Promise((resolve) => out.end(() => resolve(undefined)));
	if (bond.asked()) throw new Stop(`Stopped while ${doing}. The next start does this step again.`, 130);
	if (code !== 0) throw new Stop(`${tail(log, 40)}\n\n${failed}\nAll of its output is in ${log}.`);
	return tick.elapsed();
}

/**
 * The last lines of a text file.
 * @param {string} file
 * @param {number} lines
 */
export function tail(file, lines) {
	return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}
