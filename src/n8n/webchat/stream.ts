import type { Response } from 'express';
import { HISTORY_PAGE } from '../../channels/webchat/facts';
import type { Visitor } from '../../channels/webchat/token';
import { SHOWN, wireMessage } from '../../channels/webchat/view';
import type { StreamEvents } from '../../channels/webchat/wire';
import { addressKey, addressTopic, type Address } from '../../core/channel';
import { WorkLoop } from '../work-loop';
import { limits, take } from './limits';
import { Refused } from './refused';
import { renewedToken, type ChatRequest } from './request';

/** A comment this often keeps proxies from closing an idle connection. */
const KEEP_ALIVE_MS = 20_000;
/** The page shows 'typing' until a message comes; should none come, this long. */
const TYPING_MAX_MS = 20_000;
const POLL_MS = 30_000;
const STREAMS_PER_VISITOR_MAX = 8;
/** A page that does not read is cut off; it comes back and is told all it missed. */
const UNREAD_MAX_BYTES = 4 * 1024 * 1024;

const streamsOf = new Map<string, number>();

/**
 * Follows one visitor's messages by Server-Sent Events until the page goes. The first event is a snapshot; afterwards
 * every message that is new or changed is sent whole, so that a page that reconnects cannot miss or double anything.
 */
export async function openStream(request: ChatRequest, visitor: Visitor): Promise<void> {
	const { ctx, host } = request;
	const res = ctx.getResponseObject();
	const address: Address = { channel: 'webchat', account: visitor.account, user: visitor.user };
	const name = addressKey(address);
	await take(limits.streamsPerNetwork, request.network);
	const count = streamsOf.get(name) ?? 0;
	if (count >= STREAMS_PER_VISITOR_MAX) {
		throw new Refused(429, 'too_many', 'This chat is open in too many windows. Close some of them.', 10_000);
	}
	streamsOf.set(name, count + 1);
	res.writeHead(200, {
		'Content-Type': 'text/event-stream; charset=utf-8',
		// n8n's compression would hold events back without 'no-transform', nginx without the other.
		'Cache-Control': 'no-cache, no-transform',
		'X-Accel-Buffering': 'no',
	});
	const feed = new Feed(request, address, res, renewedToken(request, visitor));
	const loop = new WorkLoop('a chat page', POLL_MS, async () => {
		await feed.send();
		return undefined;
	});
	const forget = host.desk.store.onChange(addressTopic(address), () => loop.wake());
	// A test run that begins or ends to wait moves the address to answer at.
	const forgetWaits = request.test ? host.desk.store.onChange('waits', () => loop.wake()) : () => undefined;
	const forgetWork = host.activity.onWorking(name, (on) => feed.typing(on));
	const keepAlive = setInterval(() => feed.comment(), KEEP_ALIVE_MS);
	const end = () => res.end();
	const forgetEnd = host.onEnd(end);
	res.once('close', () => {
		forget();
		forgetWaits();
		forgetWork();
		forgetEnd();
		clearInterval(keepAlive);
		feed.close();
		void loop.stop();
		const left = (streamsOf.get(name) ?? 1) - 1;
		if (left > 0) streamsOf.set(name, left);
		else streamsOf.delete(name);
	});
	loop.wake();
}

class Feed {
	/** Message id → what the page was told of it. */
	private told: Map<string, string> | undefined;
	private conversation: 'open' | 'closed' | 'none' = 'none';
	private isTyping = false;
	private replyTo: string | null = null;
	private typingTimer: NodeJS.Timeout | undefined;

	constructor(
		private readonly request: ChatRequest,
		private readonly address: Address,
		private readonly res: Response,
		private readonly token: string | undefined,
	) {}

	async send(): Promise<void> {
		const { messages, more, conversation } = await this.state();
		if (!this.told) {
			this.told = new Map(messages.map((message) => [message.id, JSON.stringify(message)]));
			this.event('snapshot', { messages, more, conversation, ...(this.token && { token: this.token }) });
		} else {
			for (const message of messages) {
				const text = JSON.stringify(message);
				if (this.told.get(message.id) === text) continue;
				if (message.from === 'business' && !this.told.has(message.id)) this.typing(false);
				this.told.set(message.id, text);
				this.event('message', message);
			}
			if (conversation !== this.conversation && conversation !== 'none') {
				this.event('conversation', { status: conversation });
				if (conversation === 'closed') this.typing(false);
			}
		}
		this.conversation = conversation;
		if (this.request.test) await this.tellReplyAddress();
	}

	private async tellReplyAddress(): Promise<void> {
		const { addresses, waits } = this.request.host.desk.store.records;
		const address = await addresses.find(this.address);
		const [item] = address ? await waits.openForReply(address.contactId) : [];
		const wait = item && (await waits.get(item.waitId));
		const url = wait && new URL(wait.resumeUrl);
		const to = url ? url.pathname + url.search : null;
		if (to === this.replyTo) return;
		this.replyTo = to;
		this.event('reply', { to });
	}

	typing(on: boolean): void {
		clearTimeout(this.typingTimer);
		if (on) {
			this.typingTimer = setTimeout(() => this.typing(false), TYPING_MAX_MS);
			this.typingTimer.unref();
		}
		if (on !== this.isTyping) this.event('typing', { on });
		this.isTyping = on;
	}

	comment(): void {
		this.write(': keep-alive\n\n');
	}

	close(): void {
		clearTimeout(this.typingTimer);
	}

	private async state(): Promise<Omit<StreamEvents['snapshot'], 'token'>> {
		const { host, key } = this.request;
		const { addresses, messages, conversations } = host.desk.store.records;
		const address = await addresses.find(this.address);
		if (!address) return { messages: [], more: false, conversation: 'none' };
		const newest = await messages.ofAddress(address.id, { limit: HISTORY_PAGE + 1, statuses: SHOWN });
		const conversation = await conversations.latestOf(address.contactId);
		return {
			messages: newest.slice(-HISTORY_PAGE).map((message) => wireMessage(message, key, host.desk.now())),
			more: newest.length > HISTORY_PAGE,
			conversation: conversation?.status ?? 'none',
		};
	}

	private event<Name extends keyof StreamEvents>(name: Name, data: StreamEvents[Name]): void {
		this.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
	}

	private write(text: string): void {
		if (this.res.writableEnded || this.res.destroyed) return;
		this.res.write(text);
		if (this.res.writableLength > UNREAD_MAX_BYTES) this.res.destroy();
	}
}
