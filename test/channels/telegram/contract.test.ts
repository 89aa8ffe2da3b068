import { telegram } from '../../../src/channels/telegram';
import { describeChannel } from '../../contracts/channel';
import { subject } from './subject';

describeChannel(telegram, subject);
