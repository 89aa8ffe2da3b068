import type { IExecuteFunctions } from 'n8n-workflow';
import { fillIn, snippetNames, type AuthoredText } from '../../core/authored';
import { CHANNEL_IDS, type Choice } from '../../core/channel';
import type { Desk } from '../../core/desk';
import { factsAbout } from '../../core/facts';
import { InputError } from '../../core/failure';
import type { Expectation, Message, Question } from '../../core/records';
import { nameIn } from '../fields/section';
import { Parameters } from './authored';
import { listOf, numberOf, textOf } from './values';

export const TRIES_DEFAULT = 3;
export const TRIES_MAX = 10;

const KINDS = ['choice', 'date', 'email', 'number', 'phone'] as const satisfies readonly Expectation['kind'][];

/** What the author of a workflow takes for a reply. */
interface AskedReply {
	kind: (typeof KINDS)[number];
	min: number | null;
	max: number | null;
	/** Of messages without buttons. */
	choices: Choice[];
	triesMax: number;
	/** Empty: a sentence that fits. */
	prompt: AuthoredText;
}

/** For one item; null: any reply does. @throws InputError */
export function askedReply(ctx: IExecuteFunctions, index: number): AskedReply | null {
	const kind = textOf('Expected Reply', ctx.getNodeParameter('expectedReply', index, 'any')).trim();
	if (kind === 'any' || kind === '') return null;
	const known = KINDS.find((each) => each === kind);
	if (!known) throw new InputError('Expected Reply', `'Expected Reply' is '${kind}', which is none. Use one of: any, ${KINDS.join(', ')}.`);
	const [min, max] = known === 'number' ? [limitOf(ctx, index, 'Minimum'), limitOf(ctx, index, 'Maximum')] : [null, null];
	if (min !== null && max !== null && min > max) {
		throw new InputError('Maximum', `'Maximum' is ${max} and 'Minimum' is ${min}, so that no number would do. Swap them.`);
	}
	const choices = known === 'choice' ? acceptedChoices(ctx, index) : [];
	const tries = Math.floor(numberOf('Tries', ctx.getNodeParameter('replyTries', index, TRIES_DEFAULT), String(TRIES_DEFAULT)));
	return {
		kind: known,
		min,
		max,
		choices,
		triesMax: Math.min(TRIES_MAX, Math.max(1, tries)),
		prompt: new Parameters(ctx, index, '').text('Repeat Prompt', 'repeatPrompt'),
	};
}

function limitOf(ctx: IExecuteFunctions, index: number, label: 'Minimum' | 'Maximum'): number | null {
	const value = textOf(label, ctx.getNodeParameter(`reply${label}`, index, '')).trim();
	return value === '' ? null : numberOf(label, value, '10');
}

/** 'Accepted Answers', else what the first channel response with choices offers. */
function acceptedChoices(ctx: IExecuteFunctions, index: number): Choice[] {
	const responding = listOf('Channel Responses', ctx.getNodeParameter('channelResponses', index, []), /,/);
	const responses = CHANNEL_IDS.filter((id) => {
		return responding.includes(id) && ctx.getNodeParameter(nameIn({ prefix: id }, 'messageType'), index, '') === 'choices';
	});
	for (const name of ['acceptedAnswers', ...responses.map((prefix) => nameIn({ prefix }, 'choices'))]) {
		const choices = choicesOf(ctx.getNodeParameter(name, index, {}));
		if (choices.length > 0) return choices;
	}
	throw new InputError(
		'Accepted Answers',
		"'Expected Reply' is 'Choice', and there is nothing to choose from. Add 'Accepted Answers', or a channel response with choices.",
	);
}

function choicesOf(value: unknown): Choice[] {
	const rows = (value as { values?: unknown } | null)?.values;
	if (!Array.isArray(rows)) return [];
	return rows.flatMap((row: { id?: unknown; label?: unknown }) => {
		const label = textOf('Label', row.label).trim();
		return label === '' ? [] : [{ label, id: textOf('ID', row.id).trim() || label }];
	});
}

/** What the message that was sent for one item takes for an answer; null: anything. @throws InputError */
export async function questionOf(ctx: IExecuteFunctions, desk: Desk, index: number, messageId: string): Promise<Question | null> {
	const asked = askedReply(ctx, index);
	const message = asked && (await desk.store.records.messages.get(messageId));
	if (!message) return null;
	const timeZone = ctx.getTimezone();
	const expects = expectationOf(asked, message, timeZone);
	// What reads dates is loaded now, rather than while the first answer is being stored.
	if (expects.kind === 'date') await desk.readDate('today', { now: desk.now(), timeZone, language: null });
	const written = (await filled(desk, asked.prompt, message, timeZone)).trim();
	const text = written === '' ? promptFor(expects) : written;
	return { expects, triesMax: asked.triesMax, prompt: { text, choices: expects.kind === 'choice' ? expects.choices : [] } };
}

function expectationOf({ kind, min, max, choices }: AskedReply, message: Message, timeZone: string): Expectation {
	if (kind === 'choice') return { kind, choices: message.choices.length > 0 ? message.choices : choices };
	if (kind === 'number') return { kind, min, max };
	return kind === 'date' ? { kind, timeZone } : { kind };
}

async function filled(desk: Desk, text: AuthoredText, { contactId, channel }: Message, timeZone: string): Promise<string> {
	const { contacts, snippets } = desk.store.records;
	const contact = await contacts.get(contactId);
	if (text.length === 0 || !contact) return '';
	const facts = await factsAbout(desk, contact, channel, timeZone);
	return fillIn(text, facts, await snippets.byNames(snippetNames(text))).text;
}

const PROMPTS: Record<Exclude<Expectation['kind'], 'number'>, string> = {
	choice: '🤖 That is not one of the answers to choose from. Please choose one:',
	date: '🤖 That is not a date. Please write the day, e.g. 24 May 2027.',
	email: '🤖 That is not an email address. Please write it in full, e.g. ann@example.com.',
	phone: '🤖 That is not a complete phone number. Please write it with the country code, e.g. +44 7900 900000.',
};

function promptFor(expects: Expectation): string {
	if (expects.kind !== 'number') return PROMPTS[expects.kind];
	const { min, max } = expects;
	if (min === null && max === null) return '🤖 That is not a number. Please write a number, e.g. 42.';
	const which = min === null ? `up to ${max}` : max === null ? `of at least ${min}` : `from ${min} to ${max}`;
	return `🤖 Please write a number ${which}, e.g. ${max ?? min}.`;
}
