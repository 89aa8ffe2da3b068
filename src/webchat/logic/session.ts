import { UNREACHABLE, type Outcome, type Settled } from './answers';
import type { Api } from './api';

/** Where the visitor's token is kept between visits. */
export interface TokenKeeper {
	read(): string | null;
	write(token: string): void;
}

/** Who the visitor is: one token for all calls of the page, fetched when there is none, replaced when it is refused. */
export class Session {
	private asking: Promise<Settled<string>> | null = null;

	constructor(
		private readonly api: Pick<Api, 'hello'>,
		private readonly keeper: TokenKeeper,
		/** The visitor is somebody new to the server: what was shown belongs to a token that no longer counts. */
		private readonly onNewVisitor: () => void,
	) {}

	/** A renewed token for the same visitor. */
	keep(token: string): void {
		this.keeper.write(token);
	}

	/** Makes a call with the token. A refused token is replaced once, then the call is made again. */
	async with<T>(call: (token: string) => Promise<Outcome<T>>): Promise<Settled<T>> {
		const token = await this.token(null);
		if (token.kind !== 'done') return token;
		const outcome = await call(token.value);
		if (outcome.kind !== 'unauthorized') return outcome;
		const next = await this.token(token.value);
		if (next.kind !== 'done') return next;
		const again = await call(next.value);
		return again.kind === 'unauthorized' ? UNREACHABLE : again;
	}

	private async token(refused: string | null): Promise<Settled<string>> {
		const kept = this.keeper.read();
		if (kept !== null && kept !== refused) return { kind: 'done', value: kept };
		this.asking ??= this.ask(refused).finally(() => {
			this.asking = null;
		});
		return this.asking;
	}

	private async ask(refused: string | null): Promise<Settled<string>> {
		const outcome = await this.api.hello();
		if (outcome.kind === 'unauthorized') return UNREACHABLE;
		if (outcome.kind !== 'done') return outcome;
		// Two tabs opened at once both ask; the first answer is kept, so that both are the same visitor.
		const other = this.keeper.read();
		const mine = other === null || other === refused;
		if (mine) this.keeper.write(outcome.value);
		if (refused !== null) this.onNewVisitor();
		return { kind: 'done', value: mine ? outcome.value : other };
	}
}
