/** What WeChat refuses in a message or a file, from developers.weixin.qq.com: sendCustomMessage, uploadTempMedia, error codes. */

export const ERRMSG: Readonly<Record<number, string>> = {
	[-1]: 'system error', 0: 'ok', 40001: 'invalid credential, access_token is invalid or not latest', 40003: 'invalid openid',
	40004: 'invalid media type', 40005: 'invalid file type', 40006: 'invalid meida size', 40007: 'invalid media_id', 40008: 'invalid message type',
	40009: 'invalid image size', 40010: 'invalid voice size', 40011: 'invalid video size', 40012: 'invalid thumb size', 40013: 'invalid appid',
	40014: 'invalid access_token', 40033: 'invalid charset. please check your request, if include \\uxxxx will create fail!', 40066: 'invalid url',
	40125: 'invalid appsecret', 40164: 'invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist', 40200: 'invalid account type',
	40243: 'AppSecret has been frozen', 41001: 'access_token missing', 41005: 'media data missing', 42001: 'access_token expired',
	43002: 'require POST method', 43004: 'require subscribe', 43005: 'require friend relations', 43019: 'require remove blacklist', 44004: 'empty content',
	45002: 'content size out of limit', 45009: 'reach max api daily quota limit', 45011: 'api minute-quota reach limit, must slower, retry next minute',
	45015: 'response out of time limit or subscription is canceled', 45047: 'out of response count limit', 46004: 'user does not exist',
	47001: 'data format error', 48001: 'api unauthorized', 48002: 'api user refuse', 48004: 'api forbidden for irregularities',
	50002: 'user limited', 61450: 'system error', 65400: 'please enable new custom service, or wait for a while if you have enabled',
};

const MB = 1024 * 1024;

type Rule = (value: unknown) => boolean;
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (max: number, min = 1): Rule => (value) => typeof value === 'string' && Buffer.byteLength(value) >= min && Buffer.byteLength(value) <= max;
/** Exactly these fields. */
const object = (rules: Record<string, Rule>): Rule => (value) =>
	isObject(value) && Object.keys(value).sort().join() === Object.keys(rules).sort().join() && Object.entries(rules).every(([name, rule]) => rule(value[name]));
const list = (max: number, rule: Rule): Rule => (value) => Array.isArray(value) && value.length > 0 && value.length <= max && value.every(rule);

/** What a message of each type has, and the code for one that has not. */
const TYPES: Record<string, { rule: Rule; code: number }> = {
	text: { rule: object({ content: text(2048) }), code: 45002 },
	image: { rule: object({ media_id: text(512) }), code: 40007 },
	voice: { rule: object({ media_id: text(512) }), code: 40007 },
	video: { rule: object({ media_id: text(512), thumb_media_id: text(512) }), code: 40007 },
	msgmenu: {
		rule: object({ head_content: text(1024), tail_content: text(1024, 0), list: list(10, object({ id: text(64), content: text(128) })) }),
		code: 47001,
	},
};

export interface SentMessage {
	touser: string;
	msgtype: string;
	text?: { content: string };
	image?: { media_id: string };
	voice?: { media_id: string };
	video?: { media_id: string; thumb_media_id: string };
	msgmenu?: { head_content: string; list: { id: string; content: string }[]; tail_content: string };
}

/** `uploaded`: the kinds of the files by their ids. 0: nothing is wrong with it. */
export function refusalOf(json: unknown, body: string, uploaded: ReadonlyMap<string, string>): number {
	if (/\\u[\da-f]{4}/i.test(body)) return 40033;
	if (!isObject(json)) return 47001;
	const { touser, msgtype, ...content } = json;
	const type = TYPES[String(msgtype)];
	if (!type) return 40008;
	if (typeof touser !== 'string' || Object.keys(content).join() !== msgtype) return 47001;
	const said = content[String(msgtype)];
	if (isObject(said) && said['content'] === '') return 44004;
	if (!type.rule(said)) return type.code;
	const isThere = Object.entries(said as Record<string, unknown>).every(
		([name, id]) => !name.endsWith('media_id') || uploaded.get(String(id)) === (name === 'thumb_media_id' ? 'thumb' : msgtype),
	);
	return isThere ? 0 : 40007;
}

const FILES: Record<string, { maxBytes: number; endings: RegExp; start: RegExp; tooLarge: number }> = {
	image: { maxBytes: 10 * MB, endings: /\.(jpg|jpeg|png|gif)$/, start: /^(ffd8ff|89504e47|474946)/, tooLarge: 40009 },
	voice: { maxBytes: 2 * MB, endings: /\.(amr|mp3)$/, start: /^(2321414d52|494433|fff)/, tooLarge: 40010 },
	video: { maxBytes: 10 * MB, endings: /\.mp4$/, start: /^.{8}66747970/, tooLarge: 40011 },
	thumb: { maxBytes: 64 * 1024, endings: /\.jpg$/, start: /^ffd8ff/, tooLarge: 40012 },
};

/** The same of a file to upload. */
export async function fileRefusal(type: string | undefined, form: Record<string, FormDataEntryValue>): Promise<number> {
	const rules = FILES[type ?? ''];
	if (!rules) return 40004;
	const { media, ...others } = form;
	if (!(media instanceof File) || media.size === 0 || Object.keys(others).length > 0) return 41005;
	const start = Buffer.from(await media.slice(0, 16).arrayBuffer()).toString('hex');
	if (!rules.endings.test(media.name) || !rules.start.test(start)) return 40005;
	return media.size > rules.maxBytes ? rules.tooLarge : 0;
}
