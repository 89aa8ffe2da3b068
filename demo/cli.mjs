// `npm run n8n -- <arguments>`: n8n's own command line, with these nodes, on the demo's home.
import { command, inTerminal } from '../scripts/terminal.mjs';
import { N8N_BIN, n8nEnv } from './n8n-env.mjs';
import { installPackage } from './package-link.mjs';
import { freePort } from './ports.mjs';
import { demoSettings } from './settings.mjs';

await command(async () => {
	const { home, port } = demoSettings(process.env);
	installPackage(home);
	const env = n8nEnv({ home, port, brokerPort: await freePort(), base: process.env });
	return inTerminal(process.execPath, [N8N_BIN, ...process.argv.slice(2)], { env });
});
