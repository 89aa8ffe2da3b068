import { channels } from '../../src/channels';
import type { Attachment, Channel, ChannelId } from '../../src/core/channel';
import { contentRefusal } from '../../src/core/content';
import { fitted } from '../../src/core/fitting';

const MB = 1024 * 1024;
const file = (more: Partial<Attachment>): Attachment => ({ fileId: 'f', kind: 'file', name: 'a.bin', mime: 'application/pdf', sizeBytes: 1000, ...more });

function fit(channel: Channel, attachment: Attachment) {
	const { content, notes } = fitted({ kind: 'media', text: null, attachments: [attachment] }, channel);
	const [went] = content.kind === 'media' ? content.attachments : [];
	return { kind: went?.kind, voice: went?.voice ?? false, notes, refusal: contentRefusal(content, channel)?.reason ?? null };
}

const voice = (mime: string) => file({ kind: 'audio', mime, voice: true, name: 'note' });

describe('B11: a voice note', () => {
	test.each<[ChannelId, string]>([
		['whatsapp', 'audio/ogg; codecs=opus'],
		['telegram', 'audio/ogg; codecs=opus'],
		['telegram', 'audio/mpeg'],
	])('goes as one on %s as %s', (channel, mime) => {
		expect(fit(channels[channel], voice(mime))).toEqual({ kind: 'audio', voice: true, notes: [], refusal: null });
	});

	test('in a codec that the channel does not take goes as an attachment, and the item says so', () => {
		const result = fit(channels.whatsapp, voice('audio/mpeg'));
		expect(result).toMatchObject({ kind: 'audio', voice: false, refusal: null });
		expect(result.notes).toEqual([expect.stringMatching(/^'note' went as an attachment, not as a voice note: WhatsApp takes voice notes as audio\/ogg/)]);
	});

	test('on a channel without voice notes goes as an attachment, and the item says so', () => {
		const result = fit(channels.messenger, voice('audio/mpeg'));
		expect(result).toMatchObject({ kind: 'audio', voice: false, refusal: null });
		expect(result.notes).toEqual(["'note' went as an attachment: Messenger has no voice notes."]);
	});
});

test('an image of a type that the channel does not take as an image goes as a file, and the item says so', () => {
	const result = fit(channels.viber, file({ kind: 'image', mime: 'image/webp', name: 'a.webp' }));
	expect(result).toMatchObject({ kind: 'file', refusal: null });
	expect(result.notes).toEqual(["'a.webp' went as a file: Viber does not take it as an image."]);
});

test('an image above the size for images goes as a file where files may be larger', () => {
	expect(fit(channels.viber, file({ kind: 'image', mime: 'image/jpeg', sizeBytes: 1 * MB }))).toMatchObject({ kind: 'image', notes: [] });
	expect(fit(channels.viber, file({ kind: 'image', mime: 'image/jpeg', sizeBytes: 1 * MB + 1 }))).toMatchObject({ kind: 'file', refusal: null });
});

test('what nothing fits is refused with the file and the limit', () => {
	expect(fit(channels.instagram, file({ name: 'a.docx', mime: 'application/msword' })).refusal).toBe(
		"Instagram does not take files like 'a.docx' (application/msword). Use another format, or send a link.",
	);
	expect(fit(channels.whatsapp, file({ name: 'big.pdf', sizeBytes: 101 * MB })).refusal).toContain("'big.pdf' has 101 MB; WhatsApp takes at most 100 MB");
});

test('Instagram counts bytes: 1,000 pass, 1,001 do not (P-limits)', () => {
	const text = (count: number) => ({ kind: 'text' as const, text: `${'é'.repeat(499)}${'a'.repeat(count - 998)}` });
	expect(contentRefusal(text(1000), channels.instagram)).toBeNull();
	expect(contentRefusal(text(1001), channels.instagram)?.reason).toContain('1001 bytes; Instagram takes at most 1000');
});
