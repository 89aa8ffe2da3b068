import type { ICredentialDataDecryptedObject, INode, INodeType } from 'n8n-workflow';
import { channels } from '../../../src/channels';
import type { ChannelId } from '../../../src/core/channel';
import type { Connection } from '../../../src/core/connection';
import { ConversationsError, failure } from '../../../src/core/failure';
import type { Provider } from '../../../src/core/provider';
import { connectionsOf } from '../../../src/n8n/calls/connections';
import { storeFile } from '../../../src/n8n/files/stored-files';
import { testDesk, type TestDesk } from '../../core/desk';
import { plainFields, plainProvider, TOKEN, type PlainCredential } from '../../fakes/provider';
import { fakeServer, type FakeServer } from '../../fakes/server';
import { runWorkflow, start } from '../engine';

const TYPE = 'conversationsTelegramApi';
type Connections = Partial<Record<ChannelId, Connection>>;

let server: FakeServer;
let desk: TestDesk;
let token: string;
let tokens = 0;
beforeEach(async () => {
	token = `${TOKEN}-${(tokens += 1)}`;
	[server, desk] = [await fakeServer(() => ({ text: 'bot-1' })), await testDesk()];
});
afterEach(() => Promise.all([server.close(), desk.dispose()]));

interface Setting {
	ids: readonly ChannelId[];
	provider?: Partial<Provider<PlainCredential>>;
	/** What n8n has stored; null: nothing that it can read. */
	fields?: ICredentialDataDecryptedObject | null;
	/** Whether a credential is chosen on the node. */
	chosen?: boolean;
	/** The channels parameter, by which n8n shows and hides credentials. */
	shown?: readonly string[];
	required?: boolean;
}

/** What a node with these channels and credentials gets, in n8n's own engine. */
async function connect({ ids, provider = {}, fields, chosen = true, shown = ['telegram'], required = false }: Setting): Promise<Connections> {
	let connections: Connections = {};
	const telegram = { ...channels.telegram, provider: plainProvider(provider) as Provider };
	const withFake = { ...desk, channel: (id: ChannelId) => (id === 'telegram' ? telegram : channels[id]) };
	const type: INodeType = {
		description: {
			...start.description,
			name: 'asks',
			credentials: [{ name: TYPE, required, displayOptions: { show: { channels: ['telegram'] } } }],
			properties: [{ displayName: 'Channels', name: 'channels', type: 'multiOptions', default: [], options: [] }],
		},
		async execute() {
			connections = await connectionsOf(this, { desk: withFake }, ids, 0);
			return [this.getInputData()];
		},
	};
	const node: INode = {
		id: 'n', name: 'Asks', type: 'asks', typeVersion: 1, position: [0, 0], parameters: { channels: [...shown] },
		...(chosen && { credentials: { [TYPE]: { id: '1', name: 'Shop' } } }),
	};
	const credentials: Record<string, ICredentialDataDecryptedObject> = fields === null ? {} : { [TYPE]: fields ?? (plainFields(server.url, { token }) as ICredentialDataDecryptedObject) };
	const run = await runWorkflow({ nodes: [node], connections: {}, nodeTypes: { asks: type }, credentials });
	expect(run.error).toBeUndefined();
	return connections;
}

function usable(connection: Connection | undefined) {
	if (!connection || 'failure' in connection) throw new Error('The channel is not connected.');
	return connection;
}

test('a provider channel: its account, its calls with its credential, and what it may send in a month', async () => {
	const { telegram } = await connect({ ids: ['telegram'], provider: { monthlyQuota: ({ limit }) => limit }, fields: plainFields(server.url, { token, limit: '500' }) as ICredentialDataDecryptedObject });
	const { accounts, ports, monthlyQuota } = usable(telegram);
	expect([accounts, monthlyQuota]).toEqual([['bot-1'], 500]);
	await ports.http({ method: 'POST', url: '/send' });
	expect(server.requests.at(-1)).toMatchObject({ path: '/send', headers: { authorization: `Bearer ${token}` } });
	expect(ports.credential).toMatchObject({ token });
});

test('without a quota nothing is counted', async () => {
	expect(usable((await connect({ ids: ['telegram'] })).telegram).monthlyQuota).toBeNull();
});

test('its files are those of the store', async () => {
	const { ports } = usable((await connect({ ids: ['telegram'] })).telegram);
	const { fileId } = await storeFile(desk, { name: 'a.txt', bytes: Buffer.from('hello'), owner: null });
	expect(Buffer.from(await ports.file(fileId)).toString()).toBe('hello');
	expect(await ports.durationMs(fileId)).toBeNull();
	await expect(ports.file('gone')).rejects.toMatchObject({ failure: { code: 'content_unsupported', channel: 'telegram' } });
	await expect(ports.publicUrl({ fileId })).rejects.toMatchObject({ failure: { code: 'configuration_invalid', channel: 'telegram' } });
});

test('the website chat needs no credential and serves all its pages', async () => {
	const { webchat, telegram } = await connect({ ids: ['webchat', 'telegram'], chosen: false });
	expect(usable(webchat)).toMatchObject({ accounts: null, monthlyQuota: null });
	await expect(usable(webchat).ports.http({ method: 'GET', url: '/' })).rejects.toThrow();
	expect(telegram).toBeUndefined();
	expect(server.requests).toEqual([]);
});

test.each([
	['none is chosen', { chosen: false }],
	['none is chosen where one is required', { chosen: false, required: true }],
	["the node's parameters hide it", { shown: [] }],
])('without a credential a channel is left out: %s', async (_name, setting) => {
	expect(await connect({ ids: ['telegram'], ...setting })).toEqual({});
	expect(server.requests).toEqual([]);
});

test('a credential that n8n cannot read is not the same as none', async () => {
	const { telegram } = await connect({ ids: ['telegram'], fields: null });
	expect(telegram).toMatchObject({ failure: { code: 'credential_invalid', channel: 'telegram', retryable: false } });
	expect(JSON.stringify(telegram)).toContain('choose it on this node again');
});

test('a field that is missing is named, and other channels go on', async () => {
	const connections = await connect({ ids: ['telegram', 'webchat'], fields: { token: '', baseUrl: server.url } });
	expect(connections.telegram).toMatchObject({
		failure: { code: 'credential_invalid', channel: 'telegram', reason: "'Token' of the credential is empty. Fill it in." },
	});
	expect(usable(connections.webchat).accounts).toBeNull();
});

test('an account that cannot be found out says why', async () => {
	const refuse = () => Promise.reject(new ConversationsError(failure('credential_invalid', 'The token is not known. Copy it anew.')));
	const { telegram } = await connect({ ids: ['telegram'], provider: { account: refuse } });
	expect(telegram).toMatchObject({ failure: { code: 'credential_invalid', channel: 'telegram', reason: 'The token is not known. Copy it anew.' } });
	expect(JSON.stringify(telegram)).not.toContain(token);
});

test('an address that is somebody else is told as such', async () => {
	server.next('/me', { bytes: Buffer.alloc(2 * 1024 * 1024) });
	const { telegram } = await connect({ ids: ['telegram'] });
	expect(telegram).toMatchObject({ failure: { code: 'configuration_invalid', channel: 'telegram' } });
});

test('a channel that is asked for twice is resolved once', async () => {
	expect(Object.keys(await connect({ ids: ['telegram', 'telegram'] }))).toEqual(['telegram']);
	expect(server.requests).toHaveLength(1);
});
