import type { IWebhookFunctions } from 'n8n-workflow';
import { isDueForRenewal, issueToken, type Visitor } from '../../channels/webchat/token';
import { visitorOf } from '../../channels/webchat/webhook';
import type { Host } from '../host';
import { limits, take } from './limits';
import { Refused } from './refused';

/** What a request to the chat is about. */
export interface ChatRequest {
	ctx: IWebhookFunctions;
	host: Host;
	/** Of production or of the test run: they never meet. */
	account: string;
	test: boolean;
	/** n8n listens: the next message starts a test run. */
	startsRun: boolean;
	key: Uint8Array;
	/** The network address of whoever asks, behind as many proxies as n8n is told to trust. */
	network: string;
}

/** Whoever the token speaks for; a token that is a day old is renewed by the next stream. */
export async function requireVisitor(request: ChatRequest): Promise<Visitor> {
	const { authorization } = request.ctx.getRequestObject().headers;
	const visitor = visitorOf(
		{ method: 'GET', headers: { authorization }, query: {}, body: new Uint8Array(), receivedAt: request.host.desk.now() },
		request,
		request.account,
	);
	if (!visitor) {
		await take(limits.strangersPerNetwork, request.network);
		throw new Refused(401, 'unauthorized', 'This chat has ended. Load the page again.');
	}
	return visitor;
}

export function renewedToken({ host, key }: ChatRequest, visitor: Visitor): string | undefined {
	const now = host.desk.now();
	return isDueForRenewal(visitor, now) ? issueToken({ ...visitor, issuedAt: now }, key) : undefined;
}
