import type { HttpBody, HttpResponse } from '../../core/http';
import type { CallPorts } from '../../core/provider';
import { call, type FailureRow } from '../kit/call';
import { harmless } from '../kit/harmless';
import { parseAnswer, textAt, type JsonObject } from '../kit/json';
import type { SmsCredential } from './credential';
import { SMS } from './facts';
import { refused, unknownOutcome } from './failures';

type Ports = Pick<CallPorts<SmsCredential>, 'http' | 'credential'>;
type Form = Extract<HttpBody, { form: unknown }>['form'];

/** A thing of Twilio's: its path below one of the credential's base URLs. */
export interface Resource {
	url: string;
	base?: 'messagingUrl';
}

/** Below the account that the credential is for. */
export function ofAccount({ accountSid }: SmsCredential, path: string): string {
	return `/2010-04-01/Accounts/${accountSid}${path}`;
}

/** Hands a message over and returns its SID. @throws ConversationsError */
export async function createMessage(ports: Ports, form: Form): Promise<string> {
	const url = ofAccount(ports.credential, '/Messages.json');
	const sid = textAt(answerOf(await call(SMS, ports, { method: 'POST', url, body: { form } })), 'sid');
	if (sid === undefined) throw unknownOutcome();
	return sid;
}

/** Reads something. `first`: lines of failures that only hold here. @throws ConversationsError */
export async function fetchResource(ports: Ports, resource: Resource, query: Readonly<Record<string, string>> = {}, first: readonly FailureRow[] = []): Promise<JsonObject> {
	return await harmless(SMS, async () => answerOf(await call(SMS, ports, { method: 'GET', ...resource, query }), first));
}

/** Changes something, which may be done twice. @throws ConversationsError */
export async function updateResource(ports: Ports, resource: Resource, form: Form, first: readonly FailureRow[] = []): Promise<void> {
	await harmless(SMS, async () => answerOf(await call(SMS, ports, { method: 'POST', ...resource, body: { form } }), first));
}

/** Twilio answers with what there is, or is from now on: never with nothing. */
function answerOf(response: HttpResponse, first: readonly FailureRow[] = []): JsonObject {
	if (response.status >= 400) throw refused(response, first);
	const answer = parseAnswer(response.bytes);
	if (response.status >= 300 || Object.keys(answer).length === 0) throw unknownOutcome();
	return answer;
}
