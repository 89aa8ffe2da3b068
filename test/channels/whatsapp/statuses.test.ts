import { whatsapp } from '../../../src/channels/whatsapp';
import type { Desk } from '../../../src/core/desk';
import { receive } from '../../../src/core/inbox';
import { FAKE, graphError, SHEENA, status, webhook } from '../../fakes/whatsapp';
import { fakeServer, type Behaviour, type FakeServer } from '../../fakes/server';
import { BINARY, sendWith, writesOn } from '../../nodes/channel-contacts';
import { closeWorkspace, openWorkspace } from '../../nodes/workspace';
import { subject } from './subject';

/** Statuses that come while WhatsApp still answers: its webhooks and its answers take different ways. */

let desk: Desk;
let meta: FakeServer;
/** What WhatsApp says of the message that it is just given, before it answers; and the answer, when it is another. */
let meanwhile: (message: { id: string; word: unknown; index: number }) => Promise<Behaviour | undefined>;

beforeEach(async () => {
	desk = await openWorkspace();
	let sent = 0;
	meta = await fakeServer(async ({ path, json }) => {
		if (path.endsWith('/media')) return { json: { id: '1037543291543636' } };
		const [index, id] = [sent, `wamid.OUT${(sent += 1)}`];
		const other = await meanwhile({ id, word: (json as Record<string, unknown>)['biz_opaque_callback_data'], index });
		return other ?? { json: { messaging_product: 'whatsapp', contacts: [{ input: `+${SHEENA.phone}`, wa_id: SHEENA.phone }], messages: [{ id }] } };
	});
});
afterEach(async () => {
	await meta.close();
	await closeWorkspace();
});

const tell = async (news: Record<string, unknown>) => void (await receive(desk, whatsapp.webhook.parse(webhook(status(news)), subject.credential, FAKE.phoneNumberId)));
const SHEENA_HERE = { channel: 'whatsapp', account: FAKE.phoneNumberId, user: SHEENA.phone } as const;

async function send(parameters: Record<string, string>) {
	const { item } = await writesOn(desk, SHEENA_HERE);
	return await sendWith({ whatsapp: { ...FAKE, baseUrl: meta.url } }, { text: 'Hi', ...parameters }, [{ ...item, binary: BINARY }]);
}

test.each([
	['with our own id of it', (word: unknown) => ({ biz_opaque_callback_data: word })],
	['without it', () => ({})],
	['with the business-scoped id of the person only', (word: unknown) => ({ biz_opaque_callback_data: word, recipient_id: undefined, recipient_user_id: SHEENA.scoped })],
])('that a message was delivered, %s', async (_name, more) => {
	meanwhile = async ({ id, word }) => {
		await tell({ id, status: 'delivered', ...more(word) });
		return undefined;
	};
	const ran = await send({});
	expect(ran.out()).toMatchObject([{ message: { status: 'delivered', providerId: 'wamid.OUT1' } }]);
});

test('that it was not: the item is on the second output', async () => {
	meanwhile = async ({ id, word }) => {
		await tell({ id, status: 'failed', biz_opaque_callback_data: word, errors: [{ code: 131026, title: 'Message undeliverable' }] });
		return undefined;
	};
	const ran = await send({});
	expect(ran.out()).toEqual([]);
	expect(ran.out(1)).toMatchObject([{ failure: { code: 'recipient_unreachable', retryable: false } }]);
});

test('that the first part was delivered says nothing of the second, which is refused', async () => {
	meanwhile = async ({ id, word, index }) => {
		if (index === 1) return graphError(131053);
		await tell({ id, status: 'delivered', ...(word !== undefined && { biz_opaque_callback_data: word }) });
		return undefined;
	};
	const ran = await send({ messageType: 'media', attachments: 'picture, note' });
	expect(ran.out()).toEqual([]);
	expect(ran.out(1)).toMatchObject([{ failure: { code: 'content_unsupported', retryable: false, reason: expect.stringContaining('The first part') as string } }]);
});

test('that the first part was delivered, when its answer never came: the second was not sent', async () => {
	meanwhile = async ({ id, word }) => {
		await tell({ id, status: 'delivered', ...(word !== undefined && { biz_opaque_callback_data: word }) });
		return 'hang up';
	};
	const ran = await send({ messageType: 'media', attachments: 'picture, note' });
	expect(ran.out()).toEqual([]);
	expect(ran.out(1)).toMatchObject([{ failure: { code: 'outcome_unknown', retryable: false } }]);
});
