import { accountOf, callPorts } from '../../../src/n8n/calls/accounts';
import { InputError } from '../../../src/core/failure';
import { plainFields, plainProvider } from '../../fakes/provider';
import { fakeServer, type Behaviour, type FakeServer } from '../../fakes/server';

let server: FakeServer;
let answers: Behaviour[];
beforeEach(async () => {
	answers = [];
	server = await fakeServer(({ headers }) => answers.shift() ?? { text: `account of ${headers['x-number'] ?? headers['authorization']}` });
});
afterEach(() => server.close());

const provider = plainProvider();
let tokens = 0;
/** Each test with a credential of its own: what is remembered is remembered for the whole process. */
const fields = () => plainFields(server.url, { token: `token-${(tokens += 1)}` });

test('our end is asked for once, also by many at the same time', async () => {
	const mine = fields();
	const found = await Promise.all([1, 2, 3].map(() => accountOf(provider, mine)));
	found.push(await accountOf(provider, { ...mine }));
	expect(found.map(({ account }) => account)).toEqual(Array(4).fill(`account of Bearer token-${tokens}`));
	expect(found[0]?.credential).toMatchObject({ token: mine['token'] });
	expect(server.requests).toHaveLength(1);
	expect(await found[0]?.ports.http({ method: 'GET', url: '/x' })).toMatchObject({ status: 200 });
});

test('another secret or another address is another account', async () => {
	const other = await fakeServer(() => ({ text: 'elsewhere' }));
	const mine = fields();
	await accountOf(provider, mine);
	expect((await accountOf(provider, fields())).account).toContain(`token-${tokens}`);
	expect((await accountOf(provider, { ...mine, baseUrl: other.url })).account).toBe('elsewhere');
	await other.close();
});

test('one secret may serve several accounts: the other fields tell them apart', async () => {
	const byNumber = plainProvider({ account: ({ credential }) => Promise.resolve(`number ${credential.limit}`) });
	const mine = fields();
	expect((await accountOf(byNumber, { ...mine, limit: '1' })).account).toBe('number 1');
	expect((await accountOf(byNumber, { ...mine, limit: '2' })).account).toBe('number 2');
});

test('what did not work is asked again', async () => {
	const mine = fields();
	answers.push('hang up');
	const tries = [accountOf(provider, mine), accountOf(provider, mine)];
	for (const each of tries) await expect(each).rejects.toThrow();
	expect((await accountOf(provider, mine)).account).toContain('account of');
	expect(server.requests).toHaveLength(2);
});

test('a field that is missing is named', async () => {
	await expect(accountOf(provider, { ...fields(), token: ' ' })).rejects.toThrow(InputError);
	expect(() => callPorts(provider, { ...fields(), token: '' })).toThrow("'Token' of the credential is empty");
	expect(server.requests).toEqual([]);
});
