import { randomBytes } from 'node:crypto';
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { issueToken, readToken, type Visitor } from '../../channels/webchat/token';
import { parse, parsePost } from '../../channels/webchat/webhook';
import { SHOWN, wireMessage } from '../../channels/webchat/view';
import type { PostAnswer, VisitorPost, WireMessage } from '../../channels/webchat/wire';
import { HISTORY_PAGE } from '../../channels/webchat/facts';
import {
	MalformedPayload,
	testAccount,
	type Address,
	type ChannelEvent,
	type WebhookRequest,
} from '../../core/channel';
import { receive } from '../../core/inbox';
import type { Host } from '../host';
import { testItem } from '../items';
import { ANSWERED, type Route } from '../route';
import { chosenEvents, webchatAccount } from '../subscriptions';
import { completeMessage } from './complete';
import { limits, take } from './limits';
import { servePage, serveScript, serveStyle, serveWidget } from './page';
import { Refused, refuse } from './refused';
import { requireVisitor, type ChatRequest } from './request';
import { openStream } from './stream';
import { upload } from './upload';
import { webchatKey } from './key';

type Handler = (request: ChatRequest) => Promise<IWebhookResponseData>;

const POST_MAX_BYTES = 64 * 1024;

const route = (
	name: string,
	method: 'GET' | 'POST',
	path: string,
	handler: Handler,
	{ shown = false } = {},
): Route => ({
	channel: 'webchat',
	name,
	method,
	path,
	shown,
	handle: async (ctx, host) => {
		const test = ctx.getMode() === 'manual';
		const account = webchatAccount(ctx.getNode());
		const request: ChatRequest = {
			ctx,
			host,
			account: test ? testAccount(account) : account,
			test,
			// Where it is asked for events, it gets a copy of the one that fits.
			startsRun: test && chosenEvents(ctx) === null,
			key: await webchatKey(host.desk.store),
			network: networkOf(ctx),
		};
		return await refusing(request, handler);
	},
});

function networkOf(ctx: IWebhookFunctions): string {
	return ctx.getRequestObject().ip ?? 'unknown';
}

/** What is refused is said in a sentence; anything else that goes wrong is the caller's. */
async function refusing(request: ChatRequest, handler: Handler): Promise<IWebhookResponseData> {
	try {
		return await handler(request);
	} catch (error) {
		const res = request.ctx.getResponseObject();
		if (error instanceof MalformedPayload) refuse(res, new Refused(400, 'bad_request', error.message));
		else if (error instanceof Refused) refuse(res, error);
		else throw error;
		return ANSWERED;
	}
}

/** A post or a file of the test page at the address of a run that waits for its reply. It starts no further run. */
export async function takeReply(ctx: IWebhookFunctions, host: Host, account: string): Promise<IWebhookResponseData> {
	const key = await webchatKey(host.desk.store);
	const request: ChatRequest = { ctx, host, account, test: true, startsRun: false, key, network: networkOf(ctx) };
	const isFile = /^application\/octet-stream\b/.test(ctx.getRequestObject().headers['content-type'] ?? '');
	return await refusing(request, isFile ? files : posts);
}

export const webchatRoutes: readonly Route[] = [
	route('webchatGet', 'GET', 'webchat', servePage, { shown: true }),
	route('webchatScript', 'GET', 'webchat/page.js', serveScript),
	route('webchatStyle', 'GET', 'webchat/page.css', serveStyle),
	route('webchatWidget', 'GET', 'webchat/widget.js', serveWidget),
	route('webchatEvents', 'GET', 'webchat/events', events),
	route('webchatFiles', 'POST', 'webchat/files', files),
	route('webchatMessages', 'POST', 'webchat/messages', posts),
	route('webchat', 'POST', 'webchat', posts),
];

async function events(request: ChatRequest): Promise<IWebhookResponseData> {
	await openStream(request, await requireVisitor(request));
	return ANSWERED;
}

