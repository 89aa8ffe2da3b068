/** What LINE shows until a video is played: it wants a picture, and we have none of the video. A play sign, 320 × 180. */
export const VIDEO_PREVIEW = {
	name: 'preview.png',
	mime: 'image/png',
	bytes: Buffer.from(
		'iVBORw0KGgoAAAANSUhEUgAAAUAAAAC0AgMAAACYih2CAAAACVBMVEWaoKb///9fY2jIEvKKAAABG0lEQVR42u2YyQ2EMAwAEc+UQj/JIyVQBaXkiVzlSuHcx/4GCa1mChgZOyS2h0FERERERERERH6SIhrsQ41jdBZMOG3CFQ6QC3E6hCscIBViuoSN/WLqm+MGnEImiekubGwKmSRGsEkcv4ULm0IiiV04g8JekwJWpQszKOyaXLkyb8KMCcddOFPn5hAWSph24Rlio4SVFmZIOJ3CyhzES5hx4UwLCyKMS7iHCAorLcy4sNLCQgt7WV4tLK8vyusPNvLr4ZfDk9cXfcFCTwD+SD33jFIPPd6K4M0S3s7xDSfeEuNNOz5W4IMPPprhwyM/3uIDOL4iwJcY/JoFXwThqyp8mcav+/CFJL8yxZe6/NpZREREREREROTf+AAts2SLiBORQgAAAABJRU5ErkJggg==',
		'base64',
	),
} as const;
