import { parseAnswer, parseBody } from '../../../src/channels/kit/json';
import { MalformedPayload } from '../../../src/core/channel';

const parsed = (json: string) => parseBody(Buffer.from(json));

test.each([
	['a whole number of 19 digits is text', '{"message_token":5100000000000000009}', { message_token: '5100000000000000009' }],
	['also a negative one, and in a list', '{"ids":[-1234567890123456789,1]}', { ids: ['-1234567890123456789', 1] }],
	['15 digits stay a number', '{"timestamp":176375000000012}', { timestamp: 176375000000012 }],
	['a fraction of 16 digits stays a number', '{"latitude":0.1278123456789012,"longitude":-13.7366128123456789}', { latitude: 0.1278123456789012, longitude: -13.736612812345679 }],
	['a number with a point or an exponent behind stays one', '{"a":12345678901234567.5,"b":12345678901234567e2}', { a: 12345678901234567.5, b: 12345678901234567e2 }],
	['digits in texts are left alone, also behind an escaped quotation mark', '{"text":"say \\"5100000000000000009\\" 5100000000000000009"}', { text: 'say "5100000000000000009" 5100000000000000009' }],
])('%s', (_name, json, expected) => {
	expect(parsed(json)).toEqual(expected);
});

test.each([['no JSON', '{"a":'], ['a list', '[]'], ['nothing', '']])('%s is refused with a sentence', (_name, json) => {
	expect(() => parsed(json)).toThrow(MalformedPayload);
	expect(parseAnswer(Buffer.from(json))).toEqual({});
});
