import type { WebhookRequest } from '../../src/core/channel';
import { wrongWith, type Posted } from './custom-rules';
import { fakeServer, type Answer, type FakeServer, type Seen } from './server';

/** An integration server on this machine that is strict about what is posted to it. */
export interface FakeCustom {
	server: FakeServer;
	fields: Record<string, unknown>;
	wrongFields: Record<string, unknown>;
	/** What it took, in order, each with the id it answered. */
	taken: (Posted & { mId: string })[];
	/** What the messenger behind it says about messages to these contacts. */
	refusals: Map<string, Answer>;
	/** Files it serves below `/media/`, by name. */
	files: Map<string, { bytes: Uint8Array; headers: Record<string, string> }>;
	/** The address of such a file. */
	mediaUrl(name: string): string;
	close(): Promise<void>;
}

export const CHANNEL_ID = 'ch_9f2a';
export const TOKEN = 'cst_5d0c7b1e93f24a6f8e10b2c47a95d836';
export const ANN = '+60123456789';
export const AT = 1_763_750_000_000;

/** What the contact, the messenger or one of ours did, as it stands in the list of events. */
export const events = {
	message: (mId: string, message: unknown, timestamp: unknown = AT) => ({ type: 'message', mId, timestamp, message }),
	text: (mId: string, text: string) => events.message(mId, { type: 'text', text }),
	attachment: (mId: string, attachment: Record<string, unknown>) => events.message(mId, { type: 'attachment', attachment }),
	echo: (mId: string, message: unknown) => ({ type: 'message_echo', mId, timestamp: AT, message }),
	status: (mId: string, value: string, message = '') => ({ type: 'message_status', mId, timestamp: AT, status: { value, message } }),
};

/** A body as it is posted to us. */
export function body(list: readonly unknown[], more: Record<string, unknown> = {}): string {
	return JSON.stringify({ channelId: CHANNEL_ID, contactId: ANN, events: list, ...more });
}

/** A request as the receiver's own code sees it. */
export function posted(text: string, { authorization = `Bearer ${TOKEN}`, receivedAt = AT + 5_000 } = {}): WebhookRequest {
	return { method: 'POST', headers: { 'content-type': 'application/json', authorization }, query: {}, body: Buffer.from(text), receivedAt };
}

export const error = (status: number, message: string): Answer => ({ status, json: { error: { message } } });

/** `path`: where it takes messages. */
export async function fakeCustom({ path = '/message' }: { path?: string } = {}): Promise<FakeCustom> {
	const server = await fakeServer((request) => (request.path.startsWith('/media/') ? serve(request) : answer(request)));
	const fake: FakeCustom = {
		server,
		fields: { channelId: CHANNEL_ID, token: TOKEN, url: server.url },
		wrongFields: { channelId: CHANNEL_ID, token: 'cst_00000000000000000000000000000000', url: server.url },
		taken: [],
		refusals: new Map(),
		files: new Map(),
		mediaUrl: (name) => `${server.url}/media/${encodeURIComponent(name)}`,
		close: () => server.close(),
	};

	function serve({ path: asked, headers }: Seen): Answer {
		// As hosts that give out files by signed links do.
		if (headers['authorization'] !== undefined) return { status: 400, text: 'two kinds of authorization' };
		return fake.files.get(decodeURIComponent(asked.slice('/media/'.length))) ?? { status: 404 };
	}

	function answer({ method, path: asked, headers, json }: Seen): Answer {
		if (method !== 'POST' || asked !== path) return { status: 404, text: `Cannot ${method} ${asked}` };
		if (headers['authorization'] !== `Bearer ${TOKEN}`) return error(401, '401: UNAUTHORIZED');
		if (headers['cache-control'] !== 'no-cache') return error(400, 'cache-control must be no-cache');
		const wrong = wrongWith(json);
		if (wrong !== undefined) return error(400, wrong);
		const taken = json as Posted;
		if (taken.channelId !== CHANNEL_ID) return error(404, 'channel not found');
		const refusal = fake.refusals.get(taken.contactId);
		if (refusal) return refusal;
		const mId = `prov-${fake.taken.length + 1}`;
		fake.taken.push({ ...taken, mId });
		return { json: { mId } };
	}

	return fake;
}
