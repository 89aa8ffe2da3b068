import fc from 'fast-check';
import { EndlessEvent, SseParser } from '../../src/webchat/logic/sse';

function parse(slices: readonly string[]): [string, string][] {
	const events: [string, string][] = [];
	const parser = new SseParser((name, data) => events.push([name, data]));
	for (const slice of slices) parser.feed(slice);
	return events;
}

describe('event streams', () => {
	test.each<[string, string, [string, string][]]>([
		['an event with a name', 'event: typing\ndata: {"on":true}\n\n', [['typing', '{"on":true}']]],
		['an event without a name is a message', 'data: x\n\n', [['message', 'x']]],
		['several data lines are one text', 'data: a\ndata: b\n\n', [['message', 'a\nb']]],
		['comments, ids, retries and unknown fields say nothing', ': keep-alive\n\nid: 4\nretry: 5\nfoo: bar\ndata: x\n\n', [['message', 'x']]],
		['an event without data is none', 'event: typing\n\ndata: x\n\n', [['message', 'x']]],
		['only one space is cut off', 'data:  x\ndata:y\n\n', [['message', ' x\ny']]],
		['a field without a colon has an empty value', 'data\n\n', [['message', '']]],
		['an unfinished event is not given', 'data: x\n', []],
		['a byte order mark is passed over', '\uFEFFdata: x\n\n', [['message', 'x']]],
	])('%s', (_, text, events) => expect(parse([text])).toEqual(events));

	test('any line ends and any cuts give the same events', () => {
		const lines = ['event: snapshot', 'data: {"a":1}', '', ': hello', '', 'data: one', 'data: two', '', 'data: ünï', ''];
		const whole = parse([`${lines.join('\n')}\n`]);
		expect(whole).toEqual([
			['snapshot', '{"a":1}'],
			['message', 'one\ntwo'],
			['message', 'ünï'],
		]);
		fc.assert(
			fc.property(fc.constantFrom('\n', '\r\n', '\r'), fc.array(fc.nat(120)), (end, cuts) => {
				const text = lines.join(end) + end;
				const at = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
				const slices = at.slice(1).map((cut, i) => text.slice(at[i], cut));
				expect(parse(slices)).toEqual(whole);
			}),
		);
	});

	test('an event that never ends is given up, heartbeats for ever are not', () => {
		const parser = new SseParser(() => undefined);
		const comment = `: ${'x'.repeat(100_000)}\n`;
		for (let i = 0; i < 400; i++) parser.feed(comment);
		const endless = () => {
			for (let i = 0; i < 400; i++) parser.feed(`data: ${'x'.repeat(100_000)}`);
		};
		expect(endless).toThrow(EndlessEvent);
	});
});
