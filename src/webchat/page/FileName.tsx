/** A file's name in one line, cut in its middle when it is too long. */
export function FileName({ name }: { name: string }) {
	const ending = /.\.[^.\s]{1,8}$/u.exec(name)?.[0].length ?? 0;
	return (
		<span class="file-name" dir="auto">
			<span>{name.slice(0, name.length - ending)}</span>
			<span>{name.slice(name.length - ending)}</span>
		</span>
	);
}
