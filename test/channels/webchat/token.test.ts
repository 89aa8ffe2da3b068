import { fileQuery, mayReadFile } from '../../../src/channels/kit/file-link';
import { isDueForRenewal, issueToken, readToken } from '../../../src/channels/webchat/token';
import { token } from './subject';

const KEY = Buffer.from('0123456789abcdef0123456789abcdef');
const AT = Date.parse('2026-11-21T10:00:00Z');
const DAY_MS = 24 * 60 * 60 * 1000;
const USER = 'AAAAAAAAAAAAAAAAAAAAAA';

test('a token names its visitor on its own account only', () => {
	const visitor = { account: 'page-1', user: USER, issuedAt: AT };
	expect(issueToken(visitor, KEY)).toBe(token());
	expect(readToken(token(), KEY, 'page-1', AT)).toEqual(visitor);
	expect(readToken(token(), KEY, 'page-2', AT)).toBeNull();
	expect(readToken(token(), KEY, 'test:page-1', AT)).toBeNull();
});

test('a token lives half a year from its last renewal and is due for one after a day', () => {
	expect(readToken(token(), KEY, 'page-1', AT + 180 * DAY_MS)).not.toBeNull();
	expect(readToken(token(), KEY, 'page-1', AT + 180 * DAY_MS + 1)).toBeNull();
	const visitor = { account: 'page-1', user: USER, issuedAt: AT };
	expect(isDueForRenewal(visitor, AT + DAY_MS)).toBe(false);
	expect(isDueForRenewal(visitor, AT + DAY_MS + 1)).toBe(true);
});

test.each([
	['another version', token().replace(/^1/, '2')],
	['a fourth part', `${token()}.x`],
	['no signature', token().split('.').slice(0, 2).join('.')],
	['another user under the same signature', token({ u: 'BBBBBBBBBBBBBBBBBBBBBB' }).split('.').slice(0, 2).join('.') + '.' + token().split('.')[2]],
	['nothing', ''],
])('%s is no token', (_name, forged) => {
	expect(readToken(forged, KEY, 'page-1', AT)).toBeNull();
});

test("a file's address is good for that file, for a day at least and two at most", () => {
	const query = Object.fromEntries(new URLSearchParams(fileQuery('file-1', KEY, AT)));
	expect(mayReadFile(query, KEY, AT + DAY_MS)).toBe(true);
	expect(mayReadFile(query, KEY, AT + 2 * DAY_MS + 1)).toBe(false);
	expect(mayReadFile({ ...query, id: 'file-2' }, KEY, AT)).toBe(false);
	expect(mayReadFile({ ...query, until: `${Number(query['until']) + 1}` }, KEY, AT)).toBe(false);
	expect(mayReadFile({}, KEY, AT)).toBe(false);
});
