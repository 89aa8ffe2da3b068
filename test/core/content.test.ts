import { channels } from '../../src/channels';
import type { Attachment, Channel, Content } from '../../src/core/channel';
import { contentRefusal, textLength } from '../../src/core/content';

const channel = (can: Partial<Channel['can']>): Channel => ({
	...channels.webchat,
	can: { ...channels.webchat.can, ...can },
});
const file = (sizeBytes: number): Attachment => ({ fileId: 'f', kind: 'file', name: 'a.pdf', mime: 'application/pdf', sizeBytes });

test.each([
	['codepoint', '🤖é', 2],
	['utf16', '🤖é', 3],
	['byte', '🤖é', 6],
] as const)('a text counted by %s', (unit, text, length) => {
	expect(textLength(text, unit)).toBe(length);
});

test.each<[string, Partial<Channel['can']>, Content, RegExp | null]>([
	['a kind the channel cannot send', { contents: ['text'] }, { kind: 'media', attachments: [file(1)], text: null }, /cannot send.*'media'/],
	['the channel is stricter than 2,000: it is named', { text: { max: 1000, unit: 'byte' } }, { kind: 'text', text: 'é'.repeat(501) }, /1002 bytes.*Website Chat takes at most 1000/],
	['exactly at the channel\'s own limit', { text: { max: 1000, unit: 'byte' } }, { kind: 'text', text: 'é'.repeat(500) }, null],
	['a caption counts too', {}, { kind: 'media', attachments: [file(1)], text: 'a'.repeat(2001) }, /2001 characters/],
	['a file without a caption', {}, { kind: 'media', attachments: [file(1)], text: null }, null],
	['A13: one attachment too many', { attachments: { max: 5, maxBytes: 10 } }, { kind: 'media', attachments: Array.from({ length: 6 }, () => file(1)), text: null }, /6 attachments.*at most 5/],
	['A13: as many as go', { attachments: { max: 5, maxBytes: 10 } }, { kind: 'media', attachments: Array.from({ length: 5 }, () => file(10)), text: null }, null],
	['a file too large is named', { attachments: { max: 5, maxBytes: 10 } }, { kind: 'media', attachments: [file(11)], text: null }, /'a\.pdf'/],
	['a label too long', { choices: { max: 3, labelMax: 5 } }, { kind: 'choices', text: 'Pick', options: [{ id: '1', label: 'short' }, { id: '2', label: 'longer' }] }, /choice 2/],
	['two choices with one ID', {}, { kind: 'choices', text: 'Pick', options: [{ id: '1', label: 'A' }, { id: '1', label: 'B' }] }, /same ID/],
	['a choice without a label', {}, { kind: 'choices', text: 'Pick', options: [{ id: '1', label: ' ' }] }, /Choice 1/],
])('%s', (_name, can, content, reason) => {
	const refusal = contentRefusal(content, channel(can));
	if (reason === null) expect(refusal).toBeNull();
	else expect(refusal).toMatchObject({ code: 'content_unsupported', retryable: false, reason: expect.stringMatching(reason) });
});