async function files(request: ChatRequest): Promise<IWebhookResponseData> {
	const attachment = await upload(request, await requireVisitor(request));
	request.ctx.getResponseObject().status(200).json({ attachment });
	return ANSWERED;
}

async function posts(request: ChatRequest): Promise<IWebhookResponseData> {
	const webhookRequest = await readPost(request);
	const post = parsePost(webhookRequest.body);
	if (post.type === 'hello') return await hello(request);
	const visitor = await requireVisitor(request);
	await take(limits.postsPerNetwork, request.network);
	if (post.type === 'history') return answer(request, await history(request, visitor, post));
	const facts = parse(webhookRequest, request, request.account);
	if (post.type === 'message') return await message(request, visitor, facts);
	await receive(request.host.desk, facts);
	return answer(request, { receipt: true });
}

function answer({ ctx }: ChatRequest, body: PostAnswer): IWebhookResponseData {
	ctx.getResponseObject().status(200).setHeader('Cache-Control', 'no-store').json(body);
	return ANSWERED;
}

/** A token for a new visitor, or a fresh one for a known. Nothing is stored: a visitor becomes a contact by writing. */
async function hello(request: ChatRequest): Promise<IWebhookResponseData> {
	const { host, account, key } = request;
	const now = host.desk.now();
	const header = String(request.ctx.getRequestObject().headers.authorization ?? '').replace(/^Bearer /, '');
	const known = readToken(header, key, account, now);
	if (!known) await take(limits.hellosPerNetwork, request.network);
	const user = known?.user ?? randomBytes(16).toString('base64url');
	return answer(request, { token: issueToken({ account, user, issuedAt: now }, key) });
}

async function message(
	request: ChatRequest,
	visitor: Visitor,
	[fact]: ChannelEvent[],
): Promise<IWebhookResponseData> {
	const { desk } = request.host;
	if (fact?.kind !== 'message') throw new MalformedPayload('The message is empty.');
	await take(limits.messagesPerVisitor, `${visitor.account}/${visitor.user}`);
	const complete = await completeMessage(desk.store.records, fact);
	if (await opensConversation(request, fact.from)) await take(limits.conversationsPerTrigger, request.account);
	const [received] = await receive(desk, [complete]);
	if (received?.kind !== 'message') throw new Refused(410, 'bad_request', 'This message was sent before and is gone.');
	answer(request, { message: received.message.id });
	if (!request.startsRun || !received.isNew || received.eventId === null) return ANSWERED;
	// In a test run any message starts the workflow, also one of a conversation that is open already.
	return { ...ANSWERED, workflowData: [[await testItem(desk.store.records, received.eventId)]] };
}

async function opensConversation({ host }: ChatRequest, from: Address): Promise<boolean> {
	const { addresses, conversations } = host.desk.store.records;
	const address = await addresses.find(from);
	return !address || !(await conversations.openOf(address.contactId));
}

async function history(
	{ host, key }: ChatRequest,
	visitor: Visitor,
	{ before }: Extract<VisitorPost, { type: 'history' }>,
): Promise<{ messages: WireMessage[]; more: boolean }> {
	const { addresses, messages } = host.desk.store.records;
	const address = await addresses.find({ channel: 'webchat', ...visitor });
	if (!address) return { messages: [], more: false };
	const older = await messages.ofAddress(address.id, { limit: HISTORY_PAGE + 1, before, statuses: SHOWN });
	return {
		messages: older.slice(-HISTORY_PAGE).map((stored) => wireMessage(stored, key, host.desk.now())),
		more: older.length > HISTORY_PAGE,
	};
}

async function readPost({ ctx, host }: ChatRequest): Promise<WebhookRequest> {
	const req = ctx.getRequestObject();
	await req.readRawBody();
	const body = Buffer.isBuffer(req.rawBody) ? req.rawBody : Buffer.alloc(0);
	if (body.length > POST_MAX_BYTES) throw new Refused(413, 'too_large', 'The message is too large.');
	return {
		method: req.method,
		headers: { authorization: req.headers.authorization },
		query: {},
		body,
		receivedAt: host.desk.now(),
	};
}
