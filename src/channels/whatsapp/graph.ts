import type { HttpRequest, HttpResponse } from '../../core/http';
import type { CallPorts } from '../../core/provider';
import { call, type FailureRow } from '../kit/call';
import { harmless } from '../kit/harmless';
import { parseAnswer, type JsonObject } from '../kit/json';
import { graphRefusal } from '../kit/meta/refusal';
import type { WhatsAppCredential } from './credential';
import { WHATSAPP } from './facts';
import { refused } from './failures';

type Ports = CallPorts<WhatsAppCredential>;

/**
 * A call that sends nothing to anybody, so that it may be made again when there was no answer. `rows`: what a code means
 * for this very call.
 */
export function ask(ports: Ports, request: HttpRequest, rows: readonly FailureRow[] = []): Promise<JsonObject> {
	return harmless(WHATSAPP, async () => {
		const response = await call(WHATSAPP, ports, request);
		const refusal = graphRefusal(response);
		if (refusal) throw refused(refusal, ports.credential, rows);
		return parseAnswer(response.bytes);
	});
}

/** The bytes of an address that WhatsApp gave; null when there is nothing any more. */
export function download(ports: Ports, request: HttpRequest, rows: readonly FailureRow[]): Promise<HttpResponse | null> {
	return harmless(WHATSAPP, async () => {
		const response = await call(WHATSAPP, ports, request);
		if (response.status === 404) return null;
		// Only what is refused is looked into: a file may be anything.
		const refusal = response.status < 400 ? undefined : graphRefusal(response);
		if (refusal) throw refused(refusal, ports.credential, rows);
		return response;
	});
}
