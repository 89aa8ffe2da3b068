import { randomInt } from 'node:crypto';
import type { FakeProvider } from '../contracts/channel';
import { fakeServer, type Answer, type Seen } from './server';
import { graphError, messageRefusal, uploadRefusal, type FakeTemplate, type Json } from './whatsapp-rules';
import { encode, FAKE, sign } from './whatsapp-webhooks';

export { graphError, type FakeTemplate } from './whatsapp-rules';
export * from './whatsapp-webhooks';

export interface FakeWhatsApp extends FakeProvider {
	/** The messages that were accepted, in order. */
	sent: (Json & { id: string })[];
	media: Map<string, { bytes: Uint8Array; mime: string; name: string }>;
	templates: FakeTemplate[];
	/** Users (digits or business-scoped ids) whose window is closed, who are not on WhatsApp, who got too much. */
	closed: Set<string>;
	unregistered: Set<string>;
	crowded: Set<string>;
	/** Numbers that WhatsApp spells in another way, and how. */
	spellings: Map<string, string>;
	/** What the number says of itself. */
	number: Json;
	/** Numbers of the account. */
	numbers: string[];
	/** Whether the token has the permission to manage. */
	mayManage: boolean;
	isSubscribed: boolean;
	/** The addresses of the number and of the app. */
	override: string;
	appCallback: { url: string; fields: string[] } | null;
	/** A file that a person sends; its id. */
	addMedia(file: { bytes: Uint8Array; mime: string; name?: string }): string;
	/** Posts to an address; the status that was answered. */
	deliver(url: string, body: Json): Promise<number>;
	/** Posts to where the number's webhooks go. */
	post(body: Json): Promise<number>;
}

export interface FakeWhatsAppOptions {
	/** Where addresses of receivers really are, e.g. 'http://127.0.0.1:5678'. */
	receiverOrigin?: string;
}

const APP_TOKEN = `${FAKE.appId}|${FAKE.appSecret}`;
const NUMBER_FIELDS = ['id', 'display_phone_number', 'verified_name', 'code_verification_status', 'platform_type', 'quality_rating', 'name_status', 'throughput', 'webhook_configuration'];
const success: Answer = { json: { success: true } };

