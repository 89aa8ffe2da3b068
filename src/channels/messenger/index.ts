import type { Channel } from '../../core/channel';
import type { MessengerCredential } from './credential';
import { can } from './facts';
import { provider } from './provider';
import { send } from './send';
import { webhook } from './webhook';

/** Messages of a Facebook Page. */
export const messenger: Channel<MessengerCredential> = { id: 'messenger', name: 'Messenger', can, provider, webhook, send };
