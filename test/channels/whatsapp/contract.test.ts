import { whatsapp } from '../../../src/channels/whatsapp';
import { describeChannel } from '../../contracts/channel';
import { subject } from './subject';

describeChannel(whatsapp, subject);
