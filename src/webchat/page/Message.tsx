import type { MessageRow, OwnState } from '../logic/rows';
import { piecesOf } from '../logic/text';
import { Attachments, type AttachmentsProps } from './Attachments';
import { AlertIcon, CheckIcon, ClockIcon } from './Icons';
import { timeText } from './times';

export interface MessageActions extends Pick<AttachmentsProps, 'addressOf' | 'onOpenImage'> {
	onPress(messageId: string, choice: { id: string; label: string }): void;
	onTryAgain(clientId: string): void;
	onRemove(clientId: string): void;
}

const STATES: Record<OwnState, string> = {
	waiting: 'Sending…',
	sending: 'Sending…',
	held: 'Waiting to be sent',
	refused: 'Not sent',
	sent: 'Sent',
	delivered: 'Delivered',
	read: 'Read',
};

export function Message({ row, title, actions }: { row: MessageRow; title: string; actions: MessageActions }) {
	const own = row.from === 'visitor';
	const side = own ? 'own' : 'theirs';
	const edge = `${row.opensGroup ? ' opens' : ''}${row.closesGroup ? ' closes' : ''}`;
	return (
		<article class={`message ${side}${edge} ${row.state ?? ''}`} data-key={row.key}>
			<span class="sr">{`${own ? 'You' : title}, ${timeText(row.at)}:`}</span>
			{row.text !== null && row.text !== '' && (
				<div class="bubble">
					<Text text={row.text} />
				</div>
			)}
			<Attachments attachments={row.attachments} addressOf={actions.addressOf} onOpenImage={actions.onOpenImage} />
			{row.choices.length > 0 && <Choices row={row} onPress={actions.onPress} />}
			<Foot row={row} actions={actions} />
		</article>
	);
}

export function Text({ text }: { text: string }) {
	return (
		<p class="text" dir="auto">
			{piecesOf(text).map((piece) =>
				piece.href === null ? (
					piece.text
				) : (
					<a href={piece.href} target="_blank" rel="noopener noreferrer">
						{piece.text}
					</a>
				),
			)}
		</p>
	);
}

function Choices({ row, onPress }: { row: MessageRow; onPress: MessageActions['onPress'] }) {
	return (
		<div class="choices" role="group" aria-label="Answers to choose from">
			{row.choices.map(({ id, label, state }) => (
				// aria-disabled keeps the focus where it is when the pressed button ends its service.
				<button
					key={id}
					type="button"
					class={`choice ${state}`}
					aria-disabled={state !== 'open'}
					aria-pressed={state === 'chosen' ? true : undefined}
					onClick={() => state === 'open' && row.id !== null && onPress(row.id, { id, label })}
				>
					{state === 'chosen' && <CheckIcon />}
					<span dir="auto">{label}</span>
				</button>
			))}
		</div>
	);
}

function Foot({ row, actions }: { row: MessageRow; actions: MessageActions }) {
	const { state, clientId } = row;
	const needsWord = state === 'held' || state === 'refused';
	if (!row.closesGroup && !needsWord) return null;
	return (
		<div class="foot">
			{needsWord ? (
				<span class={`state ${state}`}>
					{state === 'refused' ? <AlertIcon /> : <ClockIcon />}
					<span>{row.refusal ?? STATES[state]}</span>
				</span>
			) : (
				<>
					<time dateTime={new Date(row.at).toISOString()}>{timeText(row.at)}</time>
					{state !== null && <span class="state">{STATES[state]}</span>}
				</>
			)}
			{state === 'refused' && clientId !== null && (
				<button type="button" class="link" onClick={() => actions.onTryAgain(clientId)}>
					Try again
				</button>
			)}
			{needsWord && clientId !== null && (
				<button type="button" class="link" onClick={() => actions.onRemove(clientId)}>
					Remove
				</button>
			)}
		</div>
	);
}
