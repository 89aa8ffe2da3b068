import type { ICredentialTestFunction } from 'n8n-workflow';
import { channelIds, channels } from '../../channels';
import { ConversationsError, InputError } from '../../core/failure';
import type { Provider } from '../../core/provider';
import { callPorts } from './accounts';
import { credentialTestName } from '../fields/credentials';
import { openHost } from '../host';

/** A test of a credential: makes the calls that receiving and sending need, and says the exact cause. Never throws. */
export function credentialTest(name: string, provider: Provider): ICredentialTestFunction {
	return async (credential) => {
		try {
			const ports = callPorts(provider, credential.data ?? {});
			// What a token is renewed with may serve once only, so the new one needs a place. Where there is none the test still
			// says whether the credential is right.
			if (provider.tokens) await openHost().catch(() => undefined);
			const connected = await provider.test(ports);
			const byHand = provider.registration.byHand(ports.credential, "the trigger's 'Production URL'");
			return { status: 'OK', message: [connected, byHand].filter(Boolean).join(' ') };
		} catch (error) {
			return { status: 'Error', message: causeOf(name, error) };
		}
	};
}

/** Of what is not ours only the kind is told: its words could hold anything, a secret too. */
function causeOf(name: string, error: unknown): string {
	if (error instanceof ConversationsError) return error.failure.reason;
	if (error instanceof InputError) return error.message;
	const kind = error instanceof Error ? error.name : typeof error;
	return `The credential could not be tested: something unexpected happened while asking ${name} (${kind}). Check the base URL, and try again.`;
}

/** For `methods.credentialTest` of every node that asks for credentials of channels. */
export const credentialTests: Record<string, ICredentialTestFunction> = Object.fromEntries(
	channelIds.flatMap((id) => {
		const { name, provider } = channels[id];
		return provider ? [[credentialTestName(id), credentialTest(name, provider)] as const] : [];
	}),
);
