import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { isSurelyGone, PROCESS_ID } from '../../src/n8n/processes';

test('this process, and one that runs here, are not gone', () => {
	expect(isSurelyGone(PROCESS_ID)).toBe(false);
	expect(isSurelyGone(`${hostname()}/${process.ppid}/mark`)).toBe(false);
});

test('a process that ended here is gone', async () => {
	const child = spawn(process.execPath, ['-e', '']);
	await once(child, 'exit');
	expect(isSurelyGone(`${hostname()}/${child.pid}/mark`)).toBe(true);
});

test('an earlier process with our own pid is gone, as after the restart of a container', () => {
	expect(isSurelyGone(`${hostname()}/${process.pid}/another-mark`)).toBe(true);
});

test('of another machine nothing is sure', () => {
	expect(isSurelyGone('elsewhere/4194999/mark')).toBe(false);
});
