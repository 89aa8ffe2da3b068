import { sms } from '../../../src/channels/sms';

test.each([
	['+447700900123', '+447700900123'],
	['447700900123', null],
	['78787', null],
	['', null],
	[null, null],
])('D8: %j is written to as %j', (phone, user) => {
	expect(sms.reach?.({ phone, email: 'ann@example.test' })).toBe(user);
});
