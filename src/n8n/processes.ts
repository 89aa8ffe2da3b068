import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** This process, in a form that another one on the same machine can check for being alive. */
export const PROCESS_ID = `${hostname()}/${process.pid}/${randomBytes(6).toString('hex')}`;

/** Whether the process of this id is surely gone. One on another machine is never sure: its claims run out instead. */
export function isSurelyGone(processId: string): boolean {
	if (processId === PROCESS_ID) return false;
	const [host, pid] = processId.split('/');
	if (host !== hostname()) return false;
	// The same pid with another mark is an earlier process that had our pid, as in a restarted container.
	if (Number(pid) === process.pid) return true;
	try {
		process.kill(Number(pid), 0);
		return false;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'ESRCH';
	}
}

/** n8n's worker processes have no web server and run no triggers. */
export function isWorker(): boolean {
	return process.argv.includes('worker');
}
