import { tiktok } from '../../../src/channels/tiktok';
import { describeChannel } from '../../contracts/channel';
import { subject } from './subject';

describeChannel(tiktok, subject);
