import { playingTimeMs } from '../../../src/n8n/files/playing-time';

const u32 = (value: number) => {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(value);
	return bytes;
};
const u32le = (value: number) => Buffer.from(u32(value)).reverse();
const box = (name: string, ...parts: Buffer[]) => {
	const content = Buffer.concat(parts);
	return Buffer.concat([u32(content.length + 8), Buffer.from(name), content]);
};

/** 8000 samples a second, one byte each. */
function wav(seconds: number): Buffer {
	const data = Buffer.alloc(8_000 * seconds, 128);
	const format = Buffer.concat([Buffer.from('fmt '), u32le(16), Buffer.from([1, 0, 1, 0]), u32le(8_000), u32le(8_000), Buffer.from([1, 0, 8, 0])]);
	const chunks = Buffer.concat([Buffer.from('WAVE'), format, Buffer.from('data'), u32le(data.length), data]);
	return Buffer.concat([Buffer.from('RIFF'), u32le(chunks.length), chunks]);
}

/** A film of `ms` without sound: a header, and a track that says how long it plays. */
function mp4(ms: number): Buffer {
	const header = box('mvhd', u32(0), u32(0), u32(0), u32(1_000), u32(ms), u32(0x10000), Buffer.alloc(76));
	const track = box(
		'trak',
		box('tkhd', u32(0), u32(0), u32(0), u32(1), u32(0), u32(ms), Buffer.alloc(60)),
		box(
			'mdia',
			box('mdhd', u32(0), u32(0), u32(0), u32(1_000), u32(ms), u32(0x55c40000)),
			box('hdlr', u32(0), u32(0), Buffer.from('vide'), Buffer.alloc(13)),
		),
	);
	return Buffer.concat([box('ftyp', Buffer.from('isom'), u32(0x200), Buffer.from('isommp42')), box('moov', header, track)]);
}

function oggPage(flags: number, granule: number, sequence: number, packet: Buffer): Buffer {
	const position = Buffer.alloc(8);
	position.writeBigInt64LE(BigInt(granule));
	return Buffer.concat([
		Buffer.from('OggS'), Buffer.from([0, flags]), position, u32le(7), u32le(sequence), u32le(0), Buffer.from([1, packet.length]), packet,
	]);
}

/** A voice note as messengers send them: Opus counts 48 000 samples a second, whatever was recorded. */
function opus(ms: number): Buffer {
	const head = Buffer.concat([Buffer.from('OpusHead'), Buffer.from([1, 1, 0, 0]), u32le(48_000), Buffer.from([0, 0, 0])]);
	const tags = Buffer.concat([Buffer.from('OpusTags'), u32le(1), Buffer.from('x'), u32le(0)]);
	return Buffer.concat([oggPage(2, 0, 0, head), oggPage(0, 0, 1, tags), oggPage(4, 48 * ms, 2, Buffer.alloc(20))]);
}

/** MPEG-1 layer III, 128 kbit/s, 44.1 kHz: 1152 samples a frame. */
function mp3(frames: number): Buffer {
	const frame = Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x64]), Buffer.alloc(413)]);
	return Buffer.concat(Array.from({ length: frames }, () => frame));
}

test.each([
	['WAV', wav(3), 3_000],
	['a film without sound', mp4(12_345), 12_345],
	['a voice note', opus(2_500), 2_500],
	['MP3', mp3(100), Math.round((100 * 1_152_000) / 44_100)],
])('%s', async (_name, bytes, expected) => {
	const ms = await playingTimeMs(bytes);
	expect(Math.abs((ms ?? 0) - expected)).toBeLessThanOrEqual(50);
});

test.each([
	['nothing', Buffer.alloc(0)],
	['a text', Buffer.from('Hello there, this is no sound at all. '.repeat(100))],
	['an image', Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64')],
	['a movie that was cut', mp4(1_000).subarray(0, 40)],
	['a sound that was cut', opus(1_000).subarray(0, 30)],
	['a box that says it is longer than the file', Buffer.concat([mp4(1_000).subarray(0, 32), u32(0x7fffffff), Buffer.from('moov')])],
	['a movie that never ends', mp4(0)],
])('%s does not say', async (_name, bytes) => {
	expect(await playingTimeMs(bytes)).toBeNull();
});
