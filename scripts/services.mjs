import { connect } from 'node:net';
import { say } from './terminal.mjs';

const SERVICES = [
	{ name: 'Postgres', port: 5432 },
	{ name: 'Redis', port: 6379 },
];

/** Says which databases this machine has, so that nobody wonders what a test run covered. */
export async function reportServices() {
	for (const { name, port } of SERVICES) {
		const where = `127.0.0.1:${port}`;
		say((await answers(port)) ? `${name}: found at ${where}` : `${name}: none at ${where}`);
	}
	say('The present tests use SQLite and one n8n process, so they need neither Postgres nor Redis.');
}

/** @param {number} port */
function answers(port) {
	return new Promise((resolve) => {
		const socket = connect({ host: '127.0.0.1', port, timeout: 1_000 });
		/** @param {boolean} yes */
		const done = (yes) => {
			socket.destroy();
			resolve(yes);
		};
		socket.once('connect', () => done(true));
		socket.once('error', () => done(false));
		socket.once('timeout', () => done(false));
	});
}
