/** The first letter of the business, or of its first word that has one. */
export function Avatar({ title }: { title: string }) {
	return (
		<span class="avatar" aria-hidden="true">
			{/\p{L}|\p{N}/u.exec(title)?.[0].toUpperCase() ?? '·'}
		</span>
	);
}
