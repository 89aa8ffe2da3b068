import type { Channel } from '../../core/channel';
import type { InstagramCredential } from './credential';
import { can } from './facts';
import { provider } from './provider';
import { send } from './send';
import { webhook } from './webhook';

/** Direct messages of an Instagram professional account. */
export const instagram: Channel<InstagramCredential> = { id: 'instagram', name: 'Instagram', can, provider, webhook, send };
