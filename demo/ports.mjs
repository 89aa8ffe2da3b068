import { createServer } from 'node:net';

/**
 * Listens on a port of this machine for a moment.
 * @param {number} port 0: any free one
 * @returns {Promise<number>} the port; rejects with the system's error (EADDRINUSE, EACCES)
 */
function tryPort(port) {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(port, '127.0.0.1', () => {
			const address = server.address();
			const taken = typeof address === 'object' && address ? address.port : port;
			server.close(() => resolve(taken));
		});
	});
}

export function freePort() {
	return tryPort(0);
}

/**
 * Why a program cannot listen on this port; undefined when it can.
 * @param {number} port
 * @returns {Promise<'taken' | 'forbidden' | undefined>}
 */
export async function obstacle(port) {
	try {
		await tryPort(port);
		return undefined;
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? error.code : undefined;
		if (code === 'EADDRINUSE') return 'taken';
		if (code === 'EACCES') return 'forbidden';
		throw error;
	}
}
