import { deflateSync, crc32 } from 'node:zlib';
import { until } from '../until';
import { N8n, type WorkflowJson } from './kit/n8n';
import type { Provider } from './kit/provider';
import { startProviders } from './kit/providers';
import { Rest } from './kit/rest';
import { credentialsOf, importable, node, openedTrigger, ours, receiver, to } from './kit/workflows';

/**
 * On every channel: a picture comes in, a menu with buttons goes out and waits, a button is pressed, and the very bytes of
 * the picture go back: by upload, or fetched by the provider from our receiver. Telegram without a public address.
 */

jest.setTimeout(180_000);

const PUBLIC = 'https://n8n.example.test';
const LIMIT_MS = 30_000;
const WITH_BUTTONS = ['telegram', 'whatsapp', 'messenger', 'instagram', 'line', 'viber', 'wechat', 'tiktok'];
/** Where there are none, people write what they choose. */
const CHANNELS = [...WITH_BUTTONS, 'custom', 'sms', 'email'];
const contact = "={{ $('Opened').item.json.contact.id }}";
const menu = {
	text: 'Send it back?',
	choices: { values: [{ label: 'Yes, please', id: 'yes' }, { label: 'No', id: 'no' }] },
};

let n8n: N8n;
let rest: Rest;
let providers: Provider[] = [];

function workflow(): WorkflowJson {
	const common = { contact, connectedChannels: CHANNELS };
	const responses = Object.fromEntries(
		[...WITH_BUTTONS, 'custom'].flatMap((id) => [[`${id}MessageType`, 'choices'], [`${id}Text`, menu.text], [`${id}Choices`, menu.choices]] as [string, unknown][]),
	);
	return {
		id: 'media',
		name: 'Media',
		settings: { executionOrder: 'v1' },
		nodes: [
			openedTrigger('media-hook', providers, { telegramReceiveBy: 'polling' }),
			node('Menu', ours('sendMessage'), { ...common, text: menu.text, channelResponses: [...WITH_BUTTONS, 'custom'], ...responses, waitFor: 'reply', waitLimit: 5 }, {
				credentials: credentialsOf(providers),
			}),
			node('Back', ours('sendMessage'), { ...common, messageType: 'media', attachments: 'data', text: '' }, { credentials: credentialsOf(providers) }),
		],
		connections: { Opened: { main: [to('Menu')] }, Menu: { main: [to('Back')] } },
	};
}

beforeAll(async () => {
	n8n = await N8n.prepare({ env: { WEBHOOK_URL: `${PUBLIC}/` } });
	providers = await startProviders(n8n.url);
	n8n.importCredentials(importable(providers));
	n8n.import([workflow()]);
	await n8n.start();
	rest = await Rest.signIn(n8n.url);
	await rest.publish('media');
	for (const { channel, enter } of providers) if (enter) await until(() => enter(receiver(PUBLIC, 'media-hook', channel)), LIMIT_MS);
	await until(() => providers.every(({ registered, isAsked }) => isAsked?.() ?? (registered() ?? '') !== ''), LIMIT_MS);
});

afterAll(async () => {
	await n8n?.remove();
	for (const { close } of providers) await close();
});

test.each(CHANNELS)('%s', async (channel) => {
	const provider = providers.find((each) => each.channel === channel);
	if (!provider) throw new Error('no provider');
	const photo = png(channel.length);
	await provider.sendsPhoto(photo);
	// Picture channels show the question with buttons under it.
	await until(() => provider.saw(menu.text), LIMIT_MS);
	const waiting = async () => (await rest.executions('media')).some(({ status }) => status === 'waiting');
	await until(waiting, LIMIT_MS);
	await provider.presses();
	await until(async () => (await provider.photos()).length === 1, LIMIT_MS);
	expect((await provider.photos())[0]?.equals(photo)).toBe(true);
	await until(async () => !(await waiting()), LIMIT_MS);
	const [newest] = await rest.executions('media');
	const execution = await rest.execution(newest?.id ?? '');
	expect(execution.error).toBeUndefined();
	const [opened] = execution.items('Opened');
	expect(opened?.json).toMatchObject({ message: { type: 'media', attachments: [{ kind: 'image', mime: 'image/png', sizeBytes: photo.length }] } });
	expect(opened?.binary?.['data']).toMatchObject({ mimeType: 'image/png' });
	expect(execution.json('Menu')[0]).toMatchObject({
		message: WITH_BUTTONS.includes(channel) ? { type: 'choice', choice: { id: 'yes', label: 'Yes, please' } } : { type: 'text', text: 'Yes, please' },
	});
	expect(execution.json('Back')[0]).toMatchObject({ message: { status: 'sent', type: 'media', channel } });
});

/** A plain square, another one for each `shade`. */
function png(shade: number): Buffer {
	const chunk = (type: string, data: Buffer) => {
		const body = Buffer.concat([Buffer.from(type), data]);
		const size = Buffer.alloc(4);
		size.writeUInt32BE(data.length);
		const sum = Buffer.alloc(4);
		sum.writeUInt32BE(crc32(body));
		return Buffer.concat([size, body, sum]);
	};
	const header = Buffer.alloc(13);
	header.writeUInt32BE(8, 0);
	header.writeUInt32BE(8, 4);
	header[8] = 8;
	const rows = Buffer.concat(Array.from({ length: 8 }, () => Buffer.concat([Buffer.from([0]), Buffer.alloc(8, shade * 16)])));
	const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
	return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}
