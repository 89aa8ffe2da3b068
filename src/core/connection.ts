import type { Failure } from './failure';
import type { SendPorts } from './provider';

/** A channel as a node may use it: with the credential chosen there. */
export type Connection =
	| {
			/** Our ends that the credential serves; null: all of the channel (the website chat's pages). */
			accounts: readonly string[] | null;
			ports: SendPorts;
			/** Charged messages that may be sent in a month; null: they are not counted. */
			monthlyQuota: number | null;
			/** Messages that may be sent until the contact writes again; null: they are not counted. */
			messagesPerWindow: number | null;
	  }
	/** There is a credential and it cannot be used. */
	| { failure: Failure };
