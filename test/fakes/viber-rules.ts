/** What Viber refuses in a message, from creators.viber.com, bots API: data models and keyboards. */

export interface SentMessage {
	receiver: string;
	min_api_version: number;
	sender: { name: string; avatar?: string };
	tracking_data: string;
	type: string;
	text?: string;
	media?: string;
	size?: number;
	duration?: number;
	file_name?: string;
	location?: { lat: number; lon: number };
	keyboard?: { Type: string; Buttons: Record<string, unknown>[] };
}

interface Wrong {
	status: 3 | 4;
	words: string;
}

type Rule = (value: unknown) => boolean;

const MB = 1024 * 1024;
const text = (max: number, min = 1): Rule => (value) => typeof value === 'string' && [...value].length >= min && [...value].length <= max;
const whole = (max: number, min = 1): Rule => (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const address: Rule = (value) => typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value);
/** A file's address: https, and its end tells the type. */
const file = (...endings: string[]): Rule => (value) => {
	const end = /\.([a-z0-9]+)$/i.exec(typeof value === 'string' ? value : '')?.[1]?.toLowerCase();
	return address(value) && (value as string).startsWith('https://') && end !== undefined && (endings.length === 0 || endings.includes(end));
};
const FORBIDDEN = /\.(bat|bin|cmd|com|cpl|exe|msi|ps1|reg|vbs|wsf|app|command|csh|osx|ksh|out|run|apk|ipa)$/i;

/** Fields of every type; '?' at the end: may be missing. */
const COMMON: Record<string, Rule> = {
	receiver: text(64),
	'min_api_version?': whole(20),
	sender: (value) =>
		isObject(value) &&
		Object.keys(value).every((name) => name === 'name' || name === 'avatar') &&
		text(28)(value['name']) &&
		(value['avatar'] === undefined || address(value['avatar'])),
	'tracking_data?': text(4000, 0),
	'keyboard?': isKeyboard,
	type: (value) => typeof value === 'string' && value in TYPES,
};

const TYPES: Record<string, Record<string, Rule>> = {
	text: { text: text(7000) },
	picture: { text: text(768, 0), media: file('jpeg', 'jpg', 'png', 'gif'), 'thumbnail?': address },
	video: { media: file('mp4'), size: whole(26 * MB), 'duration?': whole(180), 'thumbnail?': address },
	file: { media: file(), size: whole(50 * MB), file_name: (value) => text(256)(value) && /\.[a-z0-9]+$/i.test(value as string) && !FORBIDDEN.test(value as string) },
	location: { location: (value) => isObject(value) && Object.keys(value).sort().join() === 'lat,lon' && Object.values(value).every(Number.isFinite) },
};

/** Each button tells what it sends and shows something; all of them have at most 12 rows of 6 columns. */
function isKeyboard(value: unknown): boolean {
	if (!isObject(value) || value['Type'] !== 'keyboard' || !Array.isArray(value['Buttons']) || value['Buttons'].length === 0) return false;
	const buttons: unknown[] = value['Buttons'];
	const cells = buttons.map((button) => {
		if (!isObject(button)) return NaN;
		const { Columns = 6, Rows = 1, ActionType = 'reply', ActionBody, Text, Silent = false } = button;
		const known = Object.keys(button).every((name) => ['Columns', 'Rows', 'ActionType', 'ActionBody', 'Text', 'TextSize', 'BgColor', 'Silent'].includes(name));
		const right = known && whole(6)(Columns) && whole(2)(Rows) && ActionType === 'reply' && text(250)(ActionBody) && text(250)(Text) && typeof Silent === 'boolean';
		return right ? Number(Columns) * Number(Rows) : NaN;
	});
	return cells.reduce((sum, each) => sum + each, 0) <= 12 * 6;
}

/** Undefined: nothing is wrong with it. */
export function refusalOf(message: Record<string, unknown>): Wrong | undefined {
	const rules = { ...COMMON, ...TYPES[String(message['type'])] };
	for (const [field, rule] of Object.entries(rules)) {
		const name = field.replace('?', '');
		const value = message[name];
		if (value === undefined && field.endsWith('?')) continue;
		if (value === undefined) return { status: 4, words: `${name} is missing` };
		if (!rule(value)) return { status: 3, words: `${name} is not valid` };
	}
	const unknown = Object.keys(message).find((name) => !(name in rules) && !(`${name}?` in rules));
	return unknown === undefined ? undefined : { status: 3, words: `${unknown} is not known` };
}
