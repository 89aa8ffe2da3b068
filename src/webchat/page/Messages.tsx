import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ChatState } from '../logic/chat';
import { rowsOf, type MessageRow } from '../logic/rows';
import { SENTENCES } from '../logic/sentences';
import { Avatar } from './Avatar';
import { DownIcon } from './Icons';
import { Message, Text, type MessageActions } from './Message';
import { Scrolling } from './scrolling';
import { dayOf, dayText } from './times';

interface MessagesProps {
	state: ChatState;
	title: string;
	greeting: string;
	actions: MessageActions;
	onEarlier(): void;
}

/** The list of messages, kept at its end unless the visitor has scrolled up to read. */
export function Messages({ state, title, greeting, actions, onEarlier }: MessagesProps) {
	const scroller = useRef<HTMLDivElement>(null);
	const scrolling = useRef<Scrolling | null>(null);
	const [away, setAway] = useState(false);
	const rows = rowsOf(state.thread.messages, state.outgoing, dayOf);
	const { more } = state.thread;
	const begun = state.ready || state.connection === 'offline';

	const autoEarlier = useRef(() => {});
	autoEarlier.current = () => {
		if (more && state.earlier === 'idle') onEarlier();
	};
	useLayoutEffect(() => {
		if (!scroller.current) return;
		scrolling.current = new Scrolling(scroller.current, { onAway: setAway, onTop: () => autoEarlier.current() });
		return () => scrolling.current?.end();
	}, []);
	const messages = rows.filter((row) => row.kind === 'message');
	const last = messages.at(-1);
	useLayoutEffect(() =>
		scrolling.current?.changed({
			firstKey: messages[0]?.key ?? null,
			lastKey: last?.key ?? null,
			lastIsOwn: last?.from === 'visitor',
			messages: messages.length,
		}),
	);

	const missed = away ? missedIn(messages, scrolling.current?.lastSeenKey ?? null) : 0;
	return (
		<div class="list">
			<div class="scroller" ref={scroller} role="log" aria-live="polite" aria-label="Messages" tabIndex={0}>
				<div class="content">
					{more && (
						<div class="earlier">
							{state.earlier === 'failed' && <p>{SENTENCES.earlierFailed}</p>}
							<button type="button" class="soft" onClick={onEarlier} aria-disabled={state.earlier === 'loading'}>
								{state.earlier === 'loading' ? 'Loading…' : state.earlier === 'failed' ? 'Try again' : 'Show earlier messages'}
							</button>
						</div>
					)}
					{begun && !more && rows.length === 0 && (
						<div class="intro" aria-hidden="true">
							<Avatar title={title} />
							<span dir="auto">{title}</span>
						</div>
					)}
					<div class="gap" />
					{greeting !== '' && begun && !more && (
						<article class="message theirs opens closes greeting">
							<span class="sr">{`${title}:`}</span>
							<div class="bubble">
								<Text text={greeting} />
							</div>
						</article>
					)}
					{!begun && <div class="spinner" role="img" aria-label="Loading messages" />}
					{rows.map((row) =>
						row.kind === 'day' ? (
							<div key={row.key} class="day">
								<span>{dayText(row.at, Date.now())}</span>
							</div>
						) : (
							<Message key={row.key} row={row} title={title} actions={actions} />
						),
					)}
					{state.typing && (
						<div class="message theirs opens closes typing">
							<span class="sr">{`${title} is typing`}</span>
							<div class="bubble" aria-hidden="true">
								<i />
								<i />
								<i />
							</div>
						</div>
					)}
					{state.conversation === 'closed' && rows.length > 0 && last?.state !== 'sending' && <p class="closed">{SENTENCES.closed}</p>}
				</div>
			</div>
			{away && (
				<button type="button" class={`jump ${missed > 0 ? 'news' : ''}`} onClick={() => scrolling.current?.toEnd(true)} aria-label={jumpText(missed)}>
					{missed > 0 && <span>{missed === 1 ? '1 new message' : `${missed} new messages`}</span>}
					<DownIcon />
				</button>
			)}
		</div>
	);
}

function jumpText(missed: number): string {
	if (missed === 0) return 'Jump to the latest message';
	return missed === 1 ? '1 new message, jump to it' : `${missed} new messages, jump to the latest`;
}

/** Messages of the business below the last one that was on the screen. */
function missedIn(messages: readonly MessageRow[], lastSeenKey: string | null): number {
	const seen = messages.findIndex((row) => row.key === lastSeenKey);
	return seen === -1 ? 0 : messages.slice(seen + 1).filter((row) => row.from === 'business').length;
}