export async function fakeWhatsApp({ receiverOrigin }: FakeWhatsAppOptions = {}): Promise<FakeWhatsApp> {
	let lastId = 0;
	const nextId = () => String(1037543291543636 + (lastId += 1));
	const real = (url: string) => {
		const { origin, href } = new URL(url);
		return receiverOrigin === undefined ? href : href.replace(origin, receiverOrigin);
	};

	/** The call that Meta makes before it takes an address. */
	const addressRefusal = async (url: unknown, word: unknown): Promise<Answer | null> => {
		if (typeof url !== 'string' || !url.startsWith('https://') || url.length > 200) return graphError(100, '(#100) override_callback_uri must be an https URL of at most 200 characters');
		const challenge = String(randomInt(1_000_000_000, 2_000_000_000));
		const query = new URLSearchParams({ 'hub.mode': 'subscribe', 'hub.challenge': challenge, 'hub.verify_token': String(word) });
		const answer = await fetch(`${real(url)}?${query.toString()}`).then(async (response) => ({ status: response.status, text: await response.text() }), () => ({ status: 0, text: '' }));
		if (answer.status === 200 && answer.text === challenge) return null;
		return graphError(2200, `(#2200) Callback verification failed with the following errors: HTTP Status Code = ${answer.status}`);
	};

	const send = (body: unknown): Answer => {
		const refusal = messageRefusal(body, fake);
		if (refusal) return refusal;
		const message = body as Json & { to?: string; recipient?: string };
		const to = message.to?.slice(1);
		const user = to ?? message.recipient ?? '';
		if (to === FAKE.displayPhone) return graphError(131021, '(#131021) Recipient cannot be sender');
		if (fake.unregistered.has(user)) return graphError(131026, '(#131026) Message undeliverable');
		if (fake.crowded.has(user)) return graphError(131056, '(#131056) (Business Account, Consumer Account) pair rate limit hit');
		if (fake.closed.has(user) && message['type'] !== 'template') return graphError(131047, '(#131047) Re-engagement message', { details: 'Message failed to send because more than 24 hours have passed since the customer last replied to this number.' });
		const id = `wamid.HBgL${nextId()}`;
		fake.sent.push({ ...message, id });
		const contact = to === undefined ? { input: user, user_id: user } : { input: `+${to}`, wa_id: fake.spellings.get(to) ?? to };
		const status = message['type'] === 'template' ? { message_status: 'accepted' } : {};
		return { json: { messaging_product: 'whatsapp', contacts: [contact], messages: [{ id, ...status }] } };
	};

	const upload = ({ form }: Seen): Answer | Promise<Answer> => {
		const refusal = uploadRefusal(form);
		const { file } = form;
		if (refusal || !(file instanceof File)) return refusal ?? graphError(100);
		return file.arrayBuffer().then((bytes) => ({ json: { id: fake.addMedia({ bytes: new Uint8Array(bytes), mime: file.type, name: file.name }) } }));
	};

	const numberAnswer = async ({ method, query, json }: Seen): Promise<Answer> => {
		if (!fake.mayManage) return graphError(200, '(#200) You do not have the necessary permissions');
		if (method === 'GET') {
			const fields = (query['fields'] ?? 'id').split(',');
			const stranger = fields.find((field) => !NUMBER_FIELDS.includes(field));
			if (stranger) return graphError(100, `(#100) Tried accessing nonexisting field (${stranger})`);
			const all: Json = { ...fake.number, webhook_configuration: { ...(fake.override && { phone_number: fake.override }), ...(fake.appCallback && { application: fake.appCallback.url }) } };
			return { json: { ...Object.fromEntries(fields.filter((field) => field in all).map((field) => [field, all[field]])), id: FAKE.phoneNumberId } };
		}
		const { override_callback_uri: url, verify_token: word } = ((json as Json)['webhook_configuration'] ?? {}) as Json;
		if (url !== '') {
			if (!fake.isSubscribed) return graphError(100, '(#100) The app is not subscribed to the WhatsApp Business Account');
			const refusal = await addressRefusal(url, word);
			if (refusal) return refusal;
		}
		fake.override = String(url);
		return success;
	};

	const accountAnswer = ({ method, query }: Seen, edge: string): Answer => {
		if (!fake.mayManage) return graphError(200, '(#200) You do not have the necessary permissions');
		if (edge === 'subscribed_apps') {
			if (method === 'POST') fake.isSubscribed = true;
			const app = { whatsapp_business_api_data: { id: FAKE.appId, link: 'https://www.example.test/', name: 'My app' } };
			return method === 'POST' ? success : { json: { data: fake.isSubscribed ? [app] : [] } };
		}
		if (edge === 'phone_numbers') return { json: { data: fake.numbers.map((id) => ({ id })) } };
		const status = query['status']?.toUpperCase();
		const found = fake.templates.filter((template) => status === undefined || template.status === status);
		const [start, limit] = [Number(query['after'] ?? 0), Number(query['limit'] ?? 25)];
		const end = start + limit;
		return { json: { data: found.slice(start, end), paging: { cursors: { before: String(start), after: String(end) }, ...(end < found.length && { next: `https://graph.example.test/?after=${end}` }) } } };
	};

	const appAnswer = async ({ method, form }: Seen, edge: string): Promise<Answer> => {
		if (edge !== 'subscriptions') return graphError(2500, 'Unknown path components');
		if (method === 'GET') {
			const { appCallback: app } = fake;
			const entry = app && { object: 'whatsapp_business_account', callback_url: app.url, active: true, fields: app.fields.map((name) => ({ name, version: 'v26.0' })) };
			return { json: { data: entry ? [entry] : [] } };
		}
		if (form['object'] !== 'whatsapp_business_account') return graphError(100, '(#100) Param object must be one of {…}');
		const { callback_url: url, fields } = form;
		const refusal = await addressRefusal(url, form['verify_token']);
		if (refusal) return refusal;
		if (typeof url !== 'string' || typeof fields !== 'string') return graphError(100);
		fake.appCallback = { url, fields: fields.split(',') };
		return success;
	};

	const answer = (seen: Seen): Answer | Promise<Answer> => {
		const { method, path, query, headers } = seen;
		const isOwner = headers['authorization'] === `Bearer ${FAKE.accessToken}`;
		const file = /^\/whatsapp_business\/attachments\/(\d+)$/.exec(path);
		if (file) {
			const found = fake.media.get(file[1] ?? '');
			if (!isOwner) return { status: 401, text: 'unauthorized' };
			return found ? { bytes: found.bytes, headers: { 'content-type': found.mime } } : { status: 404 };
		}
		const [version, id = '', edge = ''] = path.split('/').slice(1);
		if (version !== FAKE.graphVersion) return graphError(2500, 'Unknown path components');
		if (id === FAKE.appId) return query['access_token'] === APP_TOKEN ? appAnswer(seen, edge) : graphError(190, 'Invalid OAuth access token signature.');
		if (query['access_token'] !== undefined) return graphError(101, 'Error validating application. Cannot get application info due to a system error.');
		if (!isOwner) return graphError(190, 'Invalid OAuth access token - Cannot parse access token');
		if (id === FAKE.phoneNumberId) {
			if (edge === '') return numberAnswer(seen);
			if (method === 'POST' && edge === 'messages') return send(seen.json);
			if (method === 'POST' && edge === 'media') return upload(seen);
		}
		if (id === FAKE.businessAccountId) return accountAnswer(seen, edge);
		const media = fake.media.get(id);
		if (method === 'GET' && media && (query['phone_number_id'] ?? FAKE.phoneNumberId) === FAKE.phoneNumberId) {
			return { json: { messaging_product: 'whatsapp', url: `${server.url}/whatsapp_business/attachments/${id}`, mime_type: media.mime, sha256: 'hash', file_size: String(media.bytes.length), id } };
		}
		return graphError(100, `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions`, { subcode: 33 });
	};

	const server = await fakeServer(answer);
	const { accessToken, phoneNumberId, businessAccountId, appId, appSecret, verifyToken, graphVersion } = FAKE;
	const fields = { accessToken, phoneNumberId, businessAccountId, appId, appSecret, verifyToken, graphVersion, baseUrl: server.url };
	const fake: FakeWhatsApp = {
		server,
		fields,
		wrongFields: { ...fields, accessToken: 'EAAGwrongtoken' },
		sent: [],
		media: new Map(),
		templates: [],
		closed: new Set(),
		unregistered: new Set(),
		crowded: new Set(),
		spellings: new Map(),
		number: { display_phone_number: '+1 555-078-3881', verified_name: 'Lucky Shrub', code_verification_status: 'VERIFIED', platform_type: 'CLOUD_API', quality_rating: 'GREEN', throughput: { level: 'STANDARD' } },
		numbers: ['1111111111', phoneNumberId],
		mayManage: true,
		isSubscribed: false,
		override: '',
		appCallback: null,
		addMedia: ({ bytes, mime, name = 'file' }) => {
			const id = nextId();
			fake.media.set(id, { bytes, mime, name });
			return id;
		},
		deliver: async (url, body) => {
			const bytes = encode(body);
			const response = await fetch(real(url), { method: 'POST', headers: { 'content-type': 'application/json', 'x-hub-signature-256': sign(bytes) }, body: new Uint8Array(bytes) });
			await response.arrayBuffer();
			return response.status;
		},
		post: (body) => fake.deliver(fake.override || (fake.appCallback?.url ?? ''), body),
	};
	return fake;
}
