import { createCipheriv, hkdfSync } from 'node:crypto';
import { seal, unseal } from '../../../src/n8n/calls/sealing';

const BY = { secret: 'app secret', key: 'wechat/app-1' };
const TOKEN = { token: 'ACCESS-token-ä', until: 1_795_000_000_000, refresh: 'REFRESH-token' };

test.each([[TOKEN], [{ token: '', until: null }], [{ token: 'x'.repeat(4_000), until: 0 }]])('what is sealed opens again (%#)', (token) => {
	expect(unseal(seal(token, BY), BY)).toEqual(token);
});

test('nothing of it can be read, and no two are alike', () => {
	const [one, two] = [Buffer.from(seal(TOKEN, BY)), Buffer.from(seal(TOKEN, BY))];
	for (const part of ['ACCESS', 'REFRESH', 'token', '1795', 'wechat', 'secret']) expect(one.includes(part)).toBe(false);
	expect(one[0]).toBe(1);
	expect(one.subarray(1, 13).equals(two.subarray(1, 13))).toBe(false);
	expect(one.subarray(13).equals(two.subarray(13))).toBe(false);
});

test('the format is the one that earlier versions wrote', () => {
	const nonce = Buffer.alloc(12, 7);
	const key = new Uint8Array(hkdfSync('sha256', BY.secret, '', 'n8n-nodes-conversations/provider-token/1', 32));
	const cipher = createCipheriv('aes-256-gcm', key, nonce);
	cipher.setAAD(Buffer.from(BY.key));
	const text = Buffer.concat([cipher.update(JSON.stringify(TOKEN)), cipher.final()]);
	expect(unseal(Buffer.concat([Buffer.of(1), nonce, cipher.getAuthTag(), text]), BY)).toEqual(TOKEN);
});

test.each([
	['another secret', { ...BY, secret: 'app secret 2' }],
	['another name', { ...BY, key: 'wechat/app-2' }],
])('%s opens nothing', (_what, by) => {
	expect(unseal(seal(TOKEN, BY), by)).toBeNull();
});

test('not one changed bit passes, and nothing that was cut short', () => {
	const sealed = seal(TOKEN, BY);
	for (let index = 0; index < sealed.length; index++) {
		const changed = Uint8Array.from(sealed);
		changed[index] = (changed[index] ?? 0) ^ 1;
		expect(unseal(changed, BY)).toBeNull();
		expect(unseal(sealed.subarray(0, index), BY)).toBeNull();
	}
	expect(unseal(Buffer.from('garbage'.repeat(20)), BY)).toBeNull();
});

test.each([['null'], ['"text"'], ['{}'], ['{"token":"a"}'], ['{"token":1,"until":null}'], ['{"token":"a","until":"b"}'], ['not JSON']])(
	'%s is no token, whoever sealed it',
	(text) => {
		const nonce = Buffer.alloc(12);
		const cipher = createCipheriv('aes-256-gcm', new Uint8Array(hkdfSync('sha256', BY.secret, '', 'n8n-nodes-conversations/provider-token/1', 32)), nonce);
		cipher.setAAD(Buffer.from(BY.key));
		const sealed = Buffer.concat([cipher.update(text), cipher.final()]);
		expect(unseal(Buffer.concat([Buffer.of(1), nonce, cipher.getAuthTag(), sealed]), BY)).toBeNull();
	},
);
