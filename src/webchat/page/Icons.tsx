import type { ComponentChildren } from 'preact';

function Icon({ children }: { children: ComponentChildren }) {
	return (
		<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
			{children}
		</svg>
	);
}

export const SendIcon = () => (
	<Icon>
		<path d="M12 19V5M5.5 11.5 12 5l6.5 6.5" />
	</Icon>
);

export const ClipIcon = () => (
	<Icon>
		<path d="m20.5 11.5-8.3 8.3a5.2 5.2 0 0 1-7.4-7.4l8.7-8.7a3.5 3.5 0 0 1 4.9 4.9l-8.6 8.7a1.7 1.7 0 0 1-2.5-2.5l7.9-7.9" />
	</Icon>
);

export const CloseIcon = () => (
	<Icon>
		<path d="M6 6l12 12M18 6 6 18" />
	</Icon>
);

export const DownIcon = () => (
	<Icon>
		<path d="M12 5v14M5.5 12.5 12 19l6.5-6.5" />
	</Icon>
);

export const FileIcon = () => (
	<Icon>
		<path d="M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8zM14 3v5h5" />
	</Icon>
);

export const CheckIcon = () => (
	<Icon>
		<path d="m5 12.5 4.5 4.5L19 7.5" />
	</Icon>
);

export const AlertIcon = () => (
	<Icon>
		<path d="M12 8v5m0 3v.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z" />
	</Icon>
);

export const ClockIcon = () => (
	<Icon>
		<path d="M12 7.5V12l3 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z" />
	</Icon>
);
