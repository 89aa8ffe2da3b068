/** What a method was called with; files are `File`. */
export type Arguments = Record<string, unknown>;
type Refusal = [code: number, description: string];

const MB = 1024 * 1024;
const isText = (value: unknown) => typeof value === 'string';
const isNumber = (value: unknown) => typeof value === 'number';
const isWhole = (value: unknown) => Number.isSafeInteger(value);
const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isFlag = (value: unknown) => typeof value === 'boolean';
const isFile = (value: unknown) => value instanceof File;
const isTextList = (value: unknown) => Array.isArray(value) && value.every(isText);
const isChat = (value: unknown) => isWhole(value) || (typeof value === 'string' && /^(-?\d+|@\w+)$/.test(value));

type Check = (value: unknown) => boolean;
interface Method {
	required: Record<string, Check>;
	optional: Record<string, Check>;
}

/** Common to all that sends. */
const ANY_MESSAGE = { reply_parameters: isObject, reply_markup: isObject, disable_notification: isFlag, protect_content: isFlag };
const CAPTIONED = { ...ANY_MESSAGE, caption: isText };
const POINT = { chat_id: isChat, latitude: isNumber, longitude: isNumber };
const media = (field: string, more: Record<string, Check> = {}): Method => ({ required: { chat_id: isChat, [field]: isFile }, optional: { ...CAPTIONED, ...more } });

/** The parameters and their types of Bot API 10.1. */
const METHODS: Record<string, Method> = {
	getMe: { required: {}, optional: {} },
	getWebhookInfo: { required: {}, optional: {} },
	setWebhook: { required: { url: isText }, optional: { secret_token: isText, allowed_updates: isTextList, max_connections: isWhole, drop_pending_updates: isFlag } },
	deleteWebhook: { required: {}, optional: { drop_pending_updates: isFlag } },
	getUpdates: { required: {}, optional: { offset: isWhole, limit: isWhole, timeout: isWhole, allowed_updates: isTextList } },
	getFile: { required: { file_id: isText }, optional: {} },
	answerCallbackQuery: { required: { callback_query_id: isText }, optional: { text: isText, show_alert: isFlag } },
	sendMessage: { required: { chat_id: isChat, text: isText }, optional: { ...ANY_MESSAGE, link_preview_options: isObject } },
	sendPhoto: media('photo'),
	sendVideo: media('video', { duration: isWhole, supports_streaming: isFlag }),
	sendAudio: media('audio', { duration: isWhole }),
	sendVoice: media('voice', { duration: isWhole }),
	sendDocument: media('document'),
	sendLocation: { required: POINT, optional: ANY_MESSAGE },
	sendVenue: { required: { ...POINT, title: isText, address: isText }, optional: ANY_MESSAGE },
};

/** Stricter than Telegram, which overlooks what it does not know: a misspelt parameter is refused here. */
export function argumentRefusal(method: string, args: Arguments): Refusal | null {
	const known = METHODS[method];
	if (!known) return [404, 'Not Found'];
	const missing = Object.keys(known.required).find((name) => args[name] === undefined || args[name] === '');
	if (missing === 'text') return [400, 'Bad Request: message text is empty'];
	if (missing !== undefined) return [400, `Bad Request: ${missing} is empty`];
	const checks = { ...known.required, ...known.optional };
	const wrong = Object.entries(args).find(([name, value]) => checks[name]?.(value) !== true);
	return wrong ? [400, `Bad Request: parameter "${wrong[0]}" of ${method} is not known or has a wrong type`] : null;
}

/** What the method itself checks once its parameters are read. */
export function contentRefusal(method: string, args: Arguments): Refusal | null {
	const { text, caption, reply_markup, reply_parameters } = args;
	if (typeof text === 'string' && text.trim() === '') return [400, 'Bad Request: text must be non-empty'];
	if (typeof text === 'string' && text.length > 4096) return [400, 'Bad Request: message is too long'];
	if (typeof caption === 'string' && caption.length > 1024) return [400, 'Bad Request: message caption is too long'];
	const replied = reply_parameters as { message_id?: unknown; allow_sending_without_reply?: unknown } | undefined;
	if (replied && !isWhole(replied.message_id)) return [400, 'Bad Request: message identifier is not specified'];
	if (replied && replied.allow_sending_without_reply !== true) return [400, 'Bad Request: message to be replied not found'];
	return keyboardRefusal(reply_markup) ?? uploadRefusal(method, args);
}

function keyboardRefusal(markup: unknown): Refusal | null {
	if (markup === undefined) return null;
	const rows = (markup as { inline_keyboard?: unknown }).inline_keyboard;
	if (!Array.isArray(rows) || !rows.every((row) => Array.isArray(row))) return [400, "Bad Request: can't parse reply keyboard markup JSON object"];
	const buttons = rows.flat() as { text?: unknown; callback_data?: unknown }[];
	if (buttons.some(({ text }) => !isText(text) || text === '')) return [400, 'Bad Request: text buttons are unallowed in the inline keyboard'];
	const fits = (data: unknown) => typeof data === 'string' && data !== '' && Buffer.byteLength(data) <= 64;
	return buttons.every(({ callback_data }) => fits(callback_data)) ? null : [400, 'Bad Request: BUTTON_DATA_INVALID'];
}

const TAKES: Record<string, { field: string; type: RegExp; maxBytes: number }> = {
	sendPhoto: { field: 'photo', type: /^image\/(jpeg|png|webp)$/, maxBytes: 10 * MB },
	sendVideo: { field: 'video', type: /^video\/mp4$/, maxBytes: 50 * MB },
	sendAudio: { field: 'audio', type: /^audio\/(mpeg|mp4|x-m4a)$/, maxBytes: 50 * MB },
	sendVoice: { field: 'voice', type: /^audio\/(ogg(;.*)?|mpeg|mp4|x-m4a)$/, maxBytes: 50 * MB },
	sendDocument: { field: 'document', type: /./, maxBytes: 50 * MB },
};

function uploadRefusal(method: string, args: Arguments): Refusal | null {
	const takes = TAKES[method];
	if (!takes) return null;
	const file = args[takes.field] as File;
	if (file.size === 0) return [400, 'Bad Request: file must be non-empty'];
	if (file.size > 50 * MB) return [413, 'Request Entity Too Large'];
	if (file.size > takes.maxBytes) return [400, 'Bad Request: file is too big'];
	return takes.type.test(file.type) ? null : [400, method === 'sendPhoto' ? 'Bad Request: IMAGE_PROCESS_FAILED' : 'Bad Request: MEDIA_INVALID'];
}
