import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/**
 * Watches one request: until its connection stands (with TLS: until that is agreed on), nothing of it has left. Whatever
 * goes wrong before, be it a name, a certificate, a refused connection or a time-out, the request may be made again.
 */
export class Departure {
	/** Also true for a connection that was kept from an earlier request, which the other side may have closed unread. */
	mayHaveLeft = false;

	/** Makes the request; for the option of this name of axios. */
	readonly transport = {
		request: (options: RequestOptions, onAnswer: (answer: IncomingMessage) => void): ClientRequest => {
			const request = (options.protocol === 'https:' ? https : http).request(options, onAnswer);
			request.once('socket', (socket) => this.watch(socket));
			return request;
		},
	};

	private watch(socket: Socket): void {
		const stands = () => {
			this.mayHaveLeft = true;
		};
		if (socket instanceof TLSSocket && isBeingSecured(socket)) socket.once('secureConnect', stands);
		else if (socket.connecting) socket.once('connect', stands);
		else stands();
	}
}

/** Node.js keeps this in a property that its types do not know. */
function isBeingSecured(socket: TLSSocket & { secureConnecting?: boolean }): boolean {
	return socket.secureConnecting === true;
}
