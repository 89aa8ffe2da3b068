import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** Stands before a server on this machine and hands each request on only after `delayMs`. */
export interface Slow {
	/** Without a slash at the end. */
	url: string;
	/** How many requests have come, handed on or not. */
	asked(): number;
	close(): Promise<void>;
}

export async function slowed(target: string, delayMs: number): Promise<Slow> {
	let count = 0;
	const server = createServer((req, res) => {
		count += 1;
		void wait(delayMs).then(() => {
			const onward = request(`${target}${req.url ?? ''}`, { method: req.method, headers: req.headers }, (answer) => {
				res.writeHead(answer.statusCode ?? 502, answer.headers);
				answer.pipe(res);
			});
			onward.on('error', () => res.destroy());
			req.pipe(onward);
		});
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		asked: () => count,
		close: async () => {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}
