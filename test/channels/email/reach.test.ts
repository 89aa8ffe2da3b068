import { email } from '../../../src/channels/email';

test.each([
	['ann@example.test', 'ann@example.test'],
	[' Ann@Example.Test ', 'ann@example.test'],
	['Ann Lee <ann@example.test>', null],
	['ann', null],
	['', null],
	[null, null],
])('D8: %j is written to as %j', (address, user) => {
	expect(email.reach?.({ phone: '+447700900123', email: address })).toBe(user);
});
