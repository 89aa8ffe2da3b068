/**
 * How long an audio or video file plays, in ms; null when its bytes do not say. Never throws: what is not a media file, or
 * is a broken one, simply does not say.
 */
export async function playingTimeMs(bytes: Uint8Array): Promise<number | null> {
	// Loaded when it is first needed: few workflows send sound.
	const { parseBuffer } = await import('music-metadata');
	try {
		const { format } = await parseBuffer(bytes, { size: bytes.length }, { duration: true, skipCovers: true });
		// Of a film without sound only its tracks say it.
		const seconds = [format.duration, ...(format.trackInfo ?? []).map(({ duration }) => duration)];
		const longest = Math.max(0, ...seconds.filter((each) => each !== undefined && Number.isFinite(each)).map(Number));
		return longest > 0 ? Math.round(longest * 1000) : null;
	} catch {
		return null;
	}
}
