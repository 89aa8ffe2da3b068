import { param, type Params } from './params';

/**
 * What Twilio itself takes for an end or a new beginning, when it is all that a message says, in any case. Source:
 * twilio.com/docs/messaging/tutorials/advanced-opt-out and Twilio's help on opt-out keywords; read 2026-11-22.
 */
const STOP = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT']);
const START = new Set(['START', 'UNSTOP']);
/** A new beginning only for somebody who had stopped; for anybody else it is an answer. */
const YES = 'YES';

/** `yes`: a message like others, which also ends an earlier `stop`. */
export type Wish = 'stop' | 'start' | 'yes';

/**
 * What a message says about being written to; null: nothing. A service with Advanced Opt-Out has words of its own and
 * names what they mean.
 */
export function wishOf(params: Params): Wish | null {
	const text = (param(params, 'Body') ?? '').trim().toUpperCase();
	if (text === YES) return 'yes';
	const named = param(params, 'OptOutType')?.toUpperCase();
	if (named !== undefined) return named === 'STOP' ? 'stop' : named === 'START' ? 'start' : null;
	if (STOP.has(text)) return 'stop';
	return START.has(text) ? 'start' : null;
}
