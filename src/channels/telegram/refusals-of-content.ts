import type { FailureRow } from '../kit/call';

/** What Telegram does not take. Source as in `refusals.ts`. */
export const CONTENT_ROWS: readonly FailureRow[] = [
	{
		status: 400,
		message: /(message|caption) is too long|MESSAGE_TOO_LONG|CAPTION_TOO_LONG/i,
		says: ['message is too long', 'message caption is too long'],
		is: 'content_unsupported',
		reason: 'The text is too long for Telegram: 4,096 characters, or 1,024 below a file. Shorten it, or send it in parts.',
	},
	{
		status: 400,
		message: /(text|caption) (is|must be) (empty|non-empty)|text is empty/i,
		says: ['message text is empty', 'text must be non-empty'],
		is: 'content_unsupported',
		reason: 'Telegram takes no empty text. Fill in the text, and a label for each choice.',
	},
	{
		status: 400,
		message: /can't parse entities/i,
		says: ["can't parse entities"],
		is: 'content_unsupported',
		reason: "Telegram could not read the text's formatting. Send it as plain text.",
	},
	{
		status: 400,
		message: /reply markup is too long|BUTTON_|REPLY_MARKUP/i,
		says: ['reply markup is too long', 'BUTTON_DATA_INVALID', 'REPLY_MARKUP_INVALID'],
		is: 'content_unsupported',
		reason: 'Telegram does not take these choices. Offer fewer, and keep their labels and IDs short (64 bytes).',
	},
	{
		status: 400,
		message: /message to be replied not found|replied message not found|REPLY_MESSAGE/i,
		says: ['message to be replied not found', 'REPLY_MESSAGE_ID_INVALID'],
		is: 'content_unsupported',
		reason: "The message to quote is no longer there. Leave 'Reply To' empty.",
	},
	{
		status: 400,
		message: /VOICE_MESSAGES_FORBIDDEN/i,
		says: ['VOICE_MESSAGES_FORBIDDEN'],
		is: 'content_unsupported',
		reason: 'The contact takes no voice notes. Send the recording as an ordinary audio file, or as text.',
	},
	{
		status: 400,
		message: /Wrong type of the web page content|Failed to get HTTP URL content|Wrong HTTP URL specified|can't upload file by URL/i,
		says: ['wrong type of the web page content', 'failed to get HTTP URL content', 'wrong HTTP URL specified', "can't upload file by URL"],
		is: 'content_unsupported',
		reason: 'Telegram could not fetch a file from its address. Send the file itself.',
	},
	{
		status: 400,
		message: /file is too big/i,
		says: ['file is too big'],
		is: 'content_unsupported',
		reason: 'The file is too large for Telegram: bots send up to 50 MB and receive up to 20 MB. Share it by a link instead.',
	},
	{
		status: 400,
		message: /wrong file_id or the file is temporarily unavailable|invalid file_id/i,
		says: ['wrong file_id or the file is temporarily unavailable'],
		is: 'provider_unavailable',
		reason: 'Telegram cannot hand out this file at the moment. Try again later.',
	},
	{
		status: 400,
		message: /PHOTO_|IMAGE_PROCESS|VIDEO_|AUDIO_|MEDIA_|file must be non-empty/i,
		says: ['PHOTO_INVALID_DIMENSIONS', 'IMAGE_PROCESS_FAILED', 'VIDEO_CONTENT_TYPE_INVALID', 'file must be non-empty'],
		is: 'content_unsupported',
		reason: 'Telegram does not take this file in the form it was sent in. An image may have at most 10,000 pixels in width and height together; check that the file opens.',
	},
];
