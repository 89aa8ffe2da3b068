import { sms } from '../../../src/channels/sms';
import { describeChannel } from '../../contracts/channel';
import { subject } from './subject';

describeChannel(sms, subject);
