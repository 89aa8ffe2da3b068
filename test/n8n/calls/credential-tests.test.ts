import type { ICredentialTestFunctions } from 'n8n-workflow';
import { channelIds, channels } from '../../../src/channels';
import { ConversationsError, failure } from '../../../src/core/failure';
import { credentialTest, credentialTests } from '../../../src/n8n/calls/credential-tests';
import { closeHost } from '../../../src/n8n/host';
import { fakeMessenger } from '../../fakes/messenger';
import { plainFields, plainProvider, TOKEN } from '../../fakes/provider';
import { fakeServer } from '../../fakes/server';
import { fakeTelegram } from '../../fakes/telegram';
import { fakeWhatsApp } from '../../fakes/whatsapp';

/** The tests ask n8n for nothing. */
const editor = {} as ICredentialTestFunctions;

/** Some open it to have a place for a token. */
afterAll(closeHost);

async function answerOf(test: (typeof credentialTests)[string] | undefined, fields: Record<string, unknown>) {
	return await test?.call(editor, { id: '1', name: 'Mine', type: 'x', data: fields as Record<string, string> });
}

test('there is one for every channel with a provider, and no other', () => {
	const expected = channelIds.filter((id) => channels[id].provider).map((id) => `${id}Test`);
	expect(Object.keys(credentialTests)).toEqual(expected);
});

test.each([
	['telegram', fakeTelegram, 'Connected to the bot @shop_bot.'],
	['whatsapp', fakeWhatsApp, '+1 555-078-3881'],
	['messenger', fakeMessenger, 'Lucky Shrub'],
] as const)('%s: says what it is connected to, and the cause when the token is wrong', async (id, start, said) => {
	const fake = await start();
	const good = await answerOf(credentialTests[`${id}Test`], fake.fields);
	const wrong = await answerOf(credentialTests[`${id}Test`], fake.wrongFields);
	await fake.server.close();
	expect(good).toEqual({ status: 'OK', message: expect.stringContaining(said) as string });
	expect(wrong).toEqual({ status: 'Error', message: expect.stringMatching(/token/i) as string });
	for (const value of Object.values(fake.wrongFields)) {
		if (/token|secret/i.test(value as string)) expect(wrong?.message).not.toContain(value);
	}
});

test.each(channelIds.filter((id) => channels[id].provider))('%s: a credential with nothing in it names a field', async (id) => {
	expect(await answerOf(credentialTests[`${id}Test`], {})).toEqual({ status: 'Error', message: expect.stringMatching(/^'[A-Z].*' of the credential is empty/) as string });
});

test('a provider that nobody answers for', async () => {
	const server = await fakeServer(() => 'hang up');
	await server.close();
	const fields = { botToken: '7000000001:AAFakeBotToken', baseUrl: server.url };
	expect(await answerOf(credentialTests['telegramTest'], fields)).toEqual({ status: 'Error', message: expect.stringContaining('Telegram') as string });
});

describe('what a test of a provider throws', () => {
	const thrown = async (error: Error) => await answerOf(credentialTest('Plain', plainProvider({ test: () => Promise.reject(error) })), plainFields('http://127.0.0.1:9'));

	test('its own sentence is shown', async () => {
		expect(await thrown(new ConversationsError(failure('configuration_invalid', 'The number is not registered. Register it.')))).toEqual({
			status: 'Error',
			message: 'The number is not registered. Register it.',
		});
	});

	test('anything else is told by its kind alone', async () => {
		const { message } = (await thrown(new TypeError(`Bearer ${TOKEN} is wrong`))) ?? { message: '' };
		expect(message).toContain('Plain (TypeError)');
		expect(message).not.toContain(TOKEN);
		expect(await thrown('a string' as unknown as Error)).toMatchObject({ status: 'Error' });
	});

	test('a credential that n8n gives without data is empty', async () => {
		expect(await credentialTest('Plain', plainProvider()).call(editor, { id: '1', name: 'Mine', type: 'x' })).toMatchObject({
			status: 'Error',
			message: expect.stringContaining("'Token'") as string,
		});
	});
});
