import type { Desk } from '../../src/core/desk';
import { BOT_ID, fakeTelegram, PERSON, type FakeTelegram } from '../fakes/telegram';
import { FAKE, fakeWhatsApp, SHEENA } from '../fakes/whatsapp';
import { sendWith, writesOn } from './channel-contacts';
import { closeWorkspace, openWorkspace } from './workspace';

let desk: Desk;
const closing: { close(): Promise<void> }[] = [];
beforeEach(async () => {
	desk = await openWorkspace();
});
afterEach(async () => {
	await closeWorkspace();
	for (const server of closing.splice(0)) await server.close();
});

const ANN = { channel: 'telegram', account: String(BOT_ID), user: String(PERSON.id) } as const;

async function telegram(): Promise<FakeTelegram> {
	const fake = await fakeTelegram();
	closing.push(fake.server);
	return fake;
}

const SHEENA_HERE = { channel: 'whatsapp', account: FAKE.phoneNumberId, user: SHEENA.phone } as const;

test('an option that is no number is named, and nothing is sent', async () => {
	const fake = await telegram();
	const { item } = await writesOn(desk, ANN);
	const ran = await sendWith({ telegram: fake.fields }, { text: 'Hi', options: { retries: '={{ "many" }}' } }, [item]);
	expect(ran.out(1)).toMatchObject([{ failure: { code: 'configuration_invalid', reason: expect.stringContaining("'Max Retries' is not a number") as string } }]);
	expect(fake.server.requests).toEqual([]);
});

test('connected channels written as text: the website chat works; n8n gives no credential, which is said', async () => {
	const fake = await telegram();
	const [ann, bob] = [await writesOn(desk, ANN), await writesOn(desk, { channel: 'webchat', account: 'page-1', user: 'bob' })];
	const ran = await sendWith({ telegram: fake.fields }, { text: 'Hi', connectedChannels: 'webchat, telegram' }, [ann.item, bob.item]);
	expect(ran.out(1)).toMatchObject([{ failure: { code: 'channel_not_connected', channel: 'telegram' } }]);
	expect(ran.out()).toMatchObject([{ message: { channel: 'webchat', status: 'sent' } }]);
});

test('each contact is answered where it wrote, with the response of that channel', async () => {
	const fake = await telegram();
	const whatsapp = await fakeWhatsApp();
	closing.push(whatsapp.server);
	const [ann, sheena] = [await writesOn(desk, ANN), await writesOn(desk, SHEENA_HERE)];
	const parameters = { text: 'For all', channelResponses: ['whatsapp'], whatsappText: 'For WhatsApp' };
	const ran = await sendWith({ telegram: fake.fields, whatsapp: whatsapp.fields }, parameters, [ann.item, sheena.item]);
	expect(ran.out()).toHaveLength(2);
	expect(fake.sent).toMatchObject([{ args: { text: 'For all' } }]);
	expect(whatsapp.sent).toMatchObject([{ type: 'text', text: { body: 'For WhatsApp' } }]);
});
